/**
 * The client's side of a conversation: how a request is made ready, and what becomes of a reply.
 *
 * @since 0.1.0
 * @module
 */
import type * as Effect from "effect/Effect"
import { dual } from "effect/Function"
import type { Framing } from "./Framing.js"

/**
 * What a client says and hears: how a request becomes a message, and the server's message a reply.
 *
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
 * Makes a client protocol of its parts. It changes nothing of them: it is there so that their types are inferred.
 *
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

const isFraming = (value: unknown): boolean =>
  typeof value === "object" && value !== null && "open" in value && typeof value.open === "function"

/**
 * Whether a value, such as a module's default export, has the shape of a client protocol.
 *
 * @since 0.1.0
 * @category guards
 */
export const isClientProtocol = (
  value: unknown
): value is ClientProtocol<unknown, unknown, unknown, unknown, unknown> =>
  typeof value === "object" && value !== null && "prepare" in value && typeof value.prepare === "function"
  && "process" in value && typeof value.process === "function" && "framing" in value && isFraming(value.framing)

/**
 * The same protocol in another framing of the same messages.
 *
 * @since 0.1.0
 * @category combinators
 */
export const withFraming: {
  <In, Out>(
    framing: Framing<In, Out>
  ): <Request, Reply, E, R>(
    self: ClientProtocol<Request, Reply, In, Out, E, R>
  ) => ClientProtocol<Request, Reply, In, Out, E, R>
  <Request, Reply, In, Out, E, R>(
    self: ClientProtocol<Request, Reply, In, Out, E, R>,
    framing: Framing<In, Out>
  ): ClientProtocol<Request, Reply, In, Out, E, R>
} = dual(
  2,
  <Request, Reply, In, Out, E, R>(
    self: ClientProtocol<Request, Reply, In, Out, E, R>,
    framing: Framing<In, Out>
  ): ClientProtocol<Request, Reply, In, Out, E, R> => ({ ...self, framing })
)
