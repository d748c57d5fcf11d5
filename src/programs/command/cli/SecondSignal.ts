import * as Effect from "effect/Effect"
import * as Layer from "effect/Layer"
import { constants } from "node:os"

/** The first signal ends the program in good order; this makes the second end it at once. */
export const layer: Layer.Layer<never> = Layer.scopedDiscard(Effect.acquireRelease(
  Effect.sync(() => {
    let signals = 0
    const listener = (signal: "SIGINT" | "SIGTERM"): void => {
      if (++signals > 1) process.exit(128 + constants.signals[signal])
    }
    process.on("SIGINT", listener)
    process.on("SIGTERM", listener)
    return listener
  }),
  (listener) =>
    Effect.sync(() => {
      process.off("SIGINT", listener)
      process.off("SIGTERM", listener)
    })
))
