import * as Effect from "effect/Effect"
import * as Layer from "effect/Layer"
import { writeSync } from "node:fs"

const end = (error: NodeJS.ErrnoException): void => {
  if (error.code === "EPIPE") process.exit(0)
  writeSync(2, `switchboard: The output cannot be written (${error.code ?? error.message}).\n`)
  process.exit(1)
}

/**
 * What happens when stdout takes no more: a reader that has seen enough (`| head`) ends the program quietly, a disk that
 * is full ends it with a sentence and code 1.
 */
export const layer: Layer.Layer<never> = Layer.scopedDiscard(Effect.acquireRelease(
  Effect.sync(() => process.stdout.on("error", end)),
  (stdout) => Effect.sync(() => stdout.off("error", end))
))
