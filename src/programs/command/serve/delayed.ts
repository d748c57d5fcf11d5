import * as Duration from "effect/Duration"
import * as Effect from "effect/Effect"
import * as Random from "effect/Random"
import type { Protocol } from "../../../domain/Protocol.js"

/**
 * The protocol, with each message's turn preceded by a wait: `delay`, and by chance up to `jitter` more. It is a part of the
 * turn, so that whoever waits for the turn waits for it, too. What the protocol says unasked is not delayed.
 */
export const delayed = <In, Out, E, R>(
  protocol: Protocol<In, Out, E, R>,
  delay: Duration.Duration,
  jitter: Duration.Duration
): Protocol<In, Out, E, R> => {
  const [least, more] = [Duration.toMillis(delay), Duration.toMillis(jitter)]
  if (least + more === 0) return protocol
  const { machine } = protocol
  const wait = Effect.flatMap(Random.next, (chance) => Effect.sleep(least + chance * more))
  return {
    ...protocol,
    machine: {
      ...machine,
      receive: (state, message) => Effect.zipRight(wait, Effect.suspend(() => machine.receive(state, message)))
    }
  }
}
