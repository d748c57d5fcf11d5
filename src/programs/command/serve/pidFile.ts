import * as Effect from "effect/Effect"
import type * as Scope from "effect/Scope"
import { readFileSync, renameSync, rmSync, writeFileSync } from "node:fs"
import { UsageError } from "../arguments/UsageError.js"

/** Until the scope closes, the number of this process stands there; the file of a dead server is written over. */
export const pidFile = (path: string): Effect.Effect<void, UsageError, Scope.Scope> => {
  const content = `${process.pid}\n`
  return Effect.acquireRelease(
    Effect.try({
      try: () => {
        // Whoever reads it meanwhile finds the whole number.
        const draft = `${path}.${process.pid}`
        writeFileSync(draft, content)
        renameSync(draft, path)
      },
      catch: (cause) =>
        new UsageError({ message: `The file ${path} (--pid-file) cannot be written: ${(cause as Error).message}.` })
    }),
    () =>
      Effect.sync(() => {
        try {
          // Another server may have taken it over.
          if (readFileSync(path, "utf8") === content) rmSync(path)
        } catch {
          // Somebody has removed it: that was to be done.
        }
      })
  )
}
