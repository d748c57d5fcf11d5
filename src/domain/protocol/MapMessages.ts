import * as Either from "effect/Either"
import { dual } from "effect/Function"
import type { Framing } from "../Framing.js"
import { map as mapFraming } from "../framing/Map.js"
import type { Protocol } from "./Machine.js"
import { withFraming } from "./Machine.js"

/**
 * How a protocol's messages are made of others, and others of its own.
 *
 * @since 0.2.0
 * @category models
 */
export interface Messages<in out In2, in out Out2, out In, in Out> {
  /** What comes, and what is sent. */
  readonly framing: Framing<In2, Out2>
  /** What the protocol is told of a message. */
  readonly in: (message: In2) => In
  /** What is sent of what the protocol says. */
  readonly out: (message: Out) => Out2
}

/**
 * The same protocol with other messages, each made of one of its own, in a framing of theirs. Where a message may be wrong,
 * it is `Framing.map` or `Framing.schema` that can say so; then `withFraming` takes it.
 *
 * @example
 * ```ts
 * import { Calc, Framing, Protocol } from "effect-switchboard"
 *
 * // {"ask":"1+1"} is answered with {"answer":"2"}.
 * const json = Protocol.map(Calc.protocol, {
 *   framing: Framing.ndjson,
 *   in: (message) => String((message as { readonly ask?: unknown }).ask),
 *   out: (answer: string) => ({ answer })
 * })
 * ```
 *
 * @since 0.2.0
 * @category combinators
 */
export const map: {
  <In2, Out2, In, Out>(
    messages: Messages<In2, Out2, In, Out>
  ): <E, R>(self: Protocol<In, Out, E, R>) => Protocol<In, Out, E, R>
  <In2, Out2, In, Out, E, R>(
    self: Protocol<In, Out, E, R>,
    messages: Messages<In2, Out2, In, Out>
  ): Protocol<In, Out, E, R>
} = dual(
  2,
  <In2, Out2, In, Out, E, R>(
    self: Protocol<In, Out, E, R>,
    messages: Messages<In2, Out2, In, Out>
  ): Protocol<In, Out, E, R> =>
    withFraming(
      self,
      mapFraming(messages.framing, {
        decode: (message) => Either.right(messages.in(message)),
        encode: messages.out
      })
    )
)
