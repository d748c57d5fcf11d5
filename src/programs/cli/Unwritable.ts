import * as Effect from "effect/Effect"
import * as Layer from "effect/Layer"
import { writeSync } from "node:fs"

/**
 * What happens when stdout takes no more: a reader that has seen enough (`| head`) ends the program quietly, a disk that
 * is full ends it with a sentence and code 1.
 */
export const layer: Layer.Layer<never> = Layer.scopedDiscard(Effect.acquireRelease(
  Effect.sync(() => {
    const listener = (error: NodeJS.ErrnoException): void => {
      if (error.code === "EPIPE") process.exit(0)
      writeSync(2, `switchboard: The output cannot be written (${error.code ?? error.message}).\n`)
      process.exit(1)
    }
    process.stdout.on("error", listener)
    return listener
  }),
  (listener) => Effect.sync(() => process.stdout.off("error", listener))
))
