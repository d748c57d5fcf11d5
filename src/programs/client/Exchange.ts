import * as Deferred from "effect/Deferred"
import * as Duration from "effect/Duration"
import * as Effect from "effect/Effect"
import * as Exit from "effect/Exit"
import * as FiberId from "effect/FiberId"
import * as MutableList from "effect/MutableList"
import type { Scheduler } from "effect/Scheduler"
import type { Address } from "../../domain/Address.js"
import type { Codec, FramingError } from "../../domain/Framing.js"
import { InvalidFrame } from "../../domain/framing/Codec.js"
import type { ConnectionReset } from "../../domain/NetworkError.js"
import { ConnectionClosed, ConnectionRefused, ReplyTimeout } from "../../domain/NetworkError.js"
import type { Connection, Sink } from "../../services/Connection.js"
import { highWaterMark } from "../../services/Connection.js"
import { Inbox } from "../stream/Inbox.js"
import { Outbox } from "../stream/Outbox.js"
import type { Timers } from "../stream/Timers.js"

export type Disconnected = ConnectionRefused | ConnectionReset | ConnectionClosed

type Failure = Disconnected | FramingError | ReplyTimeout

/** Messages nobody has listened to that are kept; the oldest go first. */
const mostUnclaimed = 1000

const unsent = new InvalidFrame({ reason: "an empty message has no bytes in this framing, and no answer" })

/** A message of the server that is waited for, by one who asked or by one who only listens. */
class Expected<In> {
  private exit: Exit.Exit<In, Failure> | undefined = undefined
  private waiters: Array<(exit: Exit.Exit<In, Failure>) => void> | undefined = undefined
  /** When what it answers was sent. */
  sentAt = 0
  isTimedOut = false
  /** Who listened has gone: the message is for the next. A reply, however late, is for nobody else. */
  isWithdrawn = false

  /** Not a Deferred, whose making would be most of what a message costs. */
  readonly wait: Effect.Effect<In, Failure> = Effect.suspend(() =>
    this.exit ?? Effect.async((resume) => {
      ;(this.waiters ??= []).push(resume)
    })
  )

  /** The first outcome stays. */
  settle(exit: Exit.Exit<In, Failure>): void {
    if (this.exit !== undefined) return
    this.exit = exit
    if (this.waiters === undefined) return
    for (const resume of this.waiters) resume(exit)
    this.waiters = undefined
  }
}

/** A message that is to be sent, when there is room for it. */
class Departure<In, Out> {
  readonly message: Out
  readonly answer: Expected<In> | undefined
  resume: (effect: Effect.Effect<void, Disconnected>) => void = () => {}
  isSent = false
  isWithdrawn = false

  constructor(message: Out, answer: Expected<In> | undefined) {
    this.message = message
    this.answer = answer
  }
}

/**
 * The client's side of a conversation. Replies belong to requests by their order; requests may overlap where the
 * framing keeps them apart, and take turns where it does not.
 */
export class Exchange<In, Out> implements Sink {
  readonly gone = Deferred.unsafeMake<Disconnected>(FiberId.none)
  private readonly address: Address
  private readonly connection: Connection
  private readonly codec: Codec<In, Out>
  private readonly inbox: Inbox<In>
  private readonly outbox: Outbox<Out>
  private readonly timers: Timers
  private readonly timeout: number
  private readonly scheduler: Scheduler
  private readonly departures = MutableList.empty<Departure<In, Out>>()
  /** Who waits for the replies to what was sent, in its order. */
  private readonly answers = MutableList.empty<Expected<In>>()
  /** Who waits for what the server says of itself. */
  private readonly listeners = MutableList.empty<Expected<In>>()
  /** What it said of itself, and nobody has listened to. */
  private readonly unclaimed = MutableList.empty<In>()
  private lost: Disconnected | undefined = undefined
  private hasSpoken = false
  private isFlushDue = false
  /** Requests that are neither answered nor timed out. */
  private unanswered = 0
  private answeredAt = -Infinity
  private readonly replyTimer = { at: Infinity, order: 0, slot: 0, expire: (now: number) => this.expire(now) }
  private readonly quietTimer = { at: Infinity, order: 0, slot: 0, expire: () => this.settle() }

  constructor(
    address: Address,
    connection: Connection,
    codec: Codec<In, Out>,
    timers: Timers,
    timeout: number,
    scheduler: Scheduler
  ) {
    this.address = address
    this.connection = connection
    this.codec = codec
    this.inbox = new Inbox(connection, codec)
    this.outbox = new Outbox(connection, codec)
    this.timers = timers
    this.timeout = timeout
    this.scheduler = scheduler
    connection.open(this)
  }

  // What happens: said by the connection.

  data(chunk: Uint8Array): void {
    if (this.lost !== undefined) return
    this.hasSpoken = true
    this.timers.cancel(this.quietTimer)
    this.inbox.push(chunk)
    this.deliver()
  }

  end(): void {
    this.inbox.end()
    this.lose(undefined)
  }

  drain(): void {
    this.depart()
  }

  closed(error: ConnectionReset | undefined): void {
    this.lose(error)
  }

  // What is asked for.

  /** Sends a message, when there is room for it. */
  send(message: Out): Effect.Effect<void, Disconnected> {
    return Effect.suspend(() => this.leave(new Departure<In, Out>(message, undefined)))
  }

  /** Sends a message, when there is room for it, and gives its reply, to be waited for. */
  submit(message: Out): Effect.Effect<Effect.Effect<In, Failure>, Disconnected> {
    return Effect.suspend(() => {
      const answer = new Expected<In>()
      return Effect.as(this.leave(new Departure(message, answer)), answer.wait)
    })
  }

  /** The next message that answers nothing. */
  readonly receive: Effect.Effect<In, Disconnected | FramingError> = Effect.suspend(() => {
    const listener = new Expected<In>()
    MutableList.append(this.listeners, listener)
    this.deliver()
    // Safe: who only listens is not timed.
    const message = listener.wait as Effect.Effect<In, Disconnected | FramingError>
    return Effect.onInterrupt(message, () =>
      Effect.sync(() => {
        listener.isWithdrawn = true
      }))
  })

  /** Writes what is gathered. */
  flush(): void {
    this.isFlushDue = false
    this.outbox.flush()
  }

  /** Sends what is to be sent, and no more. */
  finish(): void {
    this.flush()
    this.connection.end()
  }

  /** The connection is to be closed by this side. */
  close(): void {
    this.flush()
    this.lost ??= new ConnectionClosed(this.address)
    this.failAll()
  }

  private leave(departure: Departure<In, Out>): Effect.Effect<void, Disconnected> {
    if (this.lost !== undefined) return Effect.fail(this.lost)
    MutableList.append(this.departures, departure)
    this.depart()
    if (departure.isSent) return Effect.void
    return Effect.async((resume) => {
      departure.resume = resume
      return Effect.sync(() => {
        departure.isWithdrawn = true
      })
    })
  }

  /** Sends what there is room for. One write takes all that is asked for in one go. */
  private depart(): void {
    while (this.hasRoom) {
      const departure = MutableList.shift(this.departures)
      if (departure === undefined) break
      if (departure.isWithdrawn) continue
      const hasBytes = this.outbox.push(departure.message)
      if (departure.answer !== undefined) {
        if (hasBytes) this.expect(departure.answer)
        else departure.answer.settle(Exit.fail(unsent))
      }
      departure.isSent = true
      departure.resume(Effect.void)
      if (this.outbox.isFull) this.flush()
    }
    if (!this.outbox.isEmpty && !this.isFlushDue) {
      this.isFlushDue = true
      // Not a microtask, which would come too late for a program that runs on a clock of its own.
      this.scheduler.scheduleTask(() => this.flush(), 0)
    }
    if (this.replyTimer.at === Infinity) this.arm()
  }

  private expect(answer: Expected<In>): void {
    if (MutableList.isEmpty(this.answers)) this.setAside()
    answer.sentAt = this.timers.now()
    MutableList.append(this.answers, answer)
    this.unanswered++
  }

  /** What has come before a request is not its reply. */
  private setAside(): void {
    for (let message = this.inbox.next(); message !== undefined; message = this.inbox.next()) {
      MutableList.append(this.unclaimed, message)
      if (MutableList.length(this.unclaimed) > mostUnclaimed) MutableList.shift(this.unclaimed)
    }
  }

  private get hasRoom(): boolean {
    return this.lost === undefined && this.connection.unsent() < highWaterMark &&
      (this.codec.delimited || this.unanswered === 0)
  }

  /** Gives out what has come to those who wait for it: to who asked first, then to who only listens. Without them it stays in the inbox, and the server waits. */
  private deliver(): void {
    let isAnswered = false
    for (let answer = MutableList.head(this.answers); answer !== undefined; answer = MutableList.head(this.answers)) {
      const message = this.inbox.next()
      if (message === undefined) break
      this.answer(answer, Exit.succeed(message))
      isAnswered = true
    }
    if (MutableList.isEmpty(this.answers)) this.tell()
    const { quiet } = this.inbox
    if (isAnswered) this.answeredAt = this.timers.now()
    if (quiet !== undefined && this.quietTimer.at === Infinity) {
      this.timers.schedule(this.quietTimer, this.timers.now() + quiet)
    }
    this.failAll()
    this.arm()
    this.depart()
  }

  /** Tells those who listen what the server says of itself. */
  private tell(): void {
    for (let listener = this.listener(); listener !== undefined; listener = this.listener()) {
      const message = MutableList.shift(this.unclaimed) ?? this.inbox.next()
      if (message === undefined) return
      MutableList.shift(this.listeners)
      listener.settle(Exit.succeed(message))
    }
  }

  private listener(): Expected<In> | undefined {
    while (MutableList.head(this.listeners)?.isWithdrawn === true) MutableList.shift(this.listeners)
    return MutableList.head(this.listeners)
  }

  private answer(first: Expected<In>, exit: Exit.Exit<In, Failure>): void {
    MutableList.shift(this.answers)
    if (!first.isTimedOut) this.unanswered--
    first.settle(exit)
  }

  /** After a fault in what the server sent, or its end, nothing more will come. */
  private failAll(): void {
    const failure = this.inbox.error ?? this.lost
    if (failure === undefined) return
    if (this.lost === undefined) this.connection.close()
    for (let first = MutableList.head(this.answers); first !== undefined; first = MutableList.head(this.answers)) {
      this.answer(first, Exit.fail(failure))
    }
    this.tell()
    for (let next = this.listener(); next !== undefined; next = this.listener()) {
      MutableList.shift(this.listeners)
      next.settle(Exit.fail(failure))
    }
    if (this.lost === undefined) return
    for (let next = MutableList.shift(this.departures); next !== undefined; next = MutableList.shift(this.departures)) {
      next.resume(Effect.fail(this.lost))
    }
  }

  private settle(): void {
    this.inbox.settle()
    this.deliver()
  }

  private lose(error: ConnectionReset | undefined): void {
    if (this.lost !== undefined) return
    this.lost = this.hasSpoken
      ? error ?? new ConnectionClosed(this.address)
      : new ConnectionRefused({ ...this.address, reason: "turned away" })
    Deferred.unsafeDone(this.gone, Effect.succeed(this.lost))
    this.deliver()
  }

  // The time for each reply runs from its request, or from the reply before it if that came later: a server that is
  // asked much at once, and answers steadily, is not late.

  private expire(now: number): void {
    for (const expected of this.answers) {
      if (expected.isTimedOut) continue
      if (this.deadline(expected) > now) break
      expected.isTimedOut = true
      this.unanswered--
      expected.settle(Exit.fail(new ReplyTimeout({ ...this.address, timeout: Duration.millis(this.timeout) })))
    }
    this.arm()
    this.depart()
  }

  private arm(): void {
    for (const expected of this.answers) {
      if (expected.isTimedOut) continue
      const at = this.deadline(expected)
      if (at === Infinity) break
      if (at !== this.replyTimer.at) this.timers.schedule(this.replyTimer, at)
      return
    }
    this.timers.cancel(this.replyTimer)
  }

  private deadline(expected: Expected<In>): number {
    return Math.max(expected.sentAt, this.answeredAt) + this.timeout
  }
}
