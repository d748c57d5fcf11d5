import * as Effect from "effect/Effect"
import * as Done from "../Done.js"
import type { AnyFraming, Framing, FramingError } from "../Framing.js"
import type { Mailbox, Session } from "../Session.js"
import type { AtEnd, Protocol } from "./Machine.js"
import { make, turn as turnOf } from "./Machine.js"
import type { ScriptContext, ScriptFailure, Talk } from "./Script.js"
import { conversation } from "./Script.js"
import type { AnyEffect, AnyMachine, AnyProtocol, AnyTurn } from "./Wrapped.js"

/** The state of a part whose first turn is still to come, or has failed. */
const unopened = Symbol("unopened")

/** A conversation that is a script at first, and then what the script's result chooses. */
class Parts {
  private readonly session: Session<unknown>
  private readonly choose: (result: unknown) => AnyProtocol
  private framing: AnyFraming
  /** The part that is on, and its state. */
  private machine: AnyMachine
  private state: unknown = unopened
  private isEndTold = false
  /** What the script has given; undefined until then, and if it gives nothing. */
  result: unknown = undefined
  /** What opens when the script's last words are sent. */
  private next: AnyProtocol | undefined = undefined

  constructor(
    session: Session<unknown>,
    script: (parts: Parts) => AnyProtocol,
    choose: (result: unknown) => AnyProtocol
  ) {
    const first = script(this)
    this.session = session
    this.choose = choose
    this.framing = first.framing
    this.machine = first.machine
  }

  open(): AnyEffect<AnyTurn> {
    return this.turn(this.machine.open(this.session))
  }

  receive(message: unknown): AnyEffect<AnyTurn> {
    return this.turn(this.machine.receive(this.state, message))
  }

  notified(event: unknown): AnyEffect<AnyTurn> {
    return this.turn(this.machine.notified?.(this.state, event) ?? this.nothing)
  }

  wake(): AnyEffect<AnyTurn> {
    if (this.next === undefined) return this.turn(this.machine.wake?.(this.state) ?? this.nothing)
    this.machine = this.next.machine
    this.next = undefined
    this.result = undefined
    this.state = unopened
    return Done.map(this.open(), (turn) => ({ ...turn, listens: turn.listens ?? true, owes: turn.owes ?? false }))
  }

  ended(): AnyEffect<AnyTurn> {
    this.isEndTold = true
    return this.turn(this.machine.ended?.(this.state) ?? this.nothing)
  }

  closed(reason: Parameters<NonNullable<AnyMachine["closed"]>>[1]): AnyEffect<void> {
    return this.state === unopened ? Effect.void : this.machine.closed?.(this.state, reason) ?? Effect.void
  }

  get atEnd(): AtEnd {
    const { atEnd, ended } = this.machine
    if (atEnd !== undefined) return atEnd(this.state)
    if (ended === undefined) return "close"
    return this.isEndTold ? "hold" : "tell"
  }

  private get nothing(): AnyEffect<AnyTurn> {
    return Effect.succeed({ state: this.state })
  }

  private turn(turn: AnyEffect<AnyTurn>): AnyEffect<AnyTurn> {
    return Done.map(turn, (turn) => this.take(turn))
  }

  private take(turn: AnyTurn): AnyTurn {
    this.framing = turn.framing ?? this.framing
    this.state = turn.state
    if (turn.close !== true || this.result === undefined) return turnOf(this, turn)
    this.next = this.choose(this.result)
    const { framing } = this.next
    const change = framing === this.framing ? undefined : framing
    this.framing = framing
    return { state: this, send: turn.send, framing: change, wake: 0, owes: true, listens: false }
  }
}

/**
 * Something to settle before a protocol begins: a log-in, a version, an upgrade. The script in `first` talks with the peer
 * until it returns: what it gives opens the protocol that `then` chooses, in that one's framing, from the next byte on;
 * `undefined` closes the connection.
 *
 * `name`, `mailbox` and `malformed` are for both parts.
 *
 * @example
 * ```ts
 * import { Echo, Framing, Protocol } from "effect-switchboard"
 *
 * const guarded = Protocol.before({
 *   name: "guarded echo",
 *   framing: Framing.line,
 *   *talk(session) {
 *     const name = yield* session.ask("name?")
 *     const word = yield* session.ask("password?")
 *     if (word === "opensesame") return name
 *     yield* session.say("wrong")
 *     return undefined
 *   }
 * }, (_name) => Protocol.withFraming(Echo.protocol, Framing.line))
 * ```
 *
 * @since 0.2.0
 * @category combinators
 */
export const before = <In, Out, Y, A, In2, Out2, E, R, Event = never>(
  first: {
    readonly name: string
    readonly framing: Framing<In, Out>
    readonly mailbox?: Mailbox | undefined
    readonly malformed?: ((error: FramingError) => ReadonlyArray<Out>) | undefined
    readonly talk: (session: Talk<In, Out, Event>) => Generator<Y, A | undefined, never>
  },
  then: (result: A) => Protocol<In2, Out2, E, R>
): Protocol<In, Out, E | ScriptFailure<Y>, R | ScriptContext<Y>> => {
  // Safe: what a script is given is what it yielded for.
  const talk = first.talk as (session: Talk<In, Out, Event>) => Generator<Y, A | undefined>
  const script = (parts: Parts): AnyProtocol => {
    const protocol = conversation<In, Out, Y, Event>({
      ...first,
      *talk(session) {
        parts.result = yield* talk(session)
      }
    })
    return protocol as unknown as AnyProtocol
  }
  const of = (parts: unknown): Parts => parts as Parts
  const protocol = make<unknown, unknown, unknown, unknown, unknown, unknown>({
    name: first.name,
    framing: first.framing as unknown as Framing<unknown>,
    mailbox: first.mailbox,
    malformed: first.malformed,
    open: (session) => new Parts(session, script, then as unknown as (result: unknown) => AnyProtocol).open(),
    receive: (parts, message) => of(parts).receive(message),
    notified: (parts, event) => of(parts).notified(event),
    wake: (parts) => of(parts).wake(),
    ended: (parts) => of(parts).ended(),
    atEnd: (parts) => of(parts).atEnd,
    closed: (parts, reason) => of(parts).closed(reason)
  })
  // Safe: what fails, and what is asked for, is the script's and the other protocol's.
  return protocol as unknown as Protocol<In, Out, E | ScriptFailure<Y>, R | ScriptContext<Y>>
}
