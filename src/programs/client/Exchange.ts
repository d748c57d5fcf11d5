import * as Deferred from "effect/Deferred"
import * as Effect from "effect/Effect"
import * as Exit from "effect/Exit"
import * as FiberId from "effect/FiberId"
import * as Option from "effect/Option"
import type { Scheduler } from "effect/Scheduler"
import type { Address } from "../../domain/Address.js"
import type { Codec, FramingError, UnsendableMessage } from "../../domain/Framing.js"
import type { ConnectionReset, Disconnected } from "../../domain/NetworkError.js"
import { ConnectionClosed, Unresponsive } from "../../domain/NetworkError.js"
import type { Connection, Sink } from "../../services/Connection.js"
import type { Timers } from "../../services/Timers.js"
import { Inbox } from "../stream/Inbox.js"
import type { Failure, Loss } from "./Awaited.js"
import { Departures } from "./Departures.js"
import { disconnected } from "./disconnected.js"
import { Listeners } from "./Listeners.js"
import { Reading } from "./Reading.js"
import { Replies, Reply } from "./Replies.js"

/** How long and how much a client takes of its server. */
export interface Patience {
  /** Milliseconds for each reply. */
  readonly timeout: number
  /** Replies that the server may owe to requests for which nobody waits any more. */
  readonly maxOverdue: number
  /** Whether a reply that comes after its time is kept for who listens. */
  readonly isLateReceived: boolean
}

/**
 * The client's side of a conversation. Replies belong to requests by their order; requests may overlap where the
 * framing keeps them apart, and take turns where it does not.
 */
export class Exchange<In, Out> implements Sink {
  readonly gone = Deferred.unsafeMake<Disconnected>(FiberId.none)
  /** Nothing can be asked any more: with the reason, unless this side has closed the connection. */
  readonly over = Deferred.unsafeMake<Option.Option<Loss>>(FiberId.none)
  private readonly address: Address
  private readonly connection: Connection
  private readonly reading: Reading
  private readonly inbox: Inbox<In>
  private readonly departures: Departures<In, Out>
  private readonly replies: Replies<In>
  private readonly listeners = new Listeners<In>()
  private readonly timers: Timers
  private lost: Disconnected | undefined = undefined
  /** Whether the server has said anything. */
  hasSpoken = false
  /** What the server had begun to say before it was asked is not yet whole. */
  private isUnaskedBegun = false
  private pauses = 0
  private readonly quietTimer = { at: Infinity, order: 0, slot: 0, expire: () => this.settle() }

  constructor(
    address: Address,
    connection: Connection,
    codec: Codec<In, Out>,
    timers: Timers,
    scheduler: Scheduler,
    { isLateReceived, maxOverdue, timeout }: Patience
  ) {
    this.address = address
    this.connection = connection
    this.timers = timers
    this.reading = new Reading(connection)
    this.inbox = new Inbox(this.reading, codec)
    this.replies = new Replies(address, timers, timeout, maxOverdue, {
      timedOut: () => this.departures.leave(),
      late: (message) => isLateReceived && this.listeners.keep(message),
      unresponsive: (overdue) => this.giveUp(overdue)
    })
    this.departures = new Departures(connection, codec, scheduler, {
      hasTurn: () => {
        if (this.replies.isEmpty) this.setAside()
        // What only silence ends is let finish.
        if (this.isUnaskedBegun && this.inbox.quiet !== undefined) return false
        return codec.delimited || this.replies.due === 0
      },
      left: (reply) => this.replies.add(reply)
    })
    connection.open(this)
  }

  // What happens: said by the connection.

  data(chunk: Uint8Array): void {
    if (this.lost !== undefined) return
    this.hasSpoken = true
    this.timers.cancel(this.quietTimer)
    this.inbox.push(chunk)
    if (this.pauses === 0) this.deliver()
  }

  end(): void {
    this.inbox.end()
    this.lose(undefined)
    // Nothing more is sent to it, and it need not wait for that.
    this.connection.end()
  }

  fault(error: FramingError): void {
    this.inbox.fail(error)
    if (this.pauses === 0) this.deliver()
  }

  drain(): void {
    this.departures.leave()
  }

  closed(error: ConnectionReset | undefined): void {
    this.lose(error)
  }

  // What is asked for.

  /** Sends a message, when there is room for it. */
  send(message: Out): Effect.Effect<void, Disconnected | UnsendableMessage> {
    return Effect.suspend(() => this.departures.add(message, undefined))
  }

  /** Sends a message, when there is room for it, and gives its reply, to be waited for. */
  submit(message: Out): Effect.Effect<Effect.Effect<In, Failure>, Disconnected | UnsendableMessage> {
    return Effect.suspend(() => {
      const reply = new Reply<In>()
      return Effect.as(this.departures.add(message, reply), reply.wait)
    })
  }

  /** The next message that answers nothing. */
  readonly receive: Effect.Effect<In, Disconnected | FramingError> = Effect.suspend(() => {
    const message = this.listeners.add()
    if (this.pauses === 0) this.deliver()
    return message
  })

  /** Nothing more is read, so that the server is made to wait, and the time for its replies stands still. */
  pause(): void {
    if (this.pauses++ > 0) return
    this.reading.pause()
    this.replies.pause()
  }

  resume(): void {
    if (--this.pauses > 0) return
    this.replies.resume()
    this.deliver()
    this.reading.resume()
  }

  /** Sends what is to be sent, and no more. */
  finish(): void {
    this.departures.flush()
    this.connection.end()
  }

  /** The connection is to be closed by this side. */
  close(): void {
    this.departures.flush()
    this.lost ??= new ConnectionClosed({ address: this.address })
    Deferred.unsafeDone(this.over, Exit.succeed(Option.none()))
    this.failAll()
  }

  /** The connection is closed at once. */
  hangUp(): void {
    this.close()
    this.connection.close()
  }

  get isOver(): boolean {
    return this.lost !== undefined || this.inbox.error !== undefined
  }

  /** Gives out what has come: to who asked first, then to who only listens. Without them it stays in the inbox, and the server waits. */
  private deliver(): void {
    if (this.isUnaskedBegun) this.finishUnasked()
    if (!this.isUnaskedBegun) this.replies.take(this.inbox)
    this.listeners.tell(this.replies.isEmpty ? this.inbox : undefined)
    this.awaitSilence()
    this.failAll()
    this.departures.leave()
  }

  /** What has come before a request is not its reply, nor is what has begun to come. */
  private setAside(): void {
    this.listeners.claim(this.inbox)
    this.isUnaskedBegun = this.inbox.partial
    this.awaitSilence()
  }

  private finishUnasked(): void {
    const message = this.inbox.next()
    if (message === undefined) return
    this.isUnaskedBegun = false
    this.listeners.keep(message)
  }

  /** After a fault in what the server sent, or its end, nothing more will come. */
  private failAll(): void {
    const failure = this.inbox.error ?? this.lost
    if (failure === undefined) return
    if (this.lost === undefined) this.connection.close()
    this.replies.fail(failure)
    this.listeners.tell(this.inbox)
    this.listeners.fail(failure)
    this.departures.fail(this.lost ?? new ConnectionClosed({ address: this.address }))
    Deferred.unsafeDone(this.over, Exit.succeed(Option.some(failure)))
  }

  private awaitSilence(): void {
    const { quiet } = this.inbox
    if (quiet === undefined || this.quietTimer.at !== Infinity) return
    this.timers.schedule(this.quietTimer, this.timers.now() + quiet)
  }

  private settle(): void {
    if (this.pauses > 0) return
    this.inbox.settle()
    this.deliver()
  }

  private giveUp(overdue: number): void {
    if (this.lost !== undefined) return
    this.connection.reset()
    this.leave(new Unresponsive({ address: this.address, overdue }))
  }

  private lose(error: ConnectionReset | undefined): void {
    if (this.lost !== undefined) return
    this.leave(disconnected(this.address, this.hasSpoken, error, this.connection.farewell))
  }

  private leave(lost: Disconnected): void {
    this.lost = lost
    Deferred.unsafeDone(this.gone, Exit.succeed(lost))
    this.deliver()
  }
}
