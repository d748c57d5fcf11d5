/**
 * The client's side of a conversation: how a request is made ready, and what becomes of a reply.
 *
 * @since 0.1.0
 */
import type * as Effect from "effect/Effect"
import type { Framing } from "./Framing.js"

/**
 * @since 0.1.0
 * @category models
 */
export interface ClientProtocol<in Request, out Reply, In, Out = In, out E = never, out R = never> {
  readonly name: string
  readonly framing: Framing<In, Out>
  /** Makes the message to send. */
  readonly prepare: (request: Request) => Effect.Effect<Out, E, R>
  /** Makes of the server's message what the caller wants. */
  readonly process: (message: In) => Effect.Effect<Reply, E, R>
}

/**
 * @example
 * ```ts
 * import { ClientProtocol, Framing } from "effect-switchboard"
 * import { Effect } from "effect"
 *
 * const adder = ClientProtocol.make({
 *   name: "adder",
 *   framing: Framing.auto,
 *   prepare: (terms: ReadonlyArray<number>) => Effect.succeed(terms.join(" + ")),
 *   process: (reply) => Effect.succeed(Number(reply))
 * })
 * ```
 *
 * @since 0.1.0
 * @category constructors
 */
export const make = <Request, Reply, In, Out, E = never, R = never>(
  protocol: ClientProtocol<Request, Reply, In, Out, E, R>
): ClientProtocol<Request, Reply, In, Out, E, R> => protocol
