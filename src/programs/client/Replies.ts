import * as Duration from "effect/Duration"
import * as Exit from "effect/Exit"
import * as MutableList from "effect/MutableList"
import type { Address } from "../../domain/Address.js"
import { ReplyTimeout } from "../../domain/NetworkError.js"
import type { Timers } from "../../services/Timers.js"
import type { Inbox } from "../stream/Inbox.js"
import type { Failure } from "./Awaited.js"
import { Awaited } from "./Awaited.js"

/** The reply to a request. However late it comes, it is for nobody else. */
export class Reply<In> extends Awaited<In> {
  askedAt = 0
  isTimedOut = false
  /** Whether it is to come for nobody: its time is over, or who waited for it has been interrupted. */
  isOverdue = false
  /** Where it is awaited, once its request has left. */
  replies: Replies<In> | undefined = undefined

  protected override abandoned(): void {
    this.replies?.abandon(this)
  }
}

/** Who is told what nobody waits for. */
export interface Listener<in In> {
  /** Of some replies the time is over. */
  readonly timedOut: () => void
  /** A reply has come after its time. */
  readonly late: (message: In) => void
  /** More replies are to come for nobody than may. */
  readonly unresponsive: (overdue: number) => void
}

/**
 * Replies that are awaited, in the order of their requests.
 *
 * The time for each runs from its request, or from the reply before it if that came later: a server that is asked much
 * at once, and answers steadily, is not late.
 */
export class Replies<In> {
  /** Those that have not come, and may still come in time. */
  due = 0
  private readonly address: Address
  private readonly timers: Timers
  private readonly timeout: number
  private readonly maxOverdue: number
  private overdue = 0
  private readonly listener: Listener<In>
  private readonly queue = MutableList.empty<Reply<In>>()
  private answeredAt = -Infinity
  private isPaused = false
  private readonly timer = { at: Infinity, order: 0, slot: 0, expire: (now: number) => this.expire(now) }

  constructor(address: Address, timers: Timers, timeout: number, maxOverdue: number, listener: Listener<In>) {
    this.address = address
    this.timers = timers
    this.timeout = timeout
    this.maxOverdue = maxOverdue
    this.listener = listener
  }

  /** Whether no reply is to come, not even a late one. */
  get isEmpty(): boolean {
    return MutableList.isEmpty(this.queue)
  }

  /** The request has left. */
  add(reply: Reply<In>): void {
    reply.askedAt = this.timers.now()
    reply.replies = this
    MutableList.append(this.queue, reply)
    this.due++
    if (this.timer.at === Infinity) this.arm()
  }

  /** Who waited for it is gone, and it is still to come. */
  abandon(reply: Reply<In>): void {
    if (reply.isOverdue) return
    reply.isOverdue = true
    if (++this.overdue > this.maxOverdue) this.listener.unresponsive(this.overdue)
  }

  /** Gives out what has come. */
  take(inbox: Inbox<In>): void {
    let hasTaken = false
    while (!this.isEmpty) {
      const message = inbox.next()
      if (message === undefined) break
      if (MutableList.head(this.queue)!.isTimedOut) this.listener.late(message)
      this.completeFirst(Exit.succeed(message))
      hasTaken = true
    }
    if (!hasTaken) return
    this.answeredAt = this.timers.now()
    this.arm()
  }

  /** None will come any more. */
  fail(failure: Failure): void {
    while (!this.isEmpty) this.completeFirst(Exit.fail(failure))
    this.timers.cancel(this.timer)
  }

  /** Their time stands still. */
  pause(): void {
    this.isPaused = true
    this.timers.cancel(this.timer)
  }

  /** Whoever was still in time has all of it again. */
  resume(): void {
    this.isPaused = false
    this.answeredAt = this.timers.now()
    this.arm()
  }

  private completeFirst(exit: Exit.Exit<In, Failure>): void {
    const first = MutableList.shift(this.queue)!
    if (!first.isTimedOut) this.due--
    if (first.isOverdue) this.overdue--
    first.complete(exit)
  }

  private expire(now: number): void {
    const late: Array<Reply<In>> = []
    for (const reply of this.queue) {
      if (reply.isTimedOut) continue
      if (this.deadline(reply) > now) break
      late.push(reply)
    }
    for (const reply of late) {
      reply.isTimedOut = true
      this.due--
      reply.complete(Exit.fail(new ReplyTimeout({ address: this.address, timeout: Duration.millis(this.timeout) })))
    }
    this.arm()
    this.listener.timedOut()
    for (const reply of late) this.abandon(reply)
  }

  private arm(): void {
    if (this.isPaused) return
    for (const reply of this.queue) {
      if (reply.isTimedOut) continue
      const at = this.deadline(reply)
      if (at === Infinity) break
      if (at !== this.timer.at) this.timers.schedule(this.timer, at)
      return
    }
    this.timers.cancel(this.timer)
  }

  private deadline(reply: Reply<In>): number {
    return Math.max(reply.askedAt, this.answeredAt) + this.timeout
  }
}
