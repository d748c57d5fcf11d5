// Ensure that what Bun runs keeps what is promised of sockets: the suite of the transports by its own runner, and the command.
import { describe, expect, it } from "@effect/vitest"
import * as Effect from "effect/Effect"
import { build } from "esbuild"
import { spawn, spawnSync } from "node:child_process"
import { once } from "node:events"
import { mkdirSync, mkdtempSync, rmSync } from "node:fs"
import { connect } from "node:net"
import { join } from "node:path"
import { createInterface } from "node:readline"
import { fileURLToPath, pathToFileURL } from "node:url"

const root = fileURLToPath(new URL("../..", import.meta.url))

const isMissing = spawnSync("bun", ["--version"]).status !== 0

/** A folder among the packages, where a program finds them. */
const folder = Effect.acquireRelease(
  Effect.sync(() => {
    const place = join(root, "node_modules/.examples")
    mkdirSync(place, { recursive: true })
    return mkdtempSync(join(place, "bun-"))
  }),
  (path) => Effect.sync(() => rmSync(path, { recursive: true }))
)

/** The suite with its sources, in one file. */
const bundle = (outfile: string) =>
  Effect.promise(() =>
    build({
      absWorkingDir: root,
      entryPoints: ["test/services/transports.test.ts"],
      outfile,
      bundle: true,
      packages: "external",
      format: "esm",
      platform: "node",
      alias: { "@effect/vitest": "./test/fixtures/bun/vitest.mjs" },
      external: ["bun:test"],
      // What is read is beside the file that reads it.
      define: {
        "import.meta.url": JSON.stringify(pathToFileURL(join(root, "test/behaviours/support/certificates.ts")).href)
      }
    })
  )

/** The command's server in a process of Bun's, by the protocol `echo` in lines; killed when the scope closes. */
const serve = (...options: ReadonlyArray<string>) =>
  Effect.acquireRelease(
    Effect.promise(async () => {
      const words = ["dist/main.js", "serve", "threaded", "echo", "--framing", "line", "--port", "0", ...options]
      const child = spawn("bun", words, { cwd: root, stdio: ["ignore", "pipe", "ignore"] })
      const [line] = await once(createInterface({ input: child.stdout }), "line")
      return { child, port: Number(/:(\d+) /.exec(line)![1]) }
    }),
    ({ child }) => Effect.sync(() => child.kill("SIGKILL"))
  )

/** Asks, and finishes where it is to; gives all that comes. */
const ask = (port: number, text: string, { finishes = false, asked = () => {} } = {}) =>
  Effect.async<string>((resume) => {
    const socket = connect({ port, host: "127.0.0.1", allowHalfOpen: true })
    let said = ""
    socket.setEncoding("utf8").on("data", (more: string) => {
      said += more
    })
    socket.on("error", (error) => resume(Effect.die(error)))
    socket.on("end", () => {
      socket.end()
      resume(Effect.succeed(said))
    })
    socket.write(text, asked)
    if (finishes) socket.end()
  })

const everybody = Array.from({ length: 20 }, (_, index) => index)

describe.skipIf(isMissing)("under Bun", () => {
  it.scopedLive(
    "every promise of the transports is kept, on Bun's own sockets and on those above them",
    () =>
      Effect.gen(function*() {
        const outfile = join(yield* folder, "transports.test.mjs")
        yield* bundle(outfile)
        const { status, stderr } = spawnSync("bun", ["test", outfile], { encoding: "utf8" })
        expect(stderr).toMatch(/\n 0 fail\n/)
        expect(Number(/\n (\d+) pass\n/.exec(stderr)?.[1])).toBeGreaterThan(80)
        expect(status).toBe(0)
      }),
    60_000
  )

  it.scopedLive("serve answers who has finished, and at the stop what it has received", () =>
    Effect.gen(function*() {
      const { child, port } = yield* serve("--delay", "100 millis")
      const finished = yield* Effect.forEach(everybody, (n) => ask(port, `${n}\n`, { finishes: true }), {
        concurrency: "unbounded"
      })
      expect(finished).toEqual(everybody.map((n) => `${n}\n`))
      let left = everybody.length
      const asked = (): void => {
        // The first reply shows that the server has them all.
        if (--left === 0) {
          Effect.runFork(Effect.tap(ask(port, "first\n", { finishes: true }), () => child.kill("SIGTERM")))
        }
      }
      const remaining = yield* Effect.forEach(everybody, (n) => ask(port, `${n}\n${n}\n`, { asked }), {
        concurrency: "unbounded"
      })
      expect(remaining).toEqual(everybody.map((n) => `${n}\n${n}\n`))
      expect(child.exitCode ?? (yield* Effect.promise(() => once(child, "exit")))[0]).toBe(0)
    }))

  it.scopedLive("serve lets nobody in who is denied", () =>
    Effect.gen(function*() {
      const { port } = yield* serve("--deny", "127.0.0.0/8")
      const code = yield* Effect.async<unknown>((resume) => {
        connect(port, "127.0.0.1").on("error", ({ code }: NodeJS.ErrnoException) => resume(Effect.succeed(code)))
      })
      expect(code).toBe("ECONNRESET")
    }))
})
