/** A wall clock that a process has for itself, by libfaketime (Debian's package `faketime`). */
import * as Effect from "effect/Effect"
import type * as Scope from "effect/Scope"
import { existsSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from "node:fs"
import { tmpdir } from "node:os"
import { join } from "node:path"

const folders = readdirSync("/usr/lib").map((name) => `/usr/lib/${name}/faketime`)

/** Undefined where it is not installed. */
export const library = folders.map((folder) => join(folder, "libfaketimeMT.so.1")).find((path) => existsSync(path))

export interface WallClock {
  /** What the process's environment needs for it; nothing where the library is not installed. */
  readonly env: Readonly<Record<string, string>>
  /** Sets it to so many seconds beside the right time. */
  readonly set: (seconds: number) => Effect.Effect<void>
}

/** The process looks at most so many seconds later what its clock is; with 0 each time that it asks, which costs it more. */
export const make = (cache: number): Effect.Effect<WallClock, never, Scope.Scope> =>
  Effect.gen(function*() {
    const folder = yield* Effect.acquireRelease(
      Effect.sync(() => mkdtempSync(join(tmpdir(), "clock-"))),
      (folder) => Effect.sync(() => rmSync(folder, { recursive: true }))
    )
    const file = join(folder, "offset")
    const set = (seconds: number) => Effect.sync(() => writeFileSync(file, `${seconds < 0 ? "" : "+"}${seconds}\n`))
    yield* set(0)
    return {
      set,
      env: library === undefined ? {} : {
        LD_PRELOAD: library,
        FAKETIME_TIMESTAMP_FILE: file,
        FAKETIME_DONT_FAKE_MONOTONIC: "1",
        ...(cache === 0 ? { FAKETIME_NO_CACHE: "1" } : { FAKETIME_CACHE_DURATION: String(cache) })
      }
    }
  })
