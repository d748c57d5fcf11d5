import { describe, expect, it } from "@effect/vitest"
import * as Effect from "effect/Effect"
import { spawnSync } from "node:child_process"
import { mkdtempSync, rmSync } from "node:fs"
import { tmpdir } from "node:os"
import { join } from "node:path"
import * as Switchboard from "./Switchboard.js"

const folder = Effect.acquireRelease(
  Effect.sync(() => mkdtempSync(join(tmpdir(), "switchboard-"))),
  (path) => Effect.sync(() => rmSync(path, { recursive: true }))
)

/** Hands a listening socket over, as systemd does: it is descriptor 3, and the environment says for whom. */
const handOver = `
import os, socket, sys
listening = socket.socket()
listening.bind(("127.0.0.1", 0))
listening.listen()
os.dup2(listening.fileno(), 3)
os.set_inheritable(3, True)
os.environ.update(LISTEN_FDS="1", LISTEN_FDNAMES="calc", LISTEN_PID=str(os.getpid()))
os.execvp(sys.argv[1], sys.argv[1:])`

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
            shell: (command) => `exec python3 -c '${handOver}' ${command}`
          })
          const [, place] = yield* server.stdout.find(/^listening on (tcp:\/\/127\.0\.0\.1:\d+) /)
          expect(yield* Switchboard.run(["connect", place!, "calc", "6 * 7"])).toMatchObject({
            code: 0,
            stdout: "42\n"
          })
        })), { discard: true })
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
