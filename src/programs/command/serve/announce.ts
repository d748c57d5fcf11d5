import * as Effect from "effect/Effect"
import type * as Scope from "effect/Scope"
import * as Descriptor from "../console/Descriptor.js"

/** Writes on standard output. A server that nobody listens to there, or whose disk is full, serves all the same. */
export const write = (text: string): Effect.Effect<void, never, Scope.Scope> =>
  Effect.map(
    Effect.acquireRelease(
      Effect.sync(() => Descriptor.open(process.stdout)),
      (descriptor) => Effect.sync(() => descriptor.close())
    ),
    (descriptor) => descriptor.write(Buffer.from(text), () => {})
  )

/** Says where the server listens, a line for each place. */
export const announce = (
  places: ReadonlyArray<string>,
  words: ReadonlyArray<string>
): Effect.Effect<void, never, Scope.Scope> =>
  write(places.map((place) => `listening on ${place} (${words.join(", ")})\n`).join(""))
