import * as Cause from "effect/Cause"
import * as Chunk from "effect/Chunk"
import * as Duration from "effect/Duration"
import * as Effect from "effect/Effect"
import * as Exit from "effect/Exit"
import type * as Fiber from "effect/Fiber"
import * as Stream from "effect/Stream"
import type { AnyFraming, Codec, FramingError } from "../../../domain/Framing.js"
import { Encoded } from "../../../domain/Framing.js"
import type { Machine, Turn as TurnOf } from "../../../domain/Protocol.js"
import type { AtEnd } from "../../../domain/protocol/Machine.js"
import type { CloseReason } from "../../../domain/ServerEvent.js"
import type { Session } from "../../../domain/Session.js"
import { HandshakeFailed, StartTlsUnavailable } from "../../../domain/TlsError.js"
import type { StartTlsError } from "../../../services/Connection.js"
import { Beside } from "./Beside.js"
import type { Deadlines } from "./Deadlines.js"
import type { Incoming } from "./Incoming.js"
import { Mailbox } from "./Mailbox.js"
import type { Outgoing } from "./Outgoing.js"
import type { Owner } from "./Owner.js"

export type Turn<R> = TurnOf<unknown, unknown, unknown, unknown, R>

/** Turns of a slice that may be for events, so that they keep no messages out. */
const eventShare = 64

/** The conversation, as its dialogue knows it. */
export interface Setting<R> extends Session<unknown> {
  readonly incoming: Incoming
  readonly outgoing: Outgoing
  readonly deadlines: Deadlines
  readonly owner: Owner
  /** Whether the server stops: what has come is answered, and then it is enough. */
  readonly isStopping: boolean
  /** To be set where this slice leaves something to do. */
  pending: boolean
  /** There is something to do. */
  goOn(): void
  shut(reason: CloseReason): void
  cut(reason: CloseReason): void
  /** Has the connection encrypted. */
  startTls(done: () => void): void
  /** It is not to be, for what is wrong with the peer. */
  refuseTls(error: StartTlsError): void
  fail(cause: Cause.Cause<unknown>): void
  fork(effect: Effect.Effect<void, never, R>): Fiber.RuntimeFiber<void>
}

/** What the protocol and the peer say to one another, a turn at a time: the protocol's side of a conversation. */
export class Dialogue<in out R> {
  requests = 0
  replies = 0
  /** Requests whose turn failed, and messages that the framing did not take. */
  failed = 0
  malformed = 0
  /** Whether a request's turn is under way. */
  isAnswering = false
  private readonly setting: Setting<R>
  private readonly owner: Owner
  private readonly machine: Machine<unknown, R>
  /** Whether requests are counted, and whether messages are told: asked of every message. */
  private readonly isCounted: boolean
  private readonly isHeard: boolean
  private framing: AnyFraming
  private state: unknown = undefined
  /** Events that wait for their turn. */
  private mailbox: Mailbox | undefined = undefined
  private eventsLeft = 0
  /** What runs beside the turns. */
  private beside: Beside<R> | undefined = undefined
  /** Whether `open` was called, and whether its turn was taken. */
  private isOpened = false
  private isServed = false
  private isWoken = false
  /** What the protocol has said: whether it takes messages and events, and whether it owes some. */
  private hears = true
  private heeds = true
  private owes = false
  /** Requests that are not answered in full. */
  private unanswered = 0
  /** Whether a turn is not concluded yet: its messages are still being sent, or its handshake is under way. */
  private isHeld = false
  private isEndTold = false
  private isClosingDue = false
  /** Whether the protocol closes when nothing is owed. */
  private isLast = false

  constructor(machine: Machine<unknown, R>, setting: Setting<R>) {
    this.machine = machine
    this.framing = machine.framing
    this.setting = setting
    this.owner = setting.owner
    this.isCounted = setting.owner.requestsLeft !== Infinity
    this.isHeard = setting.owner.witness.messages
  }

  // What happens.

  wake(): void {
    this.isWoken = true
  }

  /** The mailbox, if the protocol hears of events. */
  get post(): Mailbox | undefined {
    if (this.machine.notified === undefined) return undefined
    return this.mailbox ??= new Mailbox(this.machine.mailbox)
  }

  /** Closes, after the turn under way: also one that is not concluded yet. */
  close(): void {
    if (this.isHeld) this.isClosingDue = true
    else this.setting.shut("ServerClosed")
  }

  /** Nothing more is decided: what runs beside is interrupted, and events are refused. */
  silence(): void {
    this.mailbox?.close()
    this.beside?.interrupt()
  }

  /** What the protocol has for the end, when all that ran beside has ended; undefined if it has nothing. */
  farewell(reason: CloseReason): Effect.Effect<void, unknown, R> | undefined {
    const { closed } = this.machine
    const { beside } = this
    const told = this.isServed && closed !== undefined ? Effect.suspend(() => closed(this.state, reason)) : undefined
    return beside === undefined ? told : Effect.zipRight(beside.ended, told ?? Effect.void)
  }

  /** Whether more is to come for what the peer has asked. */
  get isOwing(): boolean {
    return this.owes || this.isHeld || (this.beside !== undefined && this.beside.owed > 0)
  }

  // Turns.

  /** A slice begins. */
  begin(): void {
    this.eventsLeft = eventShare
  }

  /** What the protocol is to decide next; undefined if it has nothing to, for now or in this slice. */
  next(): Effect.Effect<Turn<R>, unknown, R> | undefined {
    const { machine, mailbox, setting } = this
    if (this.isHeld) return undefined
    if (!this.isOpened) {
      this.isOpened = true
      return machine.open(setting)
    }
    // A peer that does not take what it is sent is sent nothing more.
    if (setting.outgoing.isBlocked) {
      setting.incoming.pause()
      return undefined
    }
    if (setting.outgoing.isFull) {
      setting.pending = true
      return undefined
    }
    if (this.isWoken && machine.wake !== undefined && (this.owes || !setting.isStopping)) {
      this.isWoken = false
      return machine.wake(this.state)
    }
    if (mailbox !== undefined && mailbox.size > 0 && this.heeds && this.eventsLeft > 0) {
      this.eventsLeft--
      return machine.notified!(this.state, mailbox.take())
    }
    const message = this.nextMessage()
    if (message === undefined) return setting.pending ? undefined : this.atRest()
    this.requests++
    if (this.isCounted) this.unanswered++
    setting.deadlines.messageTaken()
    if (this.isHeard) this.tell("Request", message)
    this.isAnswering = true
    return machine.receive(this.state, message)
  }

  private nextMessage(): unknown {
    if (!this.hears || (this.isCounted && this.unanswered >= this.owner.requestsLeft)) return undefined
    const { incoming } = this.setting
    const message = incoming.next()
    if (message !== undefined || incoming.error !== undefined || incoming.isDone) return message
    const { isStopping } = this.setting
    if (!isStopping || !incoming.mayBring()) return incoming.unended(isStopping)
    this.setting.pending = true
    return undefined
  }

  /** Nothing is to be decided for now. If that is so for good, the conversation closes. */
  private atRest(): Effect.Effect<Turn<R>, unknown, R> | undefined {
    const { machine, setting } = this
    const { incoming, isStopping } = setting
    if (this.mailbox !== undefined && this.mailbox.size > 0 && this.heeds) {
      setting.pending = true
    } else if (this.hears && incoming.error !== undefined && (machine.recovers === true || !this.isOwing)) {
      // What is owed for the messages before the fault goes first.
      this.refuse(incoming.error)
    } else if ((incoming.isDone || isStopping) && this.atEnd === "tell") {
      this.isEndTold = true
      return machine.ended!(this.state)
    } else {
      this.countAnswered()
      if (this.isOwing) return undefined
      if (this.isLast) setting.shut("ServerClosed")
      else if (incoming.isDone && this.atEnd === "close") setting.shut("PeerClosed")
      else if (isStopping) setting.shut(incoming.isDone ? "PeerClosed" : "Drained")
    }
    return undefined
  }

  private get atEnd(): AtEnd {
    const { atEnd, ended } = this.machine
    if (atEnd !== undefined) return atEnd(this.state)
    return ended === undefined ? "close" : this.isEndTold ? "hold" : "tell"
  }

  /** Says what is wrong with the peer's bytes, and goes on behind them where that is possible and wanted, or closes. */
  private refuse(error: FramingError): void {
    const { malformed, recovers } = this.machine
    this.malformed++
    for (const words of (malformed ?? this.framing.explain)(error)) this.say(words)
    if (recovers === true && this.setting.incoming.recover()) this.setting.pending = true
    else this.setting.shut(error._tag)
  }

  /** Does what the protocol has decided. */
  take(exit: Exit.Exit<Turn<R>, unknown>): void {
    if (Exit.isFailure(exit)) return this.setting.fail(exit.cause)
    const turn = exit.value
    const { listens, owes, run, send, startTls, wake } = turn
    this.isServed = true
    this.isAnswering = false
    this.state = turn.state
    if (startTls === true && !this.mayStartTls()) return
    if (wake !== undefined) this.wakeAfter(Duration.toMillis(wake))
    if (owes !== undefined) this.owes = owes
    if (listens !== undefined) {
      this.hears = (listens === true || listens === "messages") && !this.isLast
      this.heeds = listens === true || listens === "events"
      // Where the next turn comes at once, that one decides. Who is paused may vanish unseen.
      if (!this.hears && !this.isWoken) this.setting.incoming.pause()
    }
    if (run !== undefined) this.besides.run(run, this.setting.offer, () => this.setting.goOn())
    if (send !== undefined) {
      if (!Array.isArray(send)) return this.stream(turn, send as Stream.Stream<unknown, unknown, R>)
      for (const message of send) this.say(message)
    }
    this.conclude(turn)
  }

  /** What the protocol has decided for when its messages are sent. */
  private conclude(turn: Turn<R>): void {
    if (turn.startTls === true) return this.startTls(turn)
    if (turn.framing !== undefined) this.reframe(turn.framing)
    this.part(turn)
  }

  /** The last of a turn. */
  private part({ close, finish }: Turn<R>): void {
    if (finish === true) this.setting.outgoing.finish()
    if (close === undefined && !this.isClosingDue) return this.countAnswered()
    if (close === true || this.isClosingDue) this.setting.shut("ServerClosed")
    else if (close === "reset") this.setting.cut("ServerReset")
    else {
      if (close === "answered") this.takeLast()
      this.countAnswered()
    }
  }

  /** Whether the peer can be led over to TLS, and has said nothing in the clear that would be taken for what it says by TLS. */
  private mayStartTls(): boolean {
    const { setting } = this
    const { canStartTls, incoming, peer, tls } = setting
    if (!canStartTls) {
      const reason = tls === undefined ? "no way" : "encrypted"
      setting.fail(Cause.fail(new StartTlsUnavailable({ address: peer, reason })))
    } else if (incoming.hasRest()) {
      setting.refuseTls(new HandshakeFailed({ address: peer, fault: "injected" }))
      setting.cut("HandshakeFailed")
    } else {
      return true
    }
    return false
  }

  /** Whatever codecs have of the time before is theirs no more. */
  private startTls(turn: Turn<R>): void {
    // More may have come while a stream was sent.
    if (!this.mayStartTls()) return
    this.isHeld = true
    this.reframe(turn.framing ?? this.framing)
    this.setting.startTls(() => {
      this.isHeld = false
      this.part(turn)
    })
  }

  /** Takes no more messages: when nothing is owed for those there were, it is over. */
  private takeLast(): void {
    this.isLast = true
    this.hears = false
    this.setting.incoming.pause()
  }

  /** Counts the requests that are answered, where nothing is owed: the last that was to be answered is the end. */
  private countAnswered(): void {
    if (this.unanswered === 0 || this.isOwing) return
    const { owner } = this
    for (; this.unanswered > 0; this.unanswered--) owner.answered()
    if (owner.requestsLeft <= 0) this.setting.shut("ServerClosed")
  }

  private wakeAfter(millis: number): void {
    this.isWoken = millis <= 0
    this.setting.deadlines.wakeAfter(this.isWoken ? Infinity : millis)
  }

  private reframe(framing: AnyFraming): void {
    // Safe: a protocol says to a framing what that framing takes.
    const codec = framing.open(this.owner.maxFrame) as Codec<unknown, unknown>
    this.framing = framing
    this.setting.incoming.reframe(codec)
    this.setting.outgoing.reframe(codec)
  }

  private get besides(): Beside<R> {
    return this.beside ??= new Beside<R>((effect) => this.setting.fork(effect), (cause) => this.setting.fail(cause))
  }

  /** Sends a stream of messages; the turn is concluded behind it. */
  private stream(turn: Turn<R>, messages: Stream.Stream<unknown, unknown, R>): void {
    this.isHeld = true
    const { outgoing } = this.setting
    const say = (message: unknown): void => this.say(message)
    const feed = Stream.runForEachChunk(messages, (chunk) => outgoing.feed(Chunk.toReadonlyArray(chunk), say))
    const sent = Effect.sync(() => {
      this.isHeld = false
      this.conclude(turn)
      this.setting.goOn()
    })
    this.besides.start(Effect.zipRight(feed, sent))
  }

  private say(message: unknown): void {
    this.replies++
    if (message instanceof Encoded) {
      this.setting.outgoing.share(message, this.framing)
      if (this.isHeard) this.tell("Reply", message.message)
      return
    }
    this.setting.outgoing.push(message)
    if (this.isHeard) this.tell("Reply", message)
  }

  private tell(_tag: "Request" | "Reply", message: unknown): void {
    const { id, peer } = this.setting
    this.owner.witness.tell({ _tag, id, peer, message })
  }
}
