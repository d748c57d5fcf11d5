/** A conversation as server-sent events. */
import * as Stream from "effect/Stream"
import type { Said } from "./Administration.js"
import { event } from "./events.js"

/** - `said`: what was said, some at a time, and at last that it is over. While nothing is said, a comment is a sign of life. */
export const events = (said: Stream.Stream<ReadonlyArray<Said>>): Stream.Stream<Uint8Array> => {
  let silent = 0
  const written = Stream.mapConcat(said, (some) => {
    if (some.length > 0) {
      silent = 0
      return [event("said", some)]
    }
    return ++silent % signOfLife === 1 ? [": nothing\n\n"] : []
  })
  return Stream.encodeText(written)
}

/** Of so many times that nothing was said, one is told. */
const signOfLife = 25
