import { describe, expect, it } from "@effect/vitest"
import * as Effect from "effect/Effect"
import { spawnSync } from "node:child_process"
import { mkdtempSync, rmSync } from "node:fs"
import { tmpdir } from "node:os"
import { join } from "node:path"
import { handOver } from "./handOver.js"
import * as Switchboard from "./Switchboard.js"

const folder = Effect.acquireRelease(
  Effect.sync(() => mkdtempSync(join(tmpdir(), "switchboard-"))),
  (path) => Effect.sync(() => rmSync(path, { recursive: true }))
)

const hasPython = spawnSync("python3", ["--version"]).status === 0

describe("serve --listen", () => {
  it.scopedLive("listens at several places, and says each as connect reads it", () =>
    Effect.gen(function*() {
      const path = join(yield* folder, "calc.sock")
      const server = yield* Switchboard.start(["serve", "threaded", "--listen", `unix:${path},tcp://127.0.0.1:0`])
      const [, unix, tcp] = yield* server.stdout.find(/^listening on (unix:\S+) .*\nlistening on (tcp:\S+) .*\n/)
      expect(unix).toBe(`unix:${path}`)
      for (const place of [unix!, tcp!]) {
        expect(yield* Switchboard.run(["connect", place, "calc", "22 + 44"])).toEqual({
          code: 0,
          stdout: "66\n",
          stderr: ""
        })
      }
      server.child.kill("SIGTERM")
      expect(yield* server.exit).toEqual({ code: 0, signal: null })
      const nobody = yield* Switchboard.run(["connect", unix!, "calc", "1"])
      expect(nobody).toEqual({
        code: 3,
        stdout: "",
        stderr: `switchboard: Nothing listens on unix:${path}: start the server, or check the path.\n`
      })
    }))

  it.scopedLive.skipIf(!hasPython)(
    "listens at the socket that was handed over, by its name or unasked",
    () =>
      Effect.forEach([["--listen", "fd:calc"], []], (words) =>
        Effect.scoped(Effect.gen(function*() {
          const server = yield* Switchboard.start(["serve", "threaded", ...words], {
            shell: handOver()
          })
          const [, place] = yield* server.stdout.find(/^listening on (tcp:\/\/127\.0\.0\.1:\d+) /)
          expect(yield* Switchboard.run(["connect", place!, "calc", "6 * 7"])).toMatchObject({
            code: 0,
            stdout: "42\n"
          })
        })), { discard: true })
  )

  it.scopedLive.skipIf(!hasPython || process.platform !== "linux")(
    "says the path of a unix socket that was handed over, where there is one",
    () =>
      Effect.gen(function*() {
        const path = yield* folder
        const name = `switchboard-${process.pid}`
        const places: ReadonlyArray<readonly [address: string, said: string]> = [
          [`"${path}/calc.sock"`, `unix:${path}/calc.sock`],
          [`"\\0${name}"`, `unix:@${name}`],
          // Relative to a folder that only its binder knows.
          [`"calc.sock"`, "unix:fd:3"]
        ]
        for (const [address, said] of places) {
          const server = yield* Switchboard.start(["serve", "threaded"], {
            cwd: path,
            shell: (command) => `cd $(mktemp -d -p .) && ${handOver("AF_UNIX", address)(command)}`
          })
          const [, place] = yield* server.stdout.find(/^listening on (\S+) /)
          expect(place).toBe(said)
        }
        expect(yield* Switchboard.run(["connect", `unix:${path}/calc.sock`, "calc", "6 * 7"])).toMatchObject({
          code: 0,
          stdout: "42\n"
        })
      })
  )

  it.effect("refuses what is no place, what was not handed over, and what is said twice", () =>
    Effect.gen(function*() {
      const complaints: ReadonlyArray<readonly [words: ReadonlyArray<string>, sentence: RegExp]> = [
        [["--listen", "nowhere"], /--listen cannot be 'nowhere': a place is tcp:/],
        [["--listen", "unix:/a,tcp://b:99999"], /--listen cannot be 'tcp:\/\/b:99999'/],
        [["--listen", "fd:calc"], /fd:calc was not handed to this process/],
        [["--listen", "unix:/a", "--port", "1"], /--port does not go with --listen/],
        [["--listen", "unix:/a", "--socket-mode", "999"], /--socket-mode must be three octal digits/]
      ]
      for (const [words, sentence] of complaints) {
        const { code, stderr } = yield* Switchboard.run(["serve", "threaded", ...words])
        expect(stderr).toMatch(sentence)
        expect(code).toBe(2)
      }
    }))
})

describe("connect --proxy-protocol", () => {
  it.scopedLive("speaks as a proxy does, for itself, for whom it is told or for nobody, and the server logs that", () =>
    Effect.gen(function*() {
      const server = yield* Switchboard.serve(["threaded", "calc", "--proxy-protocol", "127.0.0.0/8"])
      const place = `tcp://127.0.0.1:${server.port}`
      const headers: ReadonlyArray<readonly [words: ReadonlyArray<string>, accepted: RegExp]> = [
        [["v1"], /event=accepted id=1 peer=127\.0\.0\.1:\d+ open=1 via=127\.0\.0\.1:\d+$/m],
        [["v1", "--proxy-source", "192.0.2.7:4321"], /event=accepted id=2 peer=192\.0\.2\.7:4321 open=1 via=/],
        [["v2", "--proxy-source", "[2001:db8::7]:1"], /event=accepted id=3 peer=\[2001:db8::7\]:1 open=1 via=/],
        [["v2", "--proxy-source", "none"], /event=accepted id=4 peer=127\.0\.0\.1:\d+ open=1$/m]
      ]
      for (const [words, accepted] of headers) {
        const asked = yield* Switchboard.run(["connect", place, "calc", "6 * 7", "--proxy-protocol", ...words])
        expect(asked).toEqual({ code: 0, stdout: "42\n", stderr: "" })
        yield* server.stderr.find(accepted)
      }
    }))

  it.effect("refuses what it cannot say", () =>
    Effect.gen(function*() {
      const complaints: ReadonlyArray<readonly [words: ReadonlyArray<string>, sentence: RegExp]> = [
        [["--proxy-protocol", "v3"], /--proxy-protocol cannot be 'v3': /],
        [
          ["--proxy-protocol", "v1", "--proxy-source", "localhost:1"],
          /--proxy-source must be an IP address and a port/
        ],
        [["--proxy-source", "192.0.2.7:4321"], /--proxy-source goes with --proxy-protocol v1 or v2/]
      ]
      for (const [words, sentence] of complaints) {
        const { code, stderr } = yield* Switchboard.run(["connect", "calc", "1", ...words])
        expect(stderr).toMatch(sentence)
        expect(code).toBe(2)
      }
    }))
})
