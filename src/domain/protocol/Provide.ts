import * as Context from "effect/Context"
import * as Effect from "effect/Effect"
import { dual } from "effect/Function"
import * as Layer from "effect/Layer"
import * as Stream from "effect/Stream"
import type { Protocol } from "./Machine.js"
import type { Around } from "./Wrapped.js"
import { around, remade } from "./Wrapped.js"

/** The services of a context, for all that runs in it. */
const within = (context: Context.Context<unknown>): Around => ({
  effect: (effect) => Effect.provide(effect, context),
  stream: (stream) => Stream.provideSomeContext(stream, context)
})

/**
 * Provides services to all turns of a protocol, what they run and send, and `closed`. A Layer is built for each connection,
 * and released with it; what all connections share is a Context, or is provided to the server.
 *
 * @example
 * ```ts
 * import { Calc, Evaluator, Protocol } from "effect-switchboard"
 * import { Context, Effect } from "effect"
 *
 * // With this evaluator, whatever the server has.
 * const evaluator = Context.make(Evaluator.Evaluator, { evaluate: (text) => Effect.succeed(`${text}, or so`) })
 * const calc: Protocol.TextProtocol = Protocol.provide(Calc.protocol, evaluator)
 * ```
 *
 * @since 0.2.0
 * @category combinators
 */
export const provide: {
  <R2, E2, R3>(
    services: Layer.Layer<R2, E2, R3>
  ): <In, Out, E, R>(self: Protocol<In, Out, E, R>) => Protocol<In, Out, E | E2, R3 | Exclude<R, R2>>
  <R2>(
    services: Context.Context<R2>
  ): <In, Out, E, R>(self: Protocol<In, Out, E, R>) => Protocol<In, Out, E, Exclude<R, R2>>
  <In, Out, E, R, R2, E2, R3>(
    self: Protocol<In, Out, E, R>,
    services: Layer.Layer<R2, E2, R3>
  ): Protocol<In, Out, E | E2, R3 | Exclude<R, R2>>
  <In, Out, E, R, R2>(
    self: Protocol<In, Out, E, R>,
    services: Context.Context<R2>
  ): Protocol<In, Out, E, Exclude<R, R2>>
} = dual(
  2,
  <In, Out>(
    self: Protocol<In, Out, unknown, unknown>,
    services: Context.Context<unknown> | Layer.Layer<unknown, unknown, unknown>
  ): Protocol<In, Out> => {
    const made = Context.isContext(services)
      ? Effect.succeed(within(services))
      : Effect.map(Layer.build(services), within)
    return remade(self, (machine) => around(machine, () => made))
  }
)
