import { describe, expect, it } from "@effect/vitest"
import * as Effect from "effect/Effect"
import * as Fiber from "effect/Fiber"
import * as TestClock from "effect/TestClock"
import { mkdtempSync, rmSync, writeFileSync } from "node:fs"
import { tmpdir } from "node:os"
import { join } from "node:path"
import { load } from "../../../../src/programs/command/arguments/protocolModule.js"

describe("A module", () => {
  it.scoped("whose top-level await never settles is given up after 10 seconds", () =>
    Effect.gen(function*() {
      const folder = yield* Effect.acquireRelease(
        Effect.sync(() => mkdtempSync(join(tmpdir(), "switchboard-"))),
        (path) => Effect.sync(() => rmSync(path, { recursive: true }))
      )
      const path = join(folder, "never.mjs")
      writeFileSync(path, "await new Promise(() => {})\n")
      const loading = yield* Effect.fork(Effect.flip(load(path)))
      yield* TestClock.adjust(10_000)
      expect((yield* Fiber.join(loading)).message).toBe(
        `The module ${path} is not loaded after 10 seconds: it awaits something that does not come.`
      )
    }))
})
