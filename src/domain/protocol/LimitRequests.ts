import * as Effect from "effect/Effect"
import { dual } from "effect/Function"
import * as Done from "../Done.js"
import type { Protocol } from "./Machine.js"
import { holding, remade } from "./Wrapped.js"

/** How many messages are still taken. */
interface Count {
  left: number
}

/**
 * So many messages of each connection are answered, and then it is closed: when all that is owed for them is sent. What the
 * peer has sent behind them is not read. So nobody keeps a connection for ever, and a balancer in front of several servers
 * has a say again. Throws a RangeError where the limit is no whole number from 1 on.
 *
 * @example
 * ```ts
 * import { Echo, Protocol } from "effect-switchboard"
 *
 * const brief = Protocol.limitRequests(Echo.protocol, 1000)
 * ```
 *
 * @since 0.2.0
 * @category combinators
 */
export const limitRequests: {
  (limit: number): <In, Out, E, R>(self: Protocol<In, Out, E, R>) => Protocol<In, Out, E, R>
  <In, Out, E, R>(self: Protocol<In, Out, E, R>, limit: number): Protocol<In, Out, E, R>
} = dual(2, <In, Out, E, R>(self: Protocol<In, Out, E, R>, limit: number): Protocol<In, Out, E, R> => {
  if (!Number.isInteger(limit) || limit < 1) throw new RangeError(`a limit of requests is from 1 on, not ${limit}`)
  return remade(self, (machine) => {
    const held = holding<Count>(machine, () => Effect.sync(() => ({ left: limit })), (_, turn) => turn)
    return {
      ...held,
      receive: (state, message) => {
        const turn = held.receive!(state, message)
        const isLast = --(state as { readonly own: Count }).own.left <= 0
        return isLast ? Done.map(turn, (turn) => ({ ...turn, close: turn.close || "answered" })) : turn
      }
    }
  })
})
