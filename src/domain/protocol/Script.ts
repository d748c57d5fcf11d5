/**
 * Direct style: a protocol that is read from top to bottom.
 *
 * @since 0.2.0
 * @module
 */
import type * as Cause from "effect/Cause"
import * as Duration from "effect/Duration"
import * as Effect from "effect/Effect"
import * as Exit from "effect/Exit"
import * as Option from "effect/Option"
import type * as Stream from "effect/Stream"
import { SingleShotGen, YieldWrap, yieldWrapGet } from "effect/Utils"
import * as Done from "../Done.js"
import type { Encoded, Framing, FramingError } from "../Framing.js"
import type { Mailbox, Session } from "../Session.js"
import type { Tls } from "../Tls.js"
import type { AtEnd, Protocol, Turn } from "./Machine.js"
import { make, turn } from "./Machine.js"

/**
 * What comes to a script: a message of the peer, or an event that the connection is told.
 *
 * @since 0.2.0
 * @category models
 */
export type Heard<In, Event> =
  | { readonly _tag: "Message"; readonly message: In }
  | { readonly _tag: "Event"; readonly event: Event }

/** What a turn may decide for when its messages are sent. */
type Behind = Pick<Turn<unknown, unknown>, "framing" | "finish" | "startTls">

/**
 * What is said: to be yielded.
 *
 * @since 0.2.0
 * @category models
 */
export class Say<Out, E, R> {
  /** @internal */
  readonly send: ReadonlyArray<Out | Encoded<Out>> | Stream.Stream<Out | Encoded<Out>, E, R>
  /** What is decided behind it. @internal */
  readonly behind: Behind | undefined

  /** @internal */
  constructor(send: ReadonlyArray<Out | Encoded<Out>> | Stream.Stream<Out | Encoded<Out>, E, R>, behind?: Behind) {
    this.send = send
    this.behind = behind
  }

  /** @internal */
  [Symbol.iterator](): Iterator<Say<Out, E, R>, void, void> {
    return new SingleShotGen<Say<Out, E, R>, void>(this)
  }
}

/**
 * What is to run beside the script: to be yielded.
 *
 * @since 0.2.0
 * @category models
 */
export class Run<Event, E, R> {
  /** @internal */
  readonly source: Effect.Effect<Event | void, E, R> | Stream.Stream<Event, E, R>

  /** @internal */
  constructor(source: Effect.Effect<Event | void, E, R> | Stream.Stream<Event, E, R>) {
    this.source = source
  }

  /** @internal */
  [Symbol.iterator](): Iterator<Run<Event, E, R>, void, void> {
    return new SingleShotGen<Run<Event, E, R>, void>(this)
  }
}

/**
 * Waits for what comes: yielded in a script, it suspends the script, not a fiber.
 *
 * @since 0.2.0
 * @category models
 */
export class Hear<A> {
  /** @internal */
  readonly listens: true | "messages" | "events"
  /** @internal */
  readonly read: (heard: Heard<unknown, unknown> | undefined) => A
  /** @internal */
  readonly time: Duration.Duration | undefined
  /** @internal */
  readonly hearsEnd: boolean

  /** @internal */
  constructor(
    listens: true | "messages" | "events",
    read: (heard: Heard<unknown, unknown> | undefined) => A,
    time?: Duration.Duration,
    hearsEnd = false
  ) {
    this.listens = listens
    this.read = read
    this.time = time
    this.hearsEnd = hearsEnd
  }

  /** What comes within a time; none if nothing does. */
  within(time: Duration.DurationInput): Hear<Option.Option<A>> {
    const read = (heard: Heard<unknown, unknown> | undefined) =>
      heard === undefined ? Option.none() : Option.some(this.read(heard))
    return new Hear(this.listens, read, Duration.decode(time), this.hearsEnd)
  }

  /** @internal */
  [Symbol.iterator](): Iterator<Hear<A>, A, A> {
    return new SingleShotGen<Hear<A>, A>(this)
  }
}

/** Stands for the peer's end. */
const end = { _tag: "Message", message: undefined } as const

/**
 * Waits for a message, or for what else comes: of those, the end can be heard, too.
 *
 * @since 0.2.0
 * @category models
 */
export class HearMessage<A> extends Hear<A> {
  /**
   * What comes, or none when no more will: the peer has finished (FIN), or the server stops. It is told once, behind the
   * last message. Behind a FIN the script may go on, saying things and waiting for events, until it ends itself; where it
   * waits for another message, there will be none, and the connection closes when nothing is owed.
   */
  get orEnd(): Hear<Option.Option<A>> {
    const read = (heard: Heard<unknown, unknown> | undefined) =>
      heard === end ? Option.none() : Option.some(this.read(heard))
    return new Hear(this.listens, read, this.time, true)
  }
}

/**
 * What a script yields besides Effects.
 *
 * @since 0.2.0
 * @category models
 */
export type Instruction<E, R> = Say<unknown, E, R> | Run<unknown, E, R> | Hear<unknown>

/**
 * The connection, as a script has it: each of these is yielded, with `yield*`.
 *
 * @since 0.2.0
 * @category models
 */
export interface Talk<In, Out, Event = never> extends Session<Event> {
  /** Sends messages. What has been said is sent when the script waits, or has said much. */
  readonly say: (...messages: ReadonlyArray<Out | Encoded<Out>>) => Say<Out, never, never>
  /** Sends a stream of messages: as fast as the peer takes them. */
  readonly sayAll: <E, R>(messages: Stream.Stream<Out | Encoded<Out>, E, R>) => Say<Out, E, R>
  /** The next message. Where none will come, the connection closes, and `finally` runs; `hear.orEnd` tells it instead. */
  readonly hear: HearMessage<In>
  /** The next event. */
  readonly hearEvent: Hear<Event>
  /** Whatever comes next, a message or an event. */
  readonly hearAny: HearMessage<Heard<In, Event>>
  /** Says something, and hears the next message. */
  readonly ask: (
    ...messages: ReadonlyArray<Out | Encoded<Out>>
  ) => Generator<Say<Out, never, never> | Hear<In>, In, unknown>
  /** Runs something beside the script; what it gives are events. */
  readonly run: <E, R>(source: Effect.Effect<Event | void, E, R> | Stream.Stream<Event, E, R>) => Run<Event, E, R>
  /**
   * Another framing from the next byte on, for what comes and what is said. It gives this connection with the messages of
   * that framing; what had it before is the same connection, whose types are true no more.
   */
  readonly reframe: <In2, Out2>(
    framing: Framing<In2, Out2>
  ) => Generator<Say<never, never, never>, Talk<In2, Out2, Event>, unknown>
  /**
   * Sends what has been said in the clear, and encrypts all that follows, both ways, by TLS (STARTTLS). The script goes on
   * when the handshake is done, with what was agreed on. Only where `canStartTls` is true; what the peer has said until then
   * is best forgotten, as `Turn.startTls` tells.
   */
  readonly startTls: () => Generator<Say<never, never, never>, Tls, unknown>
  /** Sends what has been said, then FIN: the peer may go on, and is still heard. What is said later is dropped. */
  readonly finish: Say<never, never, never>
}

/**
 * What a script that yields `Y` can fail with.
 *
 * @since 0.2.0
 * @category type level
 */
export type ScriptFailure<Y> = Y extends YieldWrap<Effect.Effect<infer _A, infer E, infer _R>> ? E
  : Y extends Say<infer _Out, infer E, infer _R> ? E
  : Y extends Run<infer _Event, infer E, infer _R> ? E
  : never

/**
 * The services that a script that yields `Y` asks for.
 *
 * @since 0.2.0
 * @category type level
 */
export type ScriptContext<Y> = Y extends YieldWrap<Effect.Effect<infer _A, infer _E, infer R>> ? R
  : Y extends Say<infer _Out, infer _E, infer R> ? R
  : Y extends Run<infer _Event, infer _E, infer R> ? R
  : never

/** Messages that are gathered before they are sent, whether or not the script waits. */
const share = 128

type AnyTurn = Turn<Script, unknown, unknown, unknown, unknown>
type AnyEffect = Effect.Effect<AnyTurn, unknown, unknown>
type AnyGenerator = Generator<unknown, unknown, unknown>

/** A script that is suspended: the machine's state. */
class Script {
  private readonly generator: AnyGenerator
  private result: IteratorResult<unknown, unknown> | undefined = undefined
  private heard: Heard<unknown, unknown> | undefined = undefined
  private said: Array<unknown> = []
  /** What has been said is being sent, and nothing is waited for. */
  private isSending = false
  private hasHeardEnd = false
  /** Whether its connection has it as its state. */
  private isKnown = false
  private isOver = false

  constructor(generator: AnyGenerator) {
    this.generator = generator
  }

  /** Goes on to the next wait, with what was heard. Made once: a script hears much. */
  readonly begin: AnyEffect = Effect.suspend(() => {
    const waiting = this.result?.value
    this.result = this.generator.next(waiting instanceof Hear ? waiting.read(this.heard) : undefined)
    return this.advance()
  })

  /** Gives the script what it waits for. */
  hear(heard: Heard<unknown, unknown> | undefined): AnyEffect {
    this.heard = heard
    return this.begin
  }

  /** What the peer's end is to it now: it is told once, and held open behind that for events. */
  get atEnd(): AtEnd {
    const waiting = this.result?.value
    if (!(waiting instanceof Hear)) return "close"
    if (!this.hasHeardEnd) return waiting.hearsEnd ? "tell" : "close"
    return waiting.listens === "events" ? "hold" : "close"
  }

  hearEnd(): AnyEffect {
    this.hasHeardEnd = true
    return this.hear(end)
  }

  /** The time to wait has passed, or what had been said is sent. */
  goOn(): AnyEffect {
    if (!this.isSending) return this.hear(undefined)
    this.isSending = false
    return Effect.suspend(() => this.advance())
  }

  /** Ends the script where it stands: its `finally` runs. */
  end(): Effect.Effect<void, unknown, unknown> {
    if (this.isOver) return Effect.void
    this.isOver = true
    return Effect.suspend(() => this.finish(this.generator.return(undefined)))
  }

  /** Does what the script yields, up to its next wait. */
  private advance(): AnyEffect {
    for (;;) {
      const { done, value } = this.result!
      if (done === true) {
        this.isOver = true
        return this.decide({ send: this.taken(), close: true, owes: false })
      }
      if (value instanceof Hear) {
        const wake = value.time ?? Duration.infinity
        return this.decide({ send: this.taken(), listens: value.listens, wake, owes: false })
      }
      if (value instanceof Say) {
        if (value.behind !== undefined || !Array.isArray(value.send) || this.said.length >= share) {
          return this.sendFirst(value)
        }
        for (const message of value.send) this.said.push(message)
        this.result = this.generator.next()
      } else if (value instanceof Run) {
        this.result = this.generator.next()
        return this.decide({ send: this.taken(), run: value.source, ...untilSent })
      } else {
        const effect = Done.onTheSpot(yieldWrapGet(value as YieldWrap<Effect.Effect<unknown, unknown, unknown>>))
        if (!Done.isDone(effect)) {
          // What has been said is not kept from the peer while the script waits for something else; nor is a script that has
          // begun unknown to its connection, whose end is its own.
          if (this.said.length === 0 && this.isKnown) return this.waitFor(effect)
          // It is gone on with when what was said is sent.
          this.result = { done: false, value: new YieldWrap(effect) }
          return this.decide({ send: this.taken(), ...untilSent })
        }
        if (Exit.isFailure(effect)) return this.fail(effect.cause)
        this.result = this.generator.next(effect.value)
      }
    }
  }

  private waitFor(effect: Effect.Effect<unknown, unknown, unknown>): AnyEffect {
    return Effect.matchCauseEffect(effect, {
      onFailure: (cause) => this.fail(cause),
      onSuccess: (value) => {
        this.result = this.generator.next(value)
        return this.advance()
      }
    })
  }

  private fail(cause: Cause.Cause<unknown>): AnyEffect {
    return Effect.zipRight(this.end(), Effect.failCause(cause))
  }

  /** A stream, another framing, or the rest of much: sent before the script goes on. */
  private sendFirst({ behind, send }: Say<unknown, unknown, unknown>): AnyEffect {
    if (Array.isArray(send)) {
      for (const message of send) this.said.push(message)
    } else if (this.said.length > 0) {
      return this.decide({ send: this.taken(), ...untilSent })
    }
    this.result = this.generator.next()
    return this.decide({ send: Array.isArray(send) ? this.taken() : send, ...untilSent, ...behind })
  }

  private decide(decided: Omit<AnyTurn, "state">): AnyEffect {
    this.isSending = decided.wake === 0
    this.isKnown = true
    return Effect.succeed(turn(this, decided))
  }

  private taken(): ReadonlyArray<unknown> {
    const said = this.said
    this.said = []
    return said
  }

  /** Runs what a `finally` yields. What it says is said to nobody. */
  private finish(result: IteratorResult<unknown, unknown>): Effect.Effect<void, unknown, unknown> {
    if (result.done === true) return Effect.void
    if (!(result.value instanceof YieldWrap)) return Effect.suspend(() => this.finish(this.generator.next()))
    const effect = yieldWrapGet(result.value as YieldWrap<Effect.Effect<unknown, unknown, unknown>>)
    return Effect.flatMap(effect, (value) => this.finish(this.generator.next(value)))
  }
}

/** What has been said is sent, and then the script goes on: nothing else comes to it meanwhile. */
const untilSent = { wake: 0, owes: true, listens: false } as const

/**
 * Makes a protocol of a script. It says and hears in turn; `hear` suspends the script, not a fiber, so that it runs under
 * every model like any other machine, and gives the same bytes. Effects are yielded as in `Effect.gen`: their errors and
 * services are the protocol's. The end of the script is the end of the connection; if the connection ends before, the
 * script's `finally` runs, and what it yields there.
 *
 * While the script waits for messages only, events stay in the mailbox, and the other way round.
 *
 * @example
 * ```ts
 * import { Framing, Protocol } from "effect-switchboard"
 *
 * const greet = Protocol.conversation({
 *   name: "greet",
 *   framing: Framing.line,
 *   *talk(session) {
 *     const name = yield* session.ask("name?")
 *     const colour = yield* session.ask("colour?")
 *     yield* session.say(`${name} likes ${colour}`)
 *   }
 * })
 * ```
 *
 * @since 0.2.0
 * @category constructors
 */
export const conversation = <In, Out, Y, Event = never>(options: {
  readonly name: string
  readonly framing: Framing<In, Out>
  readonly mailbox?: Mailbox | undefined
  readonly malformed?: ((error: FramingError) => ReadonlyArray<Out>) | undefined
  readonly talk: (session: Talk<In, Out, Event>) => Generator<Y, void, never>
}): Protocol<In, Out, ScriptFailure<Y>, ScriptContext<Y>> => {
  const { framing, mailbox, malformed, name, talk } = options
  const protocol = make<Script, unknown, unknown, unknown, unknown, unknown>({
    name,
    framing: framing as unknown as Framing<unknown>,
    mailbox,
    malformed,
    open: (session) => new Script(talk(talking(session))).begin,
    receive: (script, message) => script.hear({ _tag: "Message", message }),
    notified: (script, event) => script.hear({ _tag: "Event", event }),
    wake: (script) => script.goOn(),
    ended: (script) => script.hearEnd(),
    atEnd: (script) => script.atEnd,
    closed: (script) => script.end()
  })
  // Safe: what a script fails with, and asks for, is what it yields.
  return protocol as unknown as Protocol<In, Out, ScriptFailure<Y>, ScriptContext<Y>>
}

const hear = new HearMessage("messages", (heard) => (heard as { message: unknown }).message)
const hearEvent = new Hear("events", (heard) => (heard as { event: unknown }).event)
const hearAny = new HearMessage(true, (heard) => heard)
const finish = new Say<never, never, never>([], { finish: true })
const startTls = new Say<never, never, never>([], { startTls: true })

/** A session as scripts have it. */
const talking = <In, Out, Event>(session: Session<unknown>): Talk<In, Out, Event> => {
  const say = (...messages: ReadonlyArray<Out | Encoded<Out>>): Say<Out, never, never> => new Say(messages)
  const talk: Talk<In, Out, Event> = {
    id: session.id,
    server: session.server,
    peer: session.peer,
    get tls() {
      return session.tls
    },
    get canStartTls() {
      return session.canStartTls
    },
    notify: (event) => session.notify(event),
    offer: (event) => session.offer(event),
    close: Effect.suspend(() => session.close),
    reset: Effect.suspend(() => session.reset),
    say,
    sayAll: (messages) => new Say(messages),
    hear: hear as HearMessage<In>,
    hearEvent: hearEvent as Hear<Event>,
    hearAny: hearAny as HearMessage<Heard<In, Event>>,
    *ask(...messages) {
      yield new Say(messages)
      return (yield hear as Hear<In>) as In
    },
    run: (source) => new Run(source),
    *reframe<In2, Out2>(framing: Framing<In2, Out2>) {
      yield new Say<never, never, never>([], { framing })
      // Safe: it is the framing that says what its messages are.
      return talk as unknown as Talk<In2, Out2, Event>
    },
    *startTls() {
      yield startTls
      // Safe: the script goes on only when that is so.
      return session.tls!
    },
    finish
  }
  return talk
}
