/** The built command in a pseudo-terminal of 80 columns and 24 rows, made by `script`. */
import * as Effect from "effect/Effect"
import type * as Scope from "effect/Scope"
import { spawn } from "node:child_process"
import { mkdtempSync, rmSync } from "node:fs"
import { tmpdir } from "node:os"
import { join } from "node:path"
import * as Switchboard from "./Switchboard.js"

export interface Terminal {
  readonly type: (keys: string) => Effect.Effect<void>
  /** Waits until what has been shown since the last wait has the pattern. */
  readonly shows: (pattern: RegExp) => Effect.Effect<RegExpExecArray>
  /** All that was shown. */
  readonly text: () => string
}

export const key = {
  ctrlC: "\x03",
  ctrlD: "\x04",
  ctrlQ: "\x11",
  ctrlS: "\x13",
  ctrlZ: "\x1a",
  ctrlR: "\x12",
  left: "\x1b[D",
  tab: "\t",
  up: "\x1b[A",
  enter: "\r"
} as const

/** A folder of the test's own. */
export const folder: Effect.Effect<string, never, Scope.Scope> = Effect.acquireRelease(
  Effect.sync(() => mkdtempSync(join(tmpdir(), "switchboard-"))),
  (path) => Effect.sync(() => rmSync(path, { recursive: true }))
)

/** Runs a line of shell. */
export const run = (
  line: string,
  env: Readonly<Record<string, string>> = {}
): Effect.Effect<Terminal, never, Scope.Scope> =>
  Effect.gen(function*() {
    const child = yield* Effect.acquireRelease(
      Effect.sync(() =>
        spawn("script", ["--quiet", "--return", "--command", `stty cols 80 rows 24; ${line}`, "/dev/null"], {
          env: {
            PATH: process.env["PATH"],
            HOME: "/nonexistent",
            XDG_CONFIG_HOME: "/nonexistent",
            XDG_STATE_HOME: "/nonexistent",
            TERM: "xterm-256color",
            SHELL: "/bin/sh",
            ...env
          }
        })
      ),
      (child) => Effect.sync(() => child.kill("SIGKILL"))
    )
    let text = ""
    let seen = 0
    let look: (() => void) | undefined = undefined
    child.stdout.setEncoding("utf8").on("data", (chunk: string) => {
      text += chunk
      look?.()
    })
    return {
      type: (keys) => Effect.sync(() => void child.stdin.write(keys)),
      shows: (pattern) =>
        Effect.async((resume) => {
          look = () => {
            const match = pattern.exec(text.slice(seen))
            if (match === null) return
            look = undefined
            seen += match.index + match[0].length
            resume(Effect.succeed(match))
          }
          look()
        }),
      text: () => text
    }
  })

/** The command `connect`, as a line of shell. */
export const connect = (port: number, ...args: ReadonlyArray<string>): string =>
  [process.execPath, Switchboard.main, "connect", "--port", port, ...args].join(" ")
