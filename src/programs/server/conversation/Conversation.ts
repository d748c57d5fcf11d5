import * as Cause from "effect/Cause"
import * as Chunk from "effect/Chunk"
import * as Duration from "effect/Duration"
import * as Effect from "effect/Effect"
import * as Exit from "effect/Exit"
import type * as Fiber from "effect/Fiber"
import * as Stream from "effect/Stream"
import type { Address } from "../../../domain/Address.js"
import { isDone, onTheSpot } from "../../../domain/Done.js"
import type { AnyFraming, Codec, FramingError } from "../../../domain/Framing.js"
import type { ConnectionReset } from "../../../domain/NetworkError.js"
import type { Machine, Turn as TurnOf } from "../../../domain/Protocol.js"
import type { CloseReason } from "../../../domain/ServerEvent.js"
import type { Session } from "../../../domain/Session.js"
import type { Connection, Sink } from "../../../services/Connection.js"
import type { Witness } from "../../../services/Witness.js"
import type { Timers } from "../../stream/Timers.js"
import { Beside } from "./Beside.js"
import { ConnectionScope } from "./ConnectionScope.js"
import type { Deadline, Times } from "./Deadlines.js"
import { Deadlines } from "./Deadlines.js"
import { Incoming } from "./Incoming.js"
import { Mailbox } from "./Mailbox.js"
import { Outgoing } from "./Outgoing.js"
import { Phase } from "./Phase.js"

type Turn<R> = TurnOf<unknown, unknown, unknown, unknown, R>

/** Turns of a slice, how many of them may be for events, and milliseconds of work, so that a flood delays nobody for long. */
const share = 128
const eventShare = 64
const sliceTime = 1

/**
 * Turns that are done as they are made, between two looks at the stopwatch: it costs as much as a small message. Turns
 * that compute, or wait, are looked at each.
 */
const stride = 16

/** The server, as its conversations know it. */
export interface Owner {
  readonly timers: Timers
  readonly witness: Witness
  /** The stopwatch of work. */
  readonly millis: () => number
  readonly times: Times
  readonly maxFrame: number
  /** Requests that may still be answered, in all. */
  readonly requestsLeft: number
  /** A request has been answered. */
  readonly answered: () => void
  /** The conversation is over. Called once for each. */
  readonly ended: (conversation: Member, reason: CloseReason) => void
}

/** A conversation, as its server knows it. */
export type Member = Pick<
  Conversation<never>,
  "id" | "peer" | "connection" | "openedAt" | "requests" | "replies" | "bytesIn" | "stop" | "shut" | "cut"
>

/** Who runs the slices of a conversation: an engine's. */
export interface Runner<R> {
  /** There is something to do: `slice` is to be called, once the slice under way is done. */
  readonly notify: () => void
  /** The connection was lost in the middle of a slice, which is now for nobody. */
  readonly lost: () => void
  /** Runs something beside the slices, with the conversation's scope. */
  readonly fork: (effect: Effect.Effect<void, never, R>) => Fiber.RuntimeFiber<void>
}

/**
 * One connection, one codec and one protocol's state.
 *
 * A *turn* is one decision of the protocol. A *slice* is what an engine gives a conversation at a time: as many turns as
 * there is something to decide, up to a share; what they have to say is written at once. The contract with the engine is
 * written where `Engine` is.
 */
export class Conversation<in out R> implements Sink, Session<unknown> {
  readonly id: number
  readonly connection: Connection
  /** What its turns acquire is released at its end. */
  readonly scope = new ConnectionScope()
  readonly openedAt: number
  /** Whether a slice would have something to do. */
  pending = true
  /** Whether a slice is under way. */
  isBusy = false
  requests = 0
  replies = 0
  bytesIn = 0

  private readonly owner: Owner
  private readonly machine: Machine<unknown, R>
  private framing: AnyFraming
  private readonly incoming: Incoming
  private readonly outgoing: Outgoing
  private readonly deadlines: Deadlines
  private runner: Runner<R> | undefined = undefined
  private phase: Phase = Phase.serving
  private reason: CloseReason | undefined = undefined
  private state: unknown = undefined
  /** Events that wait for their turn. */
  private mailbox: Mailbox | undefined = undefined
  /** What runs beside the turns. */
  private beside: Beside<R> | undefined = undefined
  /** Whether `open` was called, and whether its turn was taken. */
  private isOpened = false
  private isServed = false
  /** Turns left of this slice's share, those for events, and until the next look at the stopwatch. */
  private left = 0
  private eventsLeft = 0
  private untilLook = stride
  private begun = 0
  /** The protocol is to be woken in the next slice. */
  private isWoken = false
  /** What the protocol has said: whether it takes messages and events, and whether it owes some. */
  private hears = true
  private heeds = true
  private owes = false
  /** Requests that are not answered in full. */
  private unanswered = 0
  /** A turn whose messages are still being sent. */
  private streaming: Turn<R> | undefined = undefined
  private isEndTold = false
  private isClosingDue = false
  private isParting = false

  constructor(id: number, connection: Connection, machine: Machine<unknown, R>, owner: Owner) {
    const codec = machine.framing.open(owner.maxFrame)
    this.id = id
    this.connection = connection
    this.owner = owner
    this.machine = machine
    this.framing = machine.framing
    this.deadlines = new Deadlines(owner.timers, owner.times, this)
    this.incoming = new Incoming(connection, codec)
    this.outgoing = new Outgoing(connection, codec, this.deadlines)
    this.openedAt = this.deadlines.now()
  }

  get peer(): Address {
    return this.connection.peer
  }

  /** Whether it is all over. */
  get over(): boolean {
    return this.phase === Phase.over
  }

  /** Begins to read, for a runner that is ready for its first slice. */
  start(runner: Runner<R>): void {
    this.runner = runner
    this.connection.open(this)
  }

  // What happens: said by the connection, the clock and the server.

  data(chunk: Uint8Array): void {
    this.bytesIn += chunk.length
    if (this.phase >= Phase.closing) return
    this.deadlines.heard()
    this.incoming.push(chunk)
    this.goOn()
  }

  end(): void {
    this.incoming.end()
    this.goOn()
  }

  drain(): void {
    this.outgoing.drained()
    this.goOn()
  }

  closed(error: ConnectionReset | undefined): void {
    this.enter(Phase.gone, error === undefined ? "PeerClosed" : "ConnectionReset")
    if (this.isBusy) this.runner?.lost()
    else this.finish()
  }

  due(deadline: Deadline): void {
    switch (deadline) {
      case "write":
        // A peer that takes something of what it is sent, however little, is given time again.
        if (this.outgoing.hasStalled()) this.cut("WriteTimeout")
        else this.deadlines.wrote(this.connection.unsent())
        return
      case "linger":
        if (this.connection.unsent() > 0) this.deadlines.lingering()
        else this.connection.close()
        return
      case "request":
        return this.shut("RequestTimeout")
      case "idle":
        // A client that waits for its reply is not idle.
        if (this.isBusy || this.pending || this.isOwing) this.deadlines.heard()
        else this.shut("IdleTimeout")
        return
      case "quiet":
        this.incoming.fallQuiet()
        return this.goOn()
      case "wake":
        this.isWoken = true
        return this.goOn()
    }
  }

  /** Answers what has been received, then closes. */
  stop(): void {
    if (this.enter(Phase.stopping)) this.goOn()
  }

  /** Sends what there is to send and closes, after the slice under way if there is one. */
  shut(reason: CloseReason): void {
    if (this.enter(Phase.closing, reason) && !this.isBusy) this.hangUp()
  }

  // What anybody in the program may tell it: its Session.

  get notify(): (event: unknown) => boolean {
    return (event) => {
      const taken = this.post()?.put(event)
      if (taken === "taken") this.goOn()
      else if (taken === "overflow") this.shut("MailboxFull")
      return taken === "taken"
    }
  }

  get offer(): (event: unknown) => Effect.Effect<boolean> {
    return (event) => Effect.suspend(() => this.post()?.offer(event, () => this.goOn()) ?? Effect.succeed(false))
  }

  get close(): Effect.Effect<void> {
    return Effect.sync(() => {
      // A turn whose messages are still being sent is under way.
      if (this.streaming === undefined) this.shut("ServerClosed")
      else this.isClosingDue = true
    })
  }

  private post(): Mailbox | undefined {
    if (this.machine.notified === undefined || this.phase >= Phase.closing) return undefined
    return this.mailbox ??= new Mailbox(this.machine.mailbox)
  }

  /** Cuts the connection. */
  cut(reason: CloseReason): void {
    this.enter(Phase.closing, reason)
    this.connection.reset()
  }

  /** The slice under way was interrupted: it will not be done by itself. */
  abandon(): void {
    this.isBusy = false
    if (this.phase >= Phase.gone) this.finish()
    else this.cut("Cut")
  }

  /** Gives whether it was not there, or further, already. The first reason to close stays. */
  private enter(phase: Phase, reason?: CloseReason): boolean {
    this.reason ??= reason
    if (phase <= this.phase) return false
    this.phase = phase
    if (phase >= Phase.closing) this.pending = false
    return true
  }

  /** There is something to do. */
  private goOn(): void {
    if (this.phase >= Phase.closing) return
    this.pending = true
    this.runner?.notify()
  }

  // A slice: called by whoever runs the conversation.

  /**
   * Takes as many turns as there is something to decide, up to a share. If that takes waiting, the rest of the slice is
   * returned: an Effect that does not fail. It began at `begun` of the stopwatch.
   */
  slice(begun: number): Effect.Effect<void, never, R> | undefined {
    this.pending = false
    this.isBusy = true
    this.begun = begun
    this.left = share
    this.eventsLeft = eventShare
    this.untilLook = stride
    return this.advance()
  }

  /** Goes on with a slice: after a turn that took waiting, with what came of it. */
  private advance(exit?: Exit.Exit<Turn<R>, unknown>): Effect.Effect<void, never, R> | undefined {
    try {
      if (exit !== undefined) this.takeTimed(exit)
      for (let turn = this.nextTurn(); turn !== undefined; turn = this.nextTurn()) {
        if (isDone(turn)) {
          this.take(turn)
          if (--this.untilLook === 0) this.look()
          continue
        }
        const rest = onTheSpot(turn)
        if (!isDone(rest)) return this.wait(rest)
        this.takeTimed(rest)
      }
    } catch (defect) {
      // A protocol or a framing that throws is one that dies: it takes nobody with it.
      this.fail(Cause.die(defect))
    }
    this.endSlice()
    return undefined
  }

  /** What came of a turn that took time. */
  private takeTimed(exit: Exit.Exit<Turn<R>, unknown>): void {
    this.take(exit)
    this.look()
  }

  /** Ends the slice if its time is over. */
  private look(): void {
    this.untilLook = stride
    if (this.owner.millis() - this.begun >= sliceTime) this.left = 0
  }

  private wait(turn: Effect.Effect<Turn<R>, unknown, R>): Effect.Effect<void, never, R> {
    const onward = Effect.flatMap(Effect.exit(turn), (exit) => this.advance(exit) ?? Effect.void)
    if (this.outgoing.isEmpty) return onward
    // Replies that are ready do not wait for one that is slow: they leave when this fiber suspends.
    return Effect.withFiberRuntime((fiber) => {
      this.outgoing.flushSoon(fiber)
      return onward
    })
  }

  /** What the protocol is to decide next; undefined if this slice has no more. */
  private nextTurn(): Effect.Effect<Turn<R>, unknown, R> | undefined {
    const { machine, mailbox } = this
    if (this.phase >= Phase.closing || this.streaming !== undefined) return undefined
    if (!this.isOpened) {
      this.isOpened = true
      return machine.open(this)
    }
    // A peer that does not take what it is sent is sent nothing more.
    if (this.outgoing.isBlocked) {
      this.incoming.pause()
      return undefined
    }
    if (this.left === 0 || this.outgoing.isFull) {
      this.pending = true
      return undefined
    }
    this.left--
    if (this.isWoken && machine.wake !== undefined && (this.phase === Phase.serving || this.owes)) {
      this.isWoken = false
      return machine.wake(this.state)
    }
    if (mailbox !== undefined && mailbox.size > 0 && this.heeds && this.eventsLeft > 0) {
      this.eventsLeft--
      return machine.notified!(this.state, mailbox.take())
    }
    const message = this.nextMessage()
    if (message === undefined) return this.pending ? undefined : this.atRest()
    this.requests++
    this.unanswered++
    this.deadlines.messageTaken()
    if (this.owner.witness.messages) this.tell("Request", message)
    return machine.receive(this.state, message)
  }

  private nextMessage(): unknown {
    if (!this.hears || this.unanswered >= this.owner.requestsLeft) return undefined
    const { incoming } = this
    const message = incoming.next()
    if (message !== undefined || incoming.error !== undefined || incoming.isDone) return message
    const isStopping = this.phase === Phase.stopping
    if (!isStopping || !incoming.mayBring()) return incoming.unended(isStopping)
    this.pending = true
    return undefined
  }

  /** Nothing is to be decided for now. If that is so for good, begins to close. */
  private atRest(): Effect.Effect<Turn<R>, unknown, R> | undefined {
    const { incoming, machine } = this
    const isStopping = this.phase === Phase.stopping
    if (this.mailbox !== undefined && this.mailbox.size > 0 && this.heeds) {
      this.pending = true
    } else if (this.hears && incoming.error !== undefined) {
      this.refuse(incoming.error)
    } else if ((incoming.isDone || isStopping) && machine.ended !== undefined && !this.isEndTold) {
      this.isEndTold = true
      return machine.ended(this.state)
    } else {
      this.settleUp()
      if (this.isOwing) return undefined
      if (incoming.isDone && machine.ended === undefined) this.shut("PeerClosed")
      else if (isStopping) this.shut(incoming.isDone ? "PeerClosed" : "Drained")
    }
    return undefined
  }

  /** Says what is wrong with the peer's bytes, and goes on behind them where that is possible and wanted, or closes. */
  private refuse(error: FramingError): void {
    const { malformed, recovers } = this.machine
    for (const words of (malformed ?? this.framing.explain)(error)) this.say(words)
    if (recovers === true && this.incoming.recover()) this.pending = true
    else this.shut(error._tag)
  }

  /** Does what the protocol has decided. */
  private take(exit: Exit.Exit<Turn<R>, unknown>): void {
    if (Exit.isFailure(exit)) return this.fail(exit.cause)
    const turn = exit.value
    const { listens, owes, run, send, wake } = turn
    this.isServed = true
    this.state = turn.state
    if (wake !== undefined) this.wakeAfter(Duration.toMillis(wake))
    if (owes !== undefined) this.owes = owes
    if (listens !== undefined) {
      this.hears = listens === true || listens === "messages"
      this.heeds = listens === true || listens === "events"
      if (!this.hears) this.incoming.pause()
    }
    if (run !== undefined) this.besides.run(run, this.offer, () => this.goOn())
    if (send !== undefined) {
      if (!Array.isArray(send)) return this.stream(turn, send as Stream.Stream<unknown, unknown, R>)
      for (const message of send) this.say(message)
    }
    this.conclude(turn)
  }

  /** What the protocol has decided for when its messages are sent. */
  private conclude({ close, framing }: Turn<R>): void {
    if (framing !== undefined) this.reframe(framing)
    if (close === true || this.isClosingDue) this.shut("ServerClosed")
    else this.settleUp()
  }

  /** Counts the requests that are answered, where nothing is owed: the last that was to be answered is the end. */
  private settleUp(): void {
    if (this.unanswered === 0 || this.isOwing) return
    for (; this.unanswered > 0; this.unanswered--) this.owner.answered()
    if (this.owner.requestsLeft <= 0) this.shut("ServerClosed")
  }

  /** Whether more is to come for what the peer has asked. */
  private get isOwing(): boolean {
    return this.owes || this.streaming !== undefined || (this.beside !== undefined && this.beside.owed > 0)
  }

  private wakeAfter(millis: number): void {
    this.isWoken = millis <= 0
    this.deadlines.wakeAfter(this.isWoken ? Infinity : millis)
  }

  private reframe(framing: AnyFraming): void {
    // Safe: a protocol says to a framing what that framing takes.
    const codec = framing.open(this.owner.maxFrame) as Codec<unknown, unknown>
    this.framing = framing
    this.incoming.reframe(codec)
    this.outgoing.reframe(codec)
  }

  // What runs beside the slices.

  private get besides(): Beside<R> {
    return this.beside ??= new Beside<R>((effect) => this.runner!.fork(effect), (cause) => this.fail(cause))
  }

  /** Sends a stream of messages; the turn is concluded behind it. */
  private stream(turn: Turn<R>, messages: Stream.Stream<unknown, unknown, R>): void {
    this.streaming = turn
    const say = (message: unknown): void => this.say(message)
    const feed = Stream.runForEachChunk(messages, (chunk) => this.outgoing.feed(Chunk.toReadonlyArray(chunk), say))
    const sent = Effect.sync(() => {
      this.streaming = undefined
      this.conclude(turn)
      this.goOn()
    })
    this.besides.start(Effect.zipRight(feed, sent))
  }

  private fail(cause: Cause.Cause<unknown>): void {
    if (this.phase < Phase.gone) this.report(cause)
    this.shut("Failed")
  }

  private report(cause: Cause.Cause<unknown>): void {
    this.owner.witness.tell({ _tag: "Failed", id: this.id, peer: this.peer, cause })
  }

  private say(message: unknown): void {
    this.replies++
    this.outgoing.push(message)
    if (this.owner.witness.messages) this.tell("Reply", message)
  }

  private tell(_tag: "Request" | "Reply", message: unknown): void {
    this.owner.witness.tell({ _tag, id: this.id, peer: this.peer, message })
  }

  private endSlice(): void {
    this.isBusy = false
    if (this.phase >= Phase.gone) return this.finish()
    if (this.phase === Phase.closing) return this.hangUp()
    this.outgoing.flush()
    this.deadlines.waitsFor(this.incoming.partial, this.incoming.quiet)
  }

  /**
   * Sends FIN behind what there is to say: once, when the phase `closing` has begun and no slice is under way. Then the peer
   * may take its time to send its own: to let go of a socket that has unread bytes would take the replies back.
   */
  private hangUp(): void {
    this.deadlines.closing()
    this.mailbox?.close()
    this.beside?.interrupt()
    this.outgoing.flush()
    if (this.bytesIn === 0) return this.connection.close()
    this.connection.end()
    this.incoming.ignore()
    this.deadlines.lingering()
  }

  /** The connection is over, and no turn is under way. */
  private finish(): void {
    if (this.isParting) return
    this.isParting = true
    this.deadlines.cancel()
    this.mailbox?.close()
    this.beside?.interrupt()
    const { closed } = this.machine
    const isServed = this.isServed && closed !== undefined
    if (!isServed && this.beside === undefined && this.scope.isEmpty) return this.endLife()
    const told = isServed
      ? Effect.catchAllCause(
        Effect.suspend(() => closed(this.state, this.reason!)),
        (cause) => Effect.sync(() => this.report(cause))
      )
      : Effect.void
    const parting = Effect.suspend(() => this.beside?.ended ?? Effect.void).pipe(
      Effect.zipRight(told),
      Effect.zipRight(Effect.suspend(() => this.scope.close(Exit.void))),
      Effect.catchAllCause((cause) => Effect.sync(() => this.report(cause))),
      Effect.uninterruptible
    )
    this.runner!.fork(parting).addObserver(() => this.endLife())
  }

  private endLife(): void {
    this.enter(Phase.over)
    this.owner.ended(this, this.reason ?? "PeerClosed")
    this.runner?.notify()
  }
}
