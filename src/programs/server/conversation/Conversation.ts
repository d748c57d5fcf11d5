import * as Cause from "effect/Cause"
import * as Effect from "effect/Effect"
import * as Exit from "effect/Exit"
import type * as Fiber from "effect/Fiber"
import type { Address } from "../../../domain/Address.js"
import { isDone, onTheSpot } from "../../../domain/Done.js"
import type { FramingError } from "../../../domain/Framing.js"
import type { ConnectionReset } from "../../../domain/NetworkError.js"
import type { Machine } from "../../../domain/Protocol.js"
import type { CloseReason } from "../../../domain/ServerEvent.js"
import type { Tls } from "../../../domain/Tls.js"
import type { Connection, Sink, StartTlsError } from "../../../services/Connection.js"
import { ConnectionScope } from "./ConnectionScope.js"
import type { Deadline, Times } from "./Deadlines.js"
import { Deadlines } from "./Deadlines.js"
import type { Setting, Turn } from "./Dialogue.js"
import { Dialogue } from "./Dialogue.js"
import { Incoming } from "./Incoming.js"
import { Latency } from "./Latency.js"
import type { Mailbox } from "./Mailbox.js"
import { Outgoing } from "./Outgoing.js"
import type { Owner } from "./Owner.js"
import { Phase } from "./Phase.js"

/** Turns of a slice, and milliseconds of work, so that a flood delays nobody for long. */
const share = 128
const sliceTime = 1

/**
 * Turns that are done as they are made, between two looks at the stopwatch: it costs as much as a small message. Turns
 * that compute, or wait, are looked at each.
 */
const stride = 16

/** Who runs the slices of a conversation: an engine's. */
export interface Runner<R> {
  /** There is something to do: `slice` is to be called, once the slice under way is done; `later`, not within this call. */
  readonly notify: (later?: boolean) => void
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
export class Conversation<in out R> implements Sink, Setting<R> {
  readonly id: number
  readonly connection: Connection
  /** What its turns acquire is released at its end. */
  readonly scope = new ConnectionScope()
  readonly openedAt: number
  /** Whether a slice would have something to do. */
  pending = true
  /** Whether a slice is under way. */
  isBusy = false
  bytesIn = 0
  readonly owner: Owner
  readonly incoming: Incoming
  readonly outgoing: Outgoing
  readonly deadlines: Deadlines

  phase: Phase = Phase.serving

  private readonly dialogue: Dialogue<R>
  private readonly latency: Latency | undefined
  private runner: Runner<R> | undefined = undefined
  private reason: CloseReason | undefined = undefined
  /** Turns left of this slice's share, and until the next look at the stopwatch; when it began. */
  private left = 0
  private untilLook = stride
  private begun = 0
  private isParting = false
  /** Its `notify`, made once: a room asks for it with each message. */
  private teller: ((event: unknown) => boolean) | undefined = undefined

  constructor(id: number, connection: Connection, machine: Machine<unknown, R>, owner: Owner) {
    const codec = machine.framing.open(owner.maxFrame)
    this.id = id
    this.connection = connection
    this.owner = owner
    this.deadlines = new Deadlines(owner.timers, owner.times, this)
    this.incoming = new Incoming(connection, codec)
    this.outgoing = new Outgoing(connection, codec, this.deadlines, owner)
    this.dialogue = new Dialogue(machine, this)
    this.latency = owner.timings && new Latency(owner.timings, owner.witness.server, owner.millis)
    this.openedAt = this.deadlines.now()
  }

  get server(): string {
    return this.owner.witness.server
  }

  get peer(): Address {
    return this.connection.peer
  }

  get tls(): Tls | undefined {
    return this.connection.tls
  }

  get canStartTls(): boolean {
    return this.connection.startTls !== undefined
  }

  /** Messages taken from the peer, and sent to it. */
  get requests(): number {
    return this.dialogue.requests
  }

  get replies(): number {
    return this.dialogue.replies
  }

  get failed(): number {
    return this.dialogue.failed
  }

  get malformed(): number {
    return this.dialogue.malformed
  }

  get isAnswering(): boolean {
    return this.dialogue.isAnswering
  }

  get isBlocked(): boolean {
    return this.outgoing.isBlocked
  }

  get isStopping(): boolean {
    return this.phase === Phase.stopping
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
    this.latency?.came()
    this.incoming.push(chunk)
    this.goOn()
  }

  end(): void {
    this.incoming.end()
    this.goOn()
  }

  fault(error: FramingError): void {
    this.incoming.fail(error)
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
        else this.connection.close(this.reason)
        return
      case "request":
        // What has come, and had no turn yet, may be the rest of it: the next slice will know.
        if (this.isBusy || this.pending || this.incoming.hasUnread) this.deadlines.postpone()
        else this.shut("RequestTimeout")
        return
      case "idle":
        // A client that waits for its reply is not idle.
        if (this.isBusy || this.pending || this.dialogue.isOwing || this.isTaking) this.deadlines.heard()
        else this.shut("IdleTimeout")
        return
      case "quiet":
        this.incoming.fallQuiet()
        return this.goOn()
      case "wake":
        this.dialogue.wake()
        return this.goOn()
    }
  }

  /** Whether it has still to take what it was sent, where that counts: `writeTimeout` is its limit. */
  private get isTaking(): boolean {
    return this.owner.times.countsSent && this.connection.unsent() > 0
  }

  timesChanged(before: Times): void {
    if (this.phase < Phase.gone) this.deadlines.changed(before, this.connection.unsent(), this.phase >= Phase.closing)
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
    return this.teller ??= (event) => {
      const taken = this.post?.put(event)
      // Whoever tells many is not interrupted by their turns, and one who is told much at once takes it in one slice.
      if (taken === "taken") this.goOn(true)
      else if (taken === "overflow") this.shut("MailboxFull")
      return taken === "taken"
    }
  }

  get offer(): (event: unknown) => Effect.Effect<boolean> {
    return (event) => Effect.suspend(() => this.post?.offer(event, () => this.goOn()) ?? Effect.succeed(false))
  }

  get close(): Effect.Effect<void> {
    return Effect.sync(() => this.dialogue.close())
  }

  get reset(): Effect.Effect<void> {
    return Effect.sync(() => {
      if (this.phase < Phase.gone) this.cut("ServerReset")
    })
  }

  private get post(): Mailbox | undefined {
    return this.phase < Phase.closing ? this.dialogue.post : undefined
  }

  /**
   * Cuts the connection. A client that was told nothing so far is sent FIN before the RST: an RST alone would tell it that it
   * was refused.
   */
  cut(reason: CloseReason): void {
    this.enter(Phase.closing, reason)
    if (this.connection.sent() + this.connection.unsent() === 0) this.connection.end(reason)
    this.connection.reset()
  }

  /** The slice under way was interrupted: it will not be done by itself. */
  abandon(): void {
    this.isBusy = false
    if (this.phase >= Phase.gone) this.finish()
    else this.cut("Cut")
  }

  // Encryption in the middle.

  startTls(done: () => void): void {
    if (this.phase >= Phase.closing) return
    this.outgoing.flush()
    this.connection.startTls!((error) => {
      if (this.phase >= Phase.closing) return
      if (error !== undefined) {
        this.refuseTls(error)
        return this.shut("HandshakeFailed")
      }
      this.deadlines.heard()
      this.owner.witness.tell({ _tag: "Encrypted", id: this.id, peer: this.peer, tls: this.tls! })
      done()
      this.goOn()
    })
  }

  refuseTls(error: StartTlsError): void {
    const fault = error._tag === "HandshakeFailed" ? error.fault : "certificate refused"
    const detail = typeof error.cause === "string" ? { detail: error.cause } : {}
    this.owner.witness.tell({ _tag: "HandshakeFailed", peer: this.peer, fault, ...detail })
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
  goOn(later?: boolean): void {
    if (this.phase >= Phase.closing) return
    this.pending = true
    this.runner?.notify(later)
  }

  fork(effect: Effect.Effect<void, never, R>): Fiber.RuntimeFiber<void> {
    return this.runner!.fork(effect)
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
    this.dialogue.begin()
    this.untilLook = stride
    return this.advance()
  }

  /** Goes on with a slice: after a turn that took waiting, with what came of it. */
  private advance(exit?: Exit.Exit<Turn<R>, unknown>): Effect.Effect<void, never, R> | undefined {
    try {
      if (exit !== undefined) {
        this.takeTimed(exit)
        this.latency?.answered(this.requests, true)
      }
      for (let turn = this.nextTurn(); turn !== undefined; turn = this.nextTurn()) {
        if (isDone(turn)) {
          this.dialogue.take(turn)
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

  private nextTurn(): Effect.Effect<Turn<R>, unknown, R> | undefined {
    if (this.phase >= Phase.closing) return undefined
    if (this.left-- > 0) return this.dialogue.next()
    this.pending = true
    return undefined
  }

  /** What came of a turn that took time. */
  private takeTimed(exit: Exit.Exit<Turn<R>, unknown>): void {
    this.dialogue.take(exit)
    this.look()
  }

  /** Ends the slice if its time is over. */
  private look(): void {
    this.untilLook = stride
    if (this.owner.millis() - this.begun >= sliceTime) this.left = 0
  }

  private wait(turn: Effect.Effect<Turn<R>, unknown, R>): Effect.Effect<void, never, R> {
    const onward = Effect.flatMap(Effect.exit(turn), (exit) => this.advance(exit) ?? Effect.void)
    this.latency?.answered(this.requests - (this.isAnswering ? 1 : 0), true)
    if (this.outgoing.isEmpty || this.outgoing.isFlushDue) return onward
    // Replies that are ready do not wait for one that is slow: they leave when this fiber suspends.
    return Effect.withFiberRuntime((fiber) => {
      this.outgoing.flushSoon(fiber)
      return onward
    })
  }

  /** A turn, or what ran beside it, failed. */
  fail(cause: Cause.Cause<unknown>): void {
    if (this.dialogue.isAnswering) {
      this.dialogue.isAnswering = false
      this.dialogue.failed++
    }
    if (this.phase < Phase.gone) this.report(cause)
    this.shut("Failed")
  }

  private report(cause: Cause.Cause<unknown>): void {
    this.owner.witness.tell({ _tag: "Failed", id: this.id, peer: this.peer, cause })
  }

  private endSlice(): void {
    this.isBusy = false
    this.latency?.answered(this.requests, this.pending)
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
    this.dialogue.silence()
    this.outgoing.flush()
    if (this.bytesIn === 0) return this.connection.close(this.reason)
    this.connection.end(this.reason)
    this.incoming.ignore()
    this.deadlines.lingering()
  }

  /** The connection is over, and no turn is under way. */
  private finish(): void {
    if (this.isParting) return
    this.isParting = true
    this.deadlines.cancel()
    this.outgoing.stalled()
    this.dialogue.silence()
    const farewell = this.dialogue.farewell(this.reason!)
    if (farewell === undefined && this.scope.isEmpty) return this.endLife()
    const report = (cause: Cause.Cause<unknown>) => Effect.sync(() => this.report(cause))
    const parting = Effect.catchAllCause(farewell ?? Effect.void, report).pipe(
      Effect.zipRight(Effect.suspend(() => this.scope.close(Exit.void))),
      Effect.catchAllCause(report),
      Effect.uninterruptible
    )
    this.fork(parting).addObserver(() => this.endLife())
  }

  private endLife(): void {
    this.enter(Phase.over)
    this.owner.ended(this, this.reason ?? "PeerClosed")
    this.runner?.notify()
  }
}
