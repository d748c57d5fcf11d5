// Ensure that the chapter "Every core" of docs/deploying.md can be followed.
import { expect, it } from "@effect/vitest"
import * as Effect from "effect/Effect"
import { existsSync, mkdtempSync, readFileSync, rmSync, symlinkSync } from "node:fs"
import { tmpdir } from "node:os"
import { join } from "node:path"
import { fileURLToPath } from "node:url"
import * as Peer from "../cli/Peer.js"
import * as Switchboard from "../cli/Switchboard.js"

const root = fileURLToPath(new URL("../..", import.meta.url))
const [, chapter] = /^## Every core\n([^]*?)^## /m.exec(readFileSync(join(root, "docs/deploying.md"), "utf8"))!
const [begin, reload, end] = Array.from(chapter!.matchAll(/^```sh\n([^]*?)^```$/gm), ([, block]) => block!)

const folder = Effect.acquireRelease(
  Effect.sync(() => {
    const path = mkdtempSync(join(tmpdir(), "switchboard-"))
    for (const name of ["dist", "package.json"]) symlinkSync(join(root, name), join(path, name))
    return path
  }),
  (path) =>
    Effect.sync(() => {
      // The server is no shell's, and is to go also where the test has failed.
      const pidFile = join(path, "server.pid")
      if (existsSync(pidFile)) process.kill(Number(readFileSync(pidFile, "utf8")), "SIGKILL")
      rmSync(path, { recursive: true })
    })
)

it.scopedLive("The commands of the chapter do what it says", () =>
  Effect.gen(function*() {
    const cwd = yield* folder
    const run = (commands: string) =>
      Switchboard.start([], {
        cwd,
        env: { SWITCHBOARD_PORT: "0" },
        // In the place of the command itself, which the block names.
        shell: () => commands.replaceAll("node ", `${process.execPath} `)
      })
    const server = yield* run(begin!)
    const [, port] = yield* server.stdout.find(/^listening on tcp:\/\/127\.0\.0\.1:(\d+) .*2 workers/)
    const ask = Effect.scoped(
      Effect.gen(function*() {
        const peer = yield* Peer.connect(Number(port))
        yield* peer.send("?\n")
        return yield* peer.received(5)
      })
    )
    expect(yield* ask).toBe("1: ?\n")
    yield* Effect.flatMap(run(reload!), ({ exit }) => exit)
    yield* server.stderr.find(/event=reloaded/)
    expect(yield* ask).toBe("2: ?\n")
    expect(yield* Effect.flatMap(run(end!), ({ exit }) => exit)).toEqual({ code: 0, signal: null })
    // Its output ends when it does.
    yield* server.exit
    expect(server.stderr.text).toMatch(/event=stopped/)
  }))
