import * as Duration from "effect/Duration"
import * as Effect from "effect/Effect"
import type { Served } from "../../../server/Server.js"

/** Handshakes under way take no longer than this, as a rule. */
const least = Duration.millis(500)

const most = Duration.seconds(5)

const look = Duration.millis(25)

/**
 * Waits for the clients that have come in, and whose first request may still be under way: who connects to ask must find an
 * answer. Who says nothing is not waited for longer than five seconds, or half of the drain's time.
 */
export const firstRequests = (
  clients: Effect.Effect<ReadonlyArray<Served>>,
  drainTimeout: Duration.Duration
): Effect.Effect<void> => {
  const patience = Duration.min(most, Duration.times(drainTimeout, 0.5))
  const asked: Effect.Effect<void> = Effect.flatMap(
    clients,
    (clients) => clients.every(({ requests }) => requests > 0) ? Effect.void : Effect.delay(asked, look)
  )
  return Effect.timeoutOption(Effect.zipRight(Effect.sleep(least), asked), patience).pipe(Effect.asVoid)
}
