/**
 * What is said on a connection: a state machine over messages, written once, that knows nothing of sockets, fibers
 * or models.
 *
 * @since 0.1.0
 * @module
 */
import type * as Duration from "effect/Duration"
import * as Effect from "effect/Effect"
import { dual } from "effect/Function"
import type { Address } from "./Address.js"
import * as Done from "./Done.js"
import type { Framing, FramingError } from "./Framing.js"

/**
 * Marks a value as a protocol of this package, whichever copy of it made the value: see {@link isProtocol}.
 *
 * @since 0.1.0
 * @category type ids
 */
export const TypeId: unique symbol = Symbol.for("effect-switchboard/Protocol")

/**
 * What a protocol decides in one turn.
 *
 * @since 0.1.0
 * @category models
 */
export interface Turn<State, Out> {
  /** The state for the next turn. */
  readonly state: State
  /** Messages to send, in order. Default: none. */
  readonly send?: ReadonlyArray<Out> | undefined
  /**
   * Call `wake` after this long; it replaces a wake that is still to come, and `Duration.infinity` cancels it.
   * Default: leave it as it is.
   */
  readonly wake?: Duration.DurationInput | undefined
  /** Send what there is to send, then close. Default: false. */
  readonly close?: boolean | undefined
}

/**
 * How a protocol is written down: its own type of `State` is its own affair.
 *
 * One connection's turns never overlap, whatever the model. A turn that fails, or dies, ends its connection and no
 * other. Time and chance come from Effect's `Clock` and `Random`, so that a test can own both.
 *
 * @since 0.1.0
 * @category models
 */
export interface Definition<State, In, Out, E, R> {
  readonly name: string
  readonly framing: Framing<In, Out>
  /** The first turn, when a peer's connection is taken. */
  readonly open: (peer: Address) => Effect.Effect<Turn<State, Out>, E, R>
  /** A turn for each message of the peer. */
  readonly receive: (state: State, message: In) => Effect.Effect<Turn<State, Out>, E, R>
  /** The turn that an earlier one asked for. */
  readonly wake?: ((state: State) => Effect.Effect<Turn<State, Out>, E, R>) | undefined
  /** What the peer is told before its connection closes for a fault in its bytes. Default: the framing's own words. */
  readonly malformed?: ((error: FramingError) => ReadonlyArray<Out>) | undefined
}

/**
 * A protocol. The same value runs under every model and on every transport.
 *
 * @since 0.1.0
 * @category models
 */
export interface Protocol<In, Out = In, out E = never, out R = never> {
  readonly [TypeId]: typeof TypeId
  readonly name: string
  readonly framing: Framing<In, Out>
  /** @internal */
  readonly machine: Machine<E, R>
}

/**
 * A definition whose state and messages are nobody else's business: what models run.
 *
 * @internal
 */
export type Machine<E, R> = Omit<Definition<unknown, unknown, unknown, E, R>, "name">

/**
 * A protocol whose messages are text, so that it can be spoken in any text framing.
 *
 * @since 0.1.0
 * @category models
 */
export type TextProtocol<E = never, R = never> = Protocol<string, string, E, R>

/**
 * Whether a value, such as a module's default export, is a protocol.
 *
 * @since 0.1.0
 * @category guards
 */
export const isProtocol = (value: unknown): value is Protocol<unknown, unknown, unknown, unknown> =>
  typeof value === "object" && value !== null && TypeId in value

/**
 * Makes a protocol of a state machine.
 *
 * @example
 * ```ts
 * import { Framing, Protocol } from "effect-switchboard"
 * import { Effect } from "effect"
 *
 * // Greets, counts the lines, and says goodbye at the third.
 * const countdown = Protocol.make({
 *   name: "countdown",
 *   framing: Framing.line,
 *   open: () => Effect.succeed({ state: 3, send: ["three lines, please"] }),
 *   receive: (left: number) =>
 *     Effect.succeed({ state: left - 1, send: [left === 1 ? "goodbye" : `${left - 1} to go`], close: left === 1 })
 * })
 * ```
 *
 * @since 0.1.0
 * @category constructors
 */
export const make = <State, In, Out, E = never, R = never>(
  definition: Definition<State, In, Out, E, R>
): Protocol<In, Out, E, R> => ({
  [TypeId]: TypeId,
  name: definition.name,
  framing: definition.framing,
  // Safe: a machine is only ever given the states it made, and the messages of its own framing.
  machine: definition as unknown as Machine<E, R>
})

/**
 * Makes a protocol that answers each message by itself.
 *
 * @example
 * ```ts
 * import { Framing, Protocol } from "effect-switchboard"
 * import { Effect } from "effect"
 *
 * const shout = Protocol.requestReply({
 *   name: "shout",
 *   framing: Framing.auto,
 *   reply: (text) => Effect.succeed(text.toUpperCase())
 * })
 * ```
 *
 * @since 0.1.0
 * @category constructors
 */
export const requestReply = <In, Out, E = never, R = never>(options: {
  readonly name: string
  readonly framing: Framing<In, Out>
  readonly reply: (message: In) => Effect.Effect<Out, E, R>
  readonly malformed?: ((error: FramingError) => ReadonlyArray<Out>) | undefined
}): Protocol<In, Out, E, R> =>
  make<undefined, In, Out, E, R>({
    name: options.name,
    framing: options.framing,
    malformed: options.malformed,
    open: () => opened,
    receive: (_, message) => Done.map(options.reply(message), answer)
  })

const opened: Effect.Effect<Turn<undefined, never>> = Effect.succeed({ state: undefined })
const answer = <Out>(reply: Out): Turn<undefined, Out> => ({ state: undefined, send: [reply] })

/**
 * The same protocol in another framing of the same messages.
 *
 * @since 0.1.0
 * @category combinators
 */
export const withFraming: {
  <In, Out>(framing: Framing<In, Out>): <E, R>(self: Protocol<In, Out, E, R>) => Protocol<In, Out, E, R>
  <In, Out, E, R>(self: Protocol<In, Out, E, R>, framing: Framing<In, Out>): Protocol<In, Out, E, R>
} = dual(
  2,
  <In, Out, E, R>(self: Protocol<In, Out, E, R>, framing: Framing<In, Out>): Protocol<In, Out, E, R> => ({
    ...self,
    framing,
    machine: { ...self.machine, framing: framing as unknown as Framing<unknown> }
  })
)
