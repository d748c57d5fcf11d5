import { describe, expect, it } from "@effect/vitest"
import * as Effect from "effect/Effect"
import { spawn, spawnSync } from "node:child_process"
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs"
import { connect } from "node:net"
import { tmpdir } from "node:os"
import { join } from "node:path"
import { fileURLToPath } from "node:url"
import { Output } from "./Output.js"
import * as Switchboard from "./Switchboard.js"

const has = (program: string): boolean => spawnSync(program, ["--version"]).status === 0

const canNotify = has("systemd-notify") && has("python3")
const hasAnalyze = has("systemd-analyze")
if (!canNotify) console.warn("SKIPPED: what systemd is told (apt-get install systemd python3).")
if (!hasAnalyze) console.warn("SKIPPED: the unit as systemd reads it (apt-get install systemd).")

const unit = fileURLToPath(new URL("../../docs/switchboard.service", import.meta.url))

const folder = Effect.acquireRelease(
  Effect.sync(() => mkdtempSync(join(tmpdir(), "switchboard-"))),
  (path) => Effect.sync(() => rmSync(path, { recursive: true }))
)

/** Prints what it is told, and how long it was told nothing. */
const receiver = `
import socket, sys
receiver = socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM)
receiver.bind(sys.argv[1])
receiver.settimeout(1)
print("bound", flush=True)
while True:
  try: print(receiver.recv(4096).decode().replace("\\n", " "), flush=True)
  except TimeoutError: print("silence", flush=True)
`

const manager = (path: string) =>
  Effect.gen(function*() {
    const child = yield* Effect.acquireRelease(
      Effect.sync(() => spawn("python3", ["-c", receiver, path], { stdio: ["ignore", "pipe", "inherit"] })),
      (child) => Effect.sync(() => child.kill("SIGKILL"))
    )
    const told = new Output(child.stdout)
    yield* told.find(/^bound\n/)
    return told
  })

describe("Under systemd", () => {
  it.scopedLive.skipIf(!canNotify)(
    "the server says that it is ready, reloads, is alive and stops; one that is stuck says nothing",
    () =>
      Effect.gen(function*() {
        const path = yield* folder
        const socket = join(path, "notify")
        const told = yield* manager(socket)
        const module = join(path, "stuck.mjs")
        writeFileSync(module, "export default (text) => { while (text === 'stuck'); return text }\n")
        const env = { NOTIFY_SOCKET: socket, WATCHDOG_USEC: "200000" }
        const server = yield* Switchboard.serve(["threaded", module, "--workers", "1"], {
          env: { ...env, WATCHDOG_USEC: "2000000" }
        })
        yield* told.find(/^READY=1 STATUS=1 worker, serving at tcp:\/\/127\.0\.0\.1:\d+$/m)
        server.child.kill("SIGHUP")
        yield* told.find(/^RELOADING=1 MONOTONIC_USEC=\d+ [^]*^READY=1 /m)
        const one = connect(server.port, "127.0.0.1").on("error", () => {})
        one.write("stuck\n")
        yield* server.stderr.find(/event=worker-stuck[^]*event=worker-died .*signal=SIGKILL/)
        one.destroy()
        server.child.kill("SIGTERM")
        yield* told.find(/^STOPPING=1 /m)
        expect(yield* server.exit).toEqual({ code: 0, signal: null })

        const other = yield* Switchboard.serve(["threaded", module], { env })
        yield* told.find(/STOPPING=1[^]*^READY=1 STATUS=serving at tcp:\/\/127\.0\.0\.1:\d+$[^]*(WATCHDOG=1[^]*){3}/m)
        const client = connect(other.port, "127.0.0.1").on("error", () => {})
        client.write("stuck\n")
        yield* told.find(/STOPPING=1[^]*READY=1[^]*silence/)
        client.destroy()
      })
  )

  it.scopedLive.skipIf(!canNotify)("one that cannot tell says so, and serves", () =>
    Effect.gen(function*() {
      const env = { NOTIFY_SOCKET: "/nonexistent", PATH: "/nonexistent" }
      const server = yield* Switchboard.serve(["threaded"], { env })
      yield* server.stderr.find(/level=WARN .*message="systemd cannot be told .*: there is no program systemd-notify"/)
      expect((yield* Switchboard.run(["connect", "calc", "1", "--port", `${server.port}`])).stdout).toBe("1\n")
    }))
})

describe.skipIf(!hasAnalyze)("docs/switchboard.service", () => {
  it("is what systemd understands", () => {
    const path = mkdtempSync(join(tmpdir(), "switchboard-"))
    try {
      const copy = join(path, "switchboard.service")
      // Node is elsewhere here.
      writeFileSync(copy, readFileSync(unit, "utf8").replace("/usr/bin/node", process.execPath))
      const { status, stderr } = spawnSync("systemd-analyze", ["verify", copy], { encoding: "utf8" })
      expect({ status, stderr }).toEqual({ status: 0, stderr: "" })
    } finally {
      rmSync(path, { recursive: true })
    }
  })

  it("leaves the server few rights: an exposure of 2.0 at the most", () => {
    const words = ["security", "--offline=true", "--threshold=20", "--no-pager", unit]
    const { status, stdout } = spawnSync("systemd-analyze", words, { encoding: "utf8" })
    expect(stdout).toMatch(/Overall exposure level for switchboard\.service: \d\.\d/)
    expect(status).toBe(0)
  })
})
