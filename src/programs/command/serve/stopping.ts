import * as Duration from "effect/Duration"
import * as Effect from "effect/Effect"
import type { Report, Server } from "../../server/Server.js"

/**
 * Stops the server: for `delay` it says that it is not ready and serves on, then it stops listening. Whoever else asks for
 * the stop meanwhile waits for no longer than that.
 */
export const stopping = (server: Server, delay: Duration.Duration, unready: () => void): Effect.Effect<Report> => {
  let began: number | undefined = undefined
  return Effect.flatMap(Effect.clock, (clock) =>
    Effect.suspend(() => {
      const now = clock.unsafeCurrentTimeMillis()
      if (began === undefined) {
        began = now
        unready()
      }
      const left = Duration.toMillis(delay) - (now - began)
      if (left <= 0) return server.stop
      const tell = Effect.logInfo(
        `stopping: not ready, and listening for ${Duration.format(Duration.millis(left))} more`
      )
      return Effect.zipRight(Effect.zipRight(tell, Effect.sleep(left)), server.stop)
    }))
}
