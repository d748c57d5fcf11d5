import * as Effect from "effect/Effect"

/** Lets Node go round once: whatever has arrived is read before it returns. */
export const poll: Effect.Effect<void> = Effect.async((resume) => {
  const immediate = setImmediate(() => resume(Effect.void))
  return Effect.sync(() => clearImmediate(immediate))
})
