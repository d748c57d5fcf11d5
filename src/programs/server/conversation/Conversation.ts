import * as Cause from "effect/Cause"
import * as Duration from "effect/Duration"
import * as Effect from "effect/Effect"
import * as Exit from "effect/Exit"
import * as FiberRef from "effect/FiberRef"
import { isDone } from "../../../domain/Done.js"
import type { ConnectionReset } from "../../../domain/NetworkError.js"
import type { Machine, Turn } from "../../../domain/Protocol.js"
import type { CloseReason } from "../../../domain/ServerEvent.js"
import type { Connection, Sink } from "../../../services/Connection.js"
import type { Shape as Observer } from "../../../services/Observer.js"
import { Inbox } from "../../stream/Inbox.js"
import { Outbox } from "../../stream/Outbox.js"
import type { Timers } from "../../stream/Timers.js"
import type { Keeper } from "./Deadlines.js"
import { Deadlines } from "./Deadlines.js"

/** Messages one conversation may take in a turn, so that a flood delays nobody for long. */
const share = 128

/** The network brings what waits at a peer that was paused after it was polled so often: `node:net` reads a round later. */
const pollsToRead = 2

/** How long a peer may take to close a connection that this side has closed, in milliseconds. */
const linger = 1000

/** What the conversations of a server have in common. Times are in milliseconds. */
export interface Host {
  readonly timers: Timers
  readonly observer: Observer
  readonly maxFrame: number
  readonly idleTimeout: number
  readonly requestTimeout: number
  readonly writeTimeout: number
  /** A request has been answered. Gives whether there may be more. */
  readonly answered: () => boolean
  /** The connection is over, and no turn is under way. Called once for each. */
  readonly ended: (conversation: Conversation<unknown>, reason: CloseReason) => void
}

/** Who runs the turns of a conversation. */
export interface Runner {
  /** There is something to do: `turn` is to be called, once the turn under way is over. */
  readonly notify: () => void
  /** The connection was lost in the middle of a turn, which is now for nobody. */
  readonly lost: () => void
}

/**
 * One connection, one codec and one protocol's state.
 *
 * The connection and the clock say what happened; whoever runs the conversation calls `turn`, again and again, while it
 * is `pending`. A turn takes its share of what there is to do, and writes what it has to say at once. No turn begins
 * before the last is over.
 */
export class Conversation<out R> implements Sink, Keeper {
  readonly id: number
  readonly connection: Connection
  readonly openedAt: number
  /** Whether a turn would have something to do. */
  pending = true
  /** Whether a turn is under way. */
  isBusy = false
  /** Whether it is all over. */
  over = false
  requests = 0
  replies = 0
  bytesIn = 0

  private readonly host: Host
  private readonly machine: Machine<unknown, R>
  private readonly inbox: Inbox<unknown>
  private readonly outbox: Outbox<unknown>
  private readonly deadlines: Deadlines
  private runner: Runner | undefined = undefined
  private state: unknown = undefined
  private reason: CloseReason | undefined = undefined
  /** Messages left of this turn's share. */
  private left = 0
  private isOpened = false
  private isWoken = false
  private isSettled = false
  private isStopping = false
  private isClosing = false
  private isGone = false
  private isFlushDue = false
  private isAnswering = false
  /** At the stop, how often the network is still to be asked for more. */
  private polls = 0

  constructor(id: number, connection: Connection, machine: Machine<unknown, R>, host: Host) {
    const codec = machine.framing.open(host.maxFrame)
    this.id = id
    this.connection = connection
    this.host = host
    this.machine = machine
    this.inbox = new Inbox(connection, codec)
    this.outbox = new Outbox(connection, codec)
    this.deadlines = new Deadlines(host.timers, this)
    this.openedAt = this.deadlines.now()
    this.deadlines.idle = this.openedAt + host.idleTimeout
    this.deadlines.arm()
  }

  /** Begins to read, for a runner whose turn it is. */
  start(runner: Runner): void {
    this.runner = runner
    this.connection.open(this)
  }

  // What happens: said by the connection, the clock and the server.

  data(chunk: Uint8Array): void {
    this.bytesIn += chunk.length
    if (this.isClosing) return
    if (this.host.idleTimeout !== Infinity) this.deadlines.idle = this.deadlines.now() + this.host.idleTimeout
    this.deadlines.quiet = Infinity
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
    this.deadlines.write = Infinity
    this.notify()
  }

  closed(error: ConnectionReset | undefined): void {
    this.isGone = true
    this.reason ??= error === undefined ? "PeerClosed" : "ConnectionReset"
    if (this.isBusy) this.runner?.lost()
    else this.finish()
  }

  /** Answers what has been received, then closes. */
  stop(): void {
    this.isStopping = true
    this.notify()
  }

  /** Sends what there is to send and closes, after the turn under way if there is one. */
  close(reason: CloseReason): void {
    if (this.isClosing) return
    this.isClosing = true
    this.reason ??= reason
    if (!this.isBusy) this.hangUp()
  }

  /** Cuts the connection. */
  cut(reason: CloseReason): void {
    this.isClosing = true
    this.reason ??= reason
    this.connection.reset()
  }

  /** The turn under way was interrupted: it will not be over by itself. */
  abandon(): void {
    this.isBusy = false
    if (this.isGone) this.finish()
    else this.cut("Cut")
  }

  private notify(): void {
    this.pending = true
    this.runner?.notify()
  }

  /** What is due is settled, in every phase: a deadline that stayed in the past would be due again at once, for ever. */
  due(now: number): void {
    if (this.deadlines.write <= now) this.checkWrite(now)
    if (this.deadlines.linger <= now) {
      if (this.connection.unsent() > 0) this.deadlines.linger = now + linger
      else this.letGo()
    }
    if (this.deadlines.request <= now) {
      this.deadlines.request = Infinity
      this.close("RequestTimeout")
    }
    if (this.deadlines.idle <= now) {
      // A client that waits for its reply is not idle.
      this.deadlines.idle = this.isBusy ? now + this.host.idleTimeout : Infinity
      if (!this.isBusy) this.close("IdleTimeout")
    }
    if (this.deadlines.quiet <= now) {
      this.deadlines.quiet = Infinity
      this.isSettled = true
      this.notify()
    }
    if (this.deadlines.wake <= now) {
      this.deadlines.wake = Infinity
      this.isWoken = true
      this.notify()
    }
  }

  // A turn: called by whoever runs the conversation.

  /**
   * Does its share of what there is to do. If that takes waiting, the rest of the turn is returned: an Effect that does
   * not fail.
   */
  turn(): Effect.Effect<void, never, R> | undefined {
    this.pending = false
    this.isBusy = true
    this.left = share
    return this.advance()
  }

  /** Goes on with a turn: after an effect that took waiting, with what came of it. */
  private advance(exit?: Exit.Exit<Turn<unknown, unknown>, unknown>): Effect.Effect<void, never, R> | undefined {
    try {
      if (exit !== undefined) this.settle(exit)
      for (let next = this.next(); next !== undefined; next = this.next()) {
        if (!isDone(next)) return this.wait(next)
        this.settle(next)
      }
    } catch (defect) {
      // A protocol or a framing that throws is one that dies: it takes nobody with it.
      this.fail(Cause.die(defect))
    }
    this.rest()
    return undefined
  }

  private wait(next: Effect.Effect<Turn<unknown, unknown>, unknown, R>): Effect.Effect<void, never, R> {
    const rest = Effect.flatMap(Effect.exit(next), (exit) => this.advance(exit) ?? Effect.void)
    if (this.outbox.isEmpty || this.isFlushDue) return rest
    // Replies that are ready do not wait for one that is slow: they leave when this fiber suspends.
    return Effect.withFiberRuntime((fiber) => {
      this.isFlushDue = true
      fiber.getFiberRef(FiberRef.currentScheduler).scheduleTask(() => this.flush(), 0)
      return rest
    })
  }

  /** What the protocol is to do next; undefined if this turn has no more. */
  private next(): Effect.Effect<Turn<unknown, unknown>, unknown, R> | undefined {
    if (this.isClosing || this.isGone) return undefined
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
    if (this.isWoken && wake !== undefined && !this.isStopping) {
      this.isWoken = false
      return wake(this.state)
    }
    if (this.left === 0 || this.outbox.isFull) {
      this.pending = true
      return undefined
    }
    const message = this.receive()
    if (message === undefined) return undefined
    this.left--
    this.requests++
    this.isAnswering = true
    this.deadlines.request = Infinity
    if (this.host.observer.messages) this.tell("Request", message)
    return this.machine.receive(this.state, message)
  }

  /** The next message. If there is none, and will be none, begins to close. */
  private receive(): unknown {
    const message = this.inbox.next()
    if (message !== undefined) return message
    const error = this.inbox.error
    if (error !== undefined) {
      for (const words of (this.machine.malformed ?? this.machine.framing.explain)(error)) this.say(words)
      this.close(error._tag)
    } else if (this.inbox.isDone) {
      this.close("PeerClosed")
    } else if (this.isStopping && this.mayBring()) {
      this.pending = true
    } else if (this.isSettled || this.isStopping) {
      this.isSettled = false
      this.inbox.settle()
      const last = this.inbox.next()
      if (last !== undefined) return last
      if (this.isStopping) this.close("Drained")
    }
    return undefined
  }

  /** Whether a peer that was made to wait may have sent more before the stop: that was received, too. */
  private mayBring(): boolean {
    if (this.inbox.hasResumed) this.polls = pollsToRead
    this.inbox.hasResumed = false
    return this.polls-- > 0
  }

  private settle(exit: Exit.Exit<Turn<unknown, unknown>, unknown>): void {
    if (Exit.isFailure(exit)) return this.fail(exit.cause)
    const turn = exit.value
    this.state = turn.state
    if (turn.send !== undefined) { for (const message of turn.send) this.say(message) }
    if (turn.wake !== undefined) this.deadlines.wake = this.deadlines.now() + Duration.toMillis(turn.wake)
    if (turn.close === true) this.close("ServerClosed")
    if (this.isAnswering && !this.host.answered()) this.close("ServerClosed")
    this.isAnswering = false
  }

  private fail(cause: Cause.Cause<unknown>): void {
    if (!this.isGone) this.host.observer.observe({ _tag: "Failed", id: this.id, peer: this.connection.peer, cause })
    this.close("Failed")
  }

  private say(message: unknown): void {
    this.replies++
    this.outbox.push(message)
    if (this.host.observer.messages) this.tell("Reply", message)
  }

  private tell(_tag: "Request" | "Reply", message: unknown): void {
    this.host.observer.observe({ _tag, id: this.id, peer: this.connection.peer, message })
  }

  /** The end of a turn. */
  private rest(): void {
    this.isBusy = false
    if (this.isGone) return this.finish()
    if (this.isClosing) return this.hangUp()
    this.flush()
    const { deadlines, inbox } = this
    if (inbox.quiet !== undefined) deadlines.quiet = deadlines.now() + inbox.quiet
    if (!inbox.partial) deadlines.request = Infinity
    else if (deadlines.request === Infinity) deadlines.request = deadlines.now() + this.host.requestTimeout
    deadlines.arm()
  }

  private flush(): void {
    this.isFlushDue = false
    if (this.isGone) return
    if (this.outbox.flush() === 0) this.deadlines.write = Infinity
    else if (this.deadlines.write === Infinity) this.checkWrite(this.deadlines.now())
  }

  /** A peer that takes something of what it is sent, however little, is given time again. */
  private checkWrite(now: number): void {
    const stalled = this.outbox.isStalled
    if (stalled && this.deadlines.write <= now) this.cut("WriteTimeout")
    this.deadlines.write = this.connection.unsent() > 0 ? now + this.host.writeTimeout : Infinity
    this.deadlines.arm()
  }

  /**
   * Sends FIN behind what there is to say. Then the peer may take its time to send its own: to let go of a socket that
   * has unread bytes would take the replies back.
   */
  private hangUp(): void {
    this.deadlines.hangUp()
    this.flush()
    if (this.bytesIn === 0) return this.letGo()
    this.connection.end()
    this.inbox.ignore()
    this.deadlines.linger = this.deadlines.now() + linger
    this.deadlines.arm()
  }

  private letGo(): void {
    this.deadlines.linger = Infinity
    this.connection.close()
  }

  private finish(): void {
    if (this.over) return
    this.over = true
    this.pending = false
    this.deadlines.cancel()
    this.host.ended(this, this.reason ?? "PeerClosed")
    this.runner?.notify()
  }
}
