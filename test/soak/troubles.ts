/** What befalls a server's process, besides its clients. */
import * as Effect from "effect/Effect"
import type { PCGRandom } from "effect/Utils"
import * as faketime from "../behaviours/support/faketime.js"
import type { Limits } from "./Case.js"
import { longest, shuffled } from "./Case.js"
import type { ServerUnderTest } from "./ServerUnderTest.js"

/** The longest that a process is stopped, in milliseconds: over all limits, but the defaults of half a minute. */
const longestStop = 2000

/** Between two troubles, in milliseconds: who is owed an answer must have it before the next. */
const between = 600

const hour = 3600

/** Each trouble once, in the order of that chance, with time after each. */
export const troubles = (server: ServerUnderTest, limits: Limits, random: PCGRandom): Effect.Effect<void> => {
  const all = [
    Effect.void,
    server.stop(200),
    server.stop(Math.min(longest(limits) + 300, longestStop)),
    ...(faketime.library !== undefined ? [server.stepClock(hour), server.stepClock(-hour)] : [])
  ]
  return Effect.forEach(shuffled(all, random), (trouble) => Effect.zipRight(trouble, Effect.sleep(between)), {
    discard: true
  })
}
