import * as Effect from "effect/Effect"
import { namedModel } from "../arguments/namedModel.js"
import { UsageError } from "../arguments/UsageError.js"
import type { Settings } from "./Settings.js"

/** Models that serve one client at a time. */
const lonely = new Set(["once", "iterative", "single"])

/** How many workers there are to be, if they can share what these settings ask for. */
export const check = (
  { model, options: { inetd, maxConnections, workers } }: Settings
): Effect.Effect<number, UsageError> =>
  Effect.gen(function*() {
    const { name } = yield* namedModel(model)
    const { source, value: count = 1 } = workers
    if (count > 1 && lonely.has(name)) {
      return yield* new UsageError({
        message: `${source} ${workers.text} does not go with ${name}, which serves one client at a time: `
          + "leave it out, or choose threaded or select."
      })
    }
    if (inetd.value) {
      return yield* new UsageError({
        message: `${source} does not go with ${inetd.source}, which serves one connection: leave out one of them.`
      })
    }
    if (maxConnections.value < count) {
      return yield* new UsageError({
        message:
          `${maxConnections.source} ${maxConnections.text} is less than the ${count} workers: each takes one at the least.`
      })
    }
    return count
  })
