import * as Cause from "effect/Cause"
import * as Duration from "effect/Duration"
import * as Effect from "effect/Effect"
import * as Exit from "effect/Exit"
import * as FiberRef from "effect/FiberRef"
import { isDone, onTheSpot } from "../../../domain/Done.js"
import type { ConnectionReset } from "../../../domain/NetworkError.js"
import type { Machine, Turn } from "../../../domain/Protocol.js"
import type { CloseReason } from "../../../domain/ServerEvent.js"
import type { Connection, Sink } from "../../../services/Connection.js"
import type { Shape as Observer } from "../../../services/Observer.js"
import { Inbox } from "../../stream/Inbox.js"
import { Outbox } from "../../stream/Outbox.js"
import type { Timers } from "../../stream/Timers.js"
import type { Deadline, Times } from "./Deadlines.js"
import { Deadlines } from "./Deadlines.js"
import { Phase } from "./Phase.js"

/** Messages of a slice, and milliseconds of work, so that a flood delays nobody for long. */
const share = 128
const sliceTime = 1

/**
 * Turns that are done as they are made, between two looks at the stopwatch: it costs as much as a small message. Turns
 * that compute, or wait, are looked at each.
 */
const stride = 16

/** The network brings what waits at a peer that was paused after it was polled so often: `node:net` reads a round later. */
const pollsToRead = 2

/** The server, as its conversations know it. */
export interface Owner {
  readonly timers: Timers
  readonly observer: Observer
  /** The stopwatch of work. */
  readonly millis: () => number
  readonly times: Times
  readonly maxFrame: number
  /** A request has been answered. Gives whether there may be more. */
  readonly answered: () => boolean
  /** The conversation is over. Called once for each. */
  readonly ended: (conversation: Conversation<unknown>, reason: CloseReason) => void
}

/** Who runs the slices of a conversation: an engine's. */
export interface Runner {
  /** There is something to do: `slice` is to be called, once the slice under way is done. */
  readonly notify: () => void
  /** The connection was lost in the middle of a slice, which is now for nobody. */
  readonly lost: () => void
}

/**
 * One connection, one codec and one protocol's state.
 *
 * A *turn* is one decision of the protocol. A *slice* is what an engine gives a conversation at a time: as many turns as
 * there is something to decide, up to a share; what they have to say is written at once. The contract with the engine is
 * written where `Engine` is.
 */
export class Conversation<out R> implements Sink {
  readonly id: number
  readonly connection: Connection
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
  private readonly inbox: Inbox<unknown>
  private readonly outbox: Outbox<unknown>
  private readonly deadlines: Deadlines
  private runner: Runner | undefined = undefined
  private phase: Phase = Phase.serving
  private reason: CloseReason | undefined = undefined
  private state: unknown = undefined
  private isOpened = false
  /** Messages left of this slice's share, and until the next look at the stopwatch. */
  private left = 0
  private untilLook = stride
  private begun = 0
  /** What the clock has brought for the next slice: the protocol's wake, the silence that makes a message. */
  private isWoken = false
  private isSettled = false
  private isFlushDue = false
  private isAnswering = false
  /** At the stop, how often the network is still to be asked for more. */
  private polls = 0

  constructor(id: number, connection: Connection, machine: Machine<unknown, R>, owner: Owner) {
    const codec = machine.framing.open(owner.maxFrame)
    this.id = id
    this.connection = connection
    this.owner = owner
    this.machine = machine
    this.inbox = new Inbox(connection, codec)
    this.outbox = new Outbox(connection, codec)
    this.deadlines = new Deadlines(owner.timers, owner.times, this)
    this.openedAt = this.deadlines.now()
  }

  /** Whether it is all over. */
  get over(): boolean {
    return this.phase === Phase.over
  }

  /** Begins to read, for a runner that is ready for its first slice. */
  start(runner: Runner): void {
    this.runner = runner
    this.connection.open(this)
  }

  // What happens: said by the connection, the clock and the server.

  data(chunk: Uint8Array): void {
    this.bytesIn += chunk.length
    if (this.phase >= Phase.closing) return
    this.deadlines.heard()
    this.isSettled = false
    this.inbox.push(chunk)
    this.notify()
  }

  end(): void {
    this.inbox.end()
    this.notify()
  }

  drain(): void {
    this.outbox.drained()
    this.deadlines.wrote(0)
    this.notify()
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
        if (this.outbox.hasStalled()) this.cut("WriteTimeout")
        else this.deadlines.wrote(this.connection.unsent())
        return
      case "linger":
        if (this.connection.unsent() > 0) this.deadlines.lingering()
        else this.connection.close()
        return
      case "request":
        return this.close("RequestTimeout")
      case "idle":
        // A client that waits for its reply is not idle.
        if (this.isBusy) this.deadlines.heard()
        else this.close("IdleTimeout")
        return
      case "quiet":
        this.isSettled = true
        return this.notify()
      case "wake":
        this.isWoken = true
        return this.notify()
    }
  }

  /** Answers what has been received, then closes. */
  stop(): void {
    if (this.enter(Phase.stopping)) this.notify()
  }

  /** Sends what there is to send and closes, after the slice under way if there is one. */
  close(reason: CloseReason): void {
    if (this.enter(Phase.closing, reason) && !this.isBusy) this.hangUp()
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

  private notify(): void {
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
    this.untilLook = stride
    return this.advance()
  }

  /** Goes on with a slice: after a turn that took waiting, with what came of it. */
  private advance(exit?: Exit.Exit<Turn<unknown, unknown>, unknown>): Effect.Effect<void, never, R> | undefined {
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
  private takeTimed(exit: Exit.Exit<Turn<unknown, unknown>, unknown>): void {
    this.take(exit)
    this.look()
  }

  /** Ends the slice if its time is over. */
  private look(): void {
    this.untilLook = stride
    if (this.owner.millis() - this.begun >= sliceTime) this.left = 0
  }

  private wait(turn: Effect.Effect<Turn<unknown, unknown>, unknown, R>): Effect.Effect<void, never, R> {
    const onward = Effect.flatMap(Effect.exit(turn), (exit) => this.advance(exit) ?? Effect.void)
    if (this.outbox.isEmpty || this.isFlushDue) return onward
    // Replies that are ready do not wait for one that is slow: they leave when this fiber suspends.
    return Effect.withFiberRuntime((fiber) => {
      this.isFlushDue = true
      fiber.getFiberRef(FiberRef.currentScheduler).scheduleTask(() => this.flush(), 0)
      return onward
    })
  }

  /** What the protocol is to decide next; undefined if this slice has no more. */
  private nextTurn(): Effect.Effect<Turn<unknown, unknown>, unknown, R> | undefined {
    if (this.phase >= Phase.closing) return undefined
    if (!this.isOpened) {
      this.isOpened = true
      return this.machine.open(this.connection.peer)
    }
    // A peer that does not take what it is sent is sent nothing more.
    if (this.outbox.isBlocked) {
      this.inbox.pause()
      return undefined
    }
    const wake = this.machine.wake
    if (this.isWoken && wake !== undefined && this.phase === Phase.serving) {
      this.isWoken = false
      return wake(this.state)
    }
    if (this.left === 0 || this.outbox.isFull) {
      this.pending = true
      return undefined
    }
    const message = this.nextMessage()
    if (message === undefined) return undefined
    this.left--
    this.requests++
    this.isAnswering = true
    this.deadlines.messageTaken()
    if (this.owner.observer.messages) this.tell("Request", message)
    return this.machine.receive(this.state, message)
  }

  /** The next message. If there is none, and will be none, begins to close. */
  private nextMessage(): unknown {
    const message = this.inbox.next()
    if (message !== undefined) return message
    const isStopping = this.phase === Phase.stopping
    const error = this.inbox.error
    if (error !== undefined) {
      for (const words of (this.machine.malformed ?? this.machine.framing.explain)(error)) this.say(words)
      this.close(error._tag)
    } else if (this.inbox.isDone) {
      this.close("PeerClosed")
    } else if (isStopping && this.mayBring()) {
      this.pending = true
    } else if (this.isSettled || isStopping) {
      this.isSettled = false
      this.inbox.settle()
      const last = this.inbox.next()
      if (last !== undefined) return last
      if (isStopping) this.close("Drained")
    }
    return undefined
  }

  /** Whether a peer that was made to wait may have sent more before the stop: that was received, too. */
  private mayBring(): boolean {
    if (this.inbox.hasResumed) this.polls = pollsToRead
    this.inbox.hasResumed = false
    return this.polls-- > 0
  }

  /** Does what the protocol has decided. */
  private take(exit: Exit.Exit<Turn<unknown, unknown>, unknown>): void {
    if (Exit.isFailure(exit)) return this.fail(exit.cause)
    const turn = exit.value
    this.state = turn.state
    if (turn.send !== undefined) { for (const message of turn.send) this.say(message) }
    if (turn.wake !== undefined) this.deadlines.wakeAfter(Duration.toMillis(turn.wake))
    if (turn.close === true) this.close("ServerClosed")
    if (this.isAnswering && !this.owner.answered()) this.close("ServerClosed")
    this.isAnswering = false
  }

  private fail(cause: Cause.Cause<unknown>): void {
    if (this.phase < Phase.gone) {
      this.owner.observer.observe({ _tag: "Failed", id: this.id, peer: this.connection.peer, cause })
    }
    this.close("Failed")
  }

  private say(message: unknown): void {
    this.replies++
    this.outbox.push(message)
    if (this.owner.observer.messages) this.tell("Reply", message)
  }

  private tell(_tag: "Request" | "Reply", message: unknown): void {
    this.owner.observer.observe({ _tag, id: this.id, peer: this.connection.peer, message })
  }

  private endSlice(): void {
    this.isBusy = false
    if (this.phase >= Phase.gone) return this.finish()
    if (this.phase === Phase.closing) return this.hangUp()
    this.flush()
    this.deadlines.waitsFor(this.inbox.partial, this.inbox.quiet)
  }

  private flush(): void {
    this.isFlushDue = false
    if (this.phase >= Phase.gone) return
    if (this.deadlines.wrote(this.outbox.flush())) this.outbox.mark()
  }

  /**
   * Sends FIN behind what there is to say: once, when the phase `closing` has begun and no slice is under way. Then the peer
   * may take its time to send its own: to let go of a socket that has unread bytes would take the replies back.
   */
  private hangUp(): void {
    this.deadlines.closing()
    this.flush()
    if (this.bytesIn === 0) return this.connection.close()
    this.connection.end()
    this.inbox.ignore()
    this.deadlines.lingering()
  }

  private finish(): void {
    if (!this.enter(Phase.over)) return
    this.deadlines.cancel()
    this.owner.ended(this, this.reason ?? "PeerClosed")
    this.runner?.notify()
  }
}
