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
import type { Pipeable } from "effect/Pipeable"
import { pipeArguments } from "effect/Pipeable"
import type * as Stream from "effect/Stream"
import * as Done from "../Done.js"
import type { AnyFraming, Encoded, Framing, FramingError } from "../Framing.js"
import type { CloseReason } from "../ServerEvent.js"
import type { Mailbox, Session } from "../Session.js"
import { InOrder } from "./InOrder.js"

/**
 * Marks a value as a protocol of this package, whichever copy of it made the value: see {@link isProtocol}.
 *
 * @since 0.1.0
 * @category type ids
 */
export const TypeId: unique symbol = Symbol.for("effect-switchboard/Protocol")

/**
 * What a protocol decides in one turn. All but the state may be left out.
 *
 * @since 0.1.0
 * @category models
 */
export interface Turn<State, Out, Event = never, E = never, R = never> {
  /** The state for the next turn. */
  readonly state: State
  /**
   * Messages to send, in order. A Stream is pulled as fast as the peer takes them, and no further than a connection may
   * hold; the turn is over, and the next one begins, when it has ended. It is interrupted if the connection is lost. What
   * others are sent, too, is an `Encoded` message. Default: none.
   */
  readonly send?: ReadonlyArray<Out | Encoded<Out>> | Stream.Stream<Out | Encoded<Out>, E, R> | undefined
  /**
   * What to run beside the turns: an Effect, or a Stream, of events, each told to `notified` in a turn of its own. It holds
   * up neither messages nor wakes, and is interrupted when the connection ends; a Stream is pulled while the mailbox has
   * room. An Effect's `undefined` is no event. Default: nothing.
   */
  readonly run?: Effect.Effect<Event | void, E, R> | Stream.Stream<Event, E, R> | undefined
  /**
   * Call `wake` after this long, or, if it is zero, as soon as there is room to send; it replaces a wake that is still to
   * come, and `Duration.infinity` cancels it. Default: leave it as it is.
   */
  readonly wake?: Duration.DurationInput | undefined
  /**
   * Whether something is still owed to the peer, which later wakes or events will send: a connection whose peer has
   * finished, or whose server stops, is kept until it is no more. **Nor is it idle meanwhile**: whoever waits for what it is
   * owed may be silent for longer than `idleTimeout`, so that a protocol that always owes has no such limit. Streams that
   * are sent, and Effects that run beside, are owed anyway. Default: leave it as it is; at first nothing is.
   */
  readonly owes?: boolean | undefined
  /**
   * Whether further messages of the peer, and events, are taken: both (`true`), neither (`false`), or only those of one
   * kind. **`false` holds events, too**, those of what `run` gives included: a turn that waits for the end of what it runs
   * says `"events"`. While its messages are not taken, the peer is made to wait, and its FIN is not seen; events wait in the
   * mailbox. Default: leave it as it is; at first both are.
   */
  readonly listens?: boolean | "messages" | "events" | undefined
  /** Another framing, from the next byte on: also for what has come already, and what is sent after this turn. */
  readonly framing?: AnyFraming | undefined
  /**
   * Send what there is to send in the clear, and encrypt all that follows, both ways, by TLS (STARTTLS): the next turn is
   * taken when the handshake is done, and the session has `tls` by then. Where `canStartTls` is false the turn fails, with
   * `StartTlsUnavailable`, and says nothing. A peer that has sent more in the clear behind the message of this turn is cut,
   * and so is one that does not get through the handshake (`HandshakeFailed`). What was known of the peer before may have
   * been said by somebody between: the state is to be that of a new connection. Default: false.
   */
  readonly startTls?: boolean | undefined
  /**
   * Send what there is to send, then FIN: the peer may go on, and is still heard. What is sent later is dropped.
   * Default: false.
   */
  readonly finish?: boolean | undefined
  /**
   * Send what there is to send, then close; or, with `"reset"`, cut the connection (RST), whatever is still unsent; or, with
   * `"answered"`, take no more messages, whatever `listens` says, and close when nothing is owed any more. Default: false.
   */
  readonly close?: boolean | "reset" | "answered" | undefined
}

/**
 * How a protocol is written down: its own types of `State` and `Event` are its own affair.
 *
 * One connection's turns never overlap, whatever the model. A turn that fails, or dies, ends its connection and no
 * other. Time and chance come from Effect's `Clock` and `Random`, so that a test can own both. What a turn acquires in its
 * `Scope` is released when the connection ends, in whatever way.
 *
 * @since 0.1.0
 * @category models
 */
export interface Definition<State, In, Out, E, R, Event = never> {
  /** What it is called in a server's events. */
  readonly name: string
  /** How its messages are cut from the bytes. */
  readonly framing: Framing<In, Out>
  /** The first turn, when a peer's connection is taken. */
  readonly open: (session: Session<Event>) => Effect.Effect<Turn<State, Out, Event, E, R>, E, R>
  /** A turn for each message of the peer. */
  readonly receive: (state: State, message: In) => Effect.Effect<Turn<State, Out, Event, E, R>, E, R>
  /** The turn that an earlier one asked for. */
  readonly wake?: ((state: State) => Effect.Effect<Turn<State, Out, Event, E, R>, E, R>) | undefined
  /** A turn for each event that the connection is told. */
  readonly notified?: ((state: State, event: Event) => Effect.Effect<Turn<State, Out, Event, E, R>, E, R>) | undefined
  /** How many events may wait, and what happens to one more. */
  readonly mailbox?: Mailbox | undefined
  /**
   * The turn when no more messages will come, after the last: the peer has finished (FIN), or the server stops. After a FIN
   * the connection stays open, for what is still to be sent, until a turn closes it; at the stop it is closed when nothing
   * is owed. Default: in both cases it is closed when nothing is owed any more.
   */
  readonly ended?: ((state: State) => Effect.Effect<Turn<State, Out, Event, E, R>, E, R>) | undefined
  /**
   * The connection is over: called once for each that was opened, after its last turn, in whatever way it ended. One that is
   * lost while `open` waits has no state yet, and was not opened: what `open` acquired by then is released all the same. What
   * fails here is told to the server's observer, and changes nothing.
   */
  readonly closed?: ((state: State, reason: CloseReason) => Effect.Effect<void, E, R>) | undefined
  /** What the peer is told about a fault in its bytes. Default: the framing's own words. */
  readonly malformed?: ((error: FramingError) => ReadonlyArray<Out>) | undefined
  /**
   * Whether the conversation goes on behind a faulty message, where the framing can tell where the next one begins.
   * Default: false, the connection is closed.
   */
  readonly recovers?: boolean | undefined
  /**
   * What the end is in a state. Default: `ended` is told once, then the connection is held; without `ended` it is closed.
   *
   * @internal
   */
  readonly atEnd?: ((state: State) => AtEnd) | undefined
}

/**
 * A protocol. The same value runs under every model and on every transport.
 *
 * @since 0.1.0
 * @category models
 */
export interface Protocol<In, Out = In, out E = never, out R = never> extends Pipeable {
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
export type Machine<E, R> = Omit<Definition<unknown, unknown, unknown, E, R, unknown>, "name">

/**
 * What a protocol does when no more messages will come: it is told by `ended`, the connection is held open for it, or closed
 * when nothing is owed.
 *
 * @internal
 */
export type AtEnd = "tell" | "hold" | "close"

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
export const make = <State, In, Out, E = never, R = never, Event = never>(
  definition: Definition<State, In, Out, E, R, Event>
): Protocol<In, Out, E, R> => ({
  [TypeId]: TypeId,
  name: definition.name,
  framing: definition.framing,
  // Safe: a machine is only ever given the states it made, and the messages of its own framing.
  machine: definition as unknown as Machine<E, R>,
  pipe() {
    return pipeArguments(this, arguments)
  }
})

/**
 * What a turn decides, with its keys checked: a literal with a key too many compiles where it is only returned.
 *
 * @example
 * ```ts
 * import { Protocol } from "effect-switchboard"
 *
 * const next = Protocol.turn({ asked: 1 }, { send: ["and the second?"], wake: "10 seconds" })
 * assert.deepStrictEqual(next.state, { asked: 1 })
 * ```
 *
 * @since 0.2.0
 * @category constructors
 */
export const turn = <State, Out = never, Event = never, E = never, R = never>(
  state: State,
  decided: Omit<Turn<State, Out, Event, E, R>, "state"> = {}
): Turn<State, Out, Event, E, R> => ({
  // Key by key: a spread makes an object that is slow to read, and turns are read key by key, too.
  state,
  send: decided.send,
  run: decided.run,
  wake: decided.wake,
  owes: decided.owes,
  listens: decided.listens,
  framing: decided.framing,
  startTls: decided.startTls,
  finish: decided.finish,
  close: decided.close
})

/**
 * Makes a protocol that answers each message by itself.
 *
 * `concurrency` is how many requests of one connection may be under way together: those that a client sends without
 * waiting. Their replies are made beside one another, whatever the model, and sent in the order of the requests; with so
 * many not answered, the client is made to wait. Where a reply fails, those before it are sent first, and those behind it
 * are interrupted. Default: 1, each reply is made when the one before it is. Throws a RangeError where it is no whole
 * number from 1 on.
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
  readonly concurrency?: number | undefined
}): Protocol<In, Out, E, R> => {
  const { concurrency = 1, framing, malformed, name } = options
  if (!Number.isSafeInteger(concurrency) || concurrency < 1) {
    throw new RangeError(`${concurrency} is no concurrency: a whole number from 1 on is`)
  }
  if (concurrency === 1) {
    return make<undefined, In, Out, E, R>({
      name,
      framing,
      malformed,
      open: () => opened,
      receive: (_, message) => {
        const reply = options.reply(message)
        return Done.isEffect(reply) ? Done.map(reply, answer) : noEffect(reply)
      }
    })
  }
  const reply = (message: In): Effect.Effect<Out, E, R> => {
    const made = options.reply(message)
    return Effect.isEffect(made) ? made : noEffect(made)
  }
  return make<InOrder<Out, E, R>, In, Out, E, R, unknown>({
    name,
    framing,
    malformed,
    // Each that is under way tells of its end, once.
    mailbox: { capacity: concurrency },
    open: () => Effect.sync(() => ({ state: new InOrder(concurrency) })),
    receive: (replies, message) => Effect.suspend(() => replies.begin(Effect.suspend(() => reply(message)))),
    notified: (replies) => replies.release(),
    wake: (replies) => replies.release()
  })
}

/** What JavaScript lets pass, and a fiber would not find words for. */
const noEffect = (reply: unknown): Effect.Effect<never> =>
  Effect.die(new TypeError(`the reply is no Effect, but ${String(reply)}: Effect.succeed makes one of it`))

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
