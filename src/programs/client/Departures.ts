import * as Effect from "effect/Effect"
import * as Exit from "effect/Exit"
import * as MutableList from "effect/MutableList"
import type { Scheduler } from "effect/Scheduler"
import type { Codec } from "../../domain/Framing.js"
import { InvalidFrame } from "../../domain/framing/Codec.js"
import type { Connection } from "../../services/Connection.js"
import { highWaterMark } from "../../services/Connection.js"
import { Outbox } from "../stream/Outbox.js"
import type { Disconnected } from "./Disconnected.js"
import type { Reply } from "./Replies.js"

const unsent = new InvalidFrame({ reason: "an empty message has no bytes in this framing, and no answer" })

/** A message that is to be sent, and the reply that it is to have, if any. */
class Departure<In, Out> {
  readonly message: Out
  readonly reply: Reply<In> | undefined
  resume: (effect: Effect.Effect<void, Disconnected>) => void = () => {}
  hasLeft = false
  isWithdrawn = false

  constructor(message: Out, reply: Reply<In> | undefined) {
    this.message = message
    this.reply = reply
  }
}

/** Whose turn it is to leave, and who has left: the replies' side of it. */
export interface Asked<In> {
  /** Whether one more request may be under way. */
  readonly hasTurn: () => boolean
  /** A request has left. */
  readonly left: (reply: Reply<In>) => void
}

/** Messages that are to be sent, in their order, when there is room for them. */
export class Departures<In, Out> {
  private readonly connection: Connection
  private readonly outbox: Outbox<Out>
  private readonly scheduler: Scheduler
  private readonly asked: Asked<In>
  private readonly queue = MutableList.empty<Departure<In, Out>>()
  private lost: Disconnected | undefined = undefined
  private isFlushDue = false

  constructor(connection: Connection, codec: Codec<In, Out>, scheduler: Scheduler, asked: Asked<In>) {
    this.connection = connection
    this.outbox = new Outbox(connection, codec)
    this.scheduler = scheduler
    this.asked = asked
  }

  /** One more: waits until it has left. Who is interrupted before has it withdrawn. */
  add(message: Out, reply: Reply<In> | undefined): Effect.Effect<void, Disconnected> {
    if (this.lost !== undefined) return Effect.fail(this.lost)
    const departure = new Departure(message, reply)
    MutableList.append(this.queue, departure)
    this.leave()
    if (departure.hasLeft) return Effect.void
    return Effect.async((resume) => {
      departure.resume = resume
      return Effect.sync(() => {
        departure.isWithdrawn = true
      })
    })
  }

  /** Sends what there is room for. One write takes all that is asked for in one go. */
  leave(): void {
    while (this.hasRoom) {
      const departure = MutableList.shift(this.queue)
      if (departure === undefined) break
      if (departure.isWithdrawn) continue
      const { message, reply } = departure
      const hasBytes = this.outbox.push(message)
      if (reply !== undefined) {
        if (hasBytes) this.asked.left(reply)
        else reply.complete(Exit.fail(unsent))
      }
      departure.hasLeft = true
      departure.resume(Effect.void)
      if (this.outbox.isFull) this.flush()
    }
    if (this.outbox.isEmpty || this.isFlushDue) return
    this.isFlushDue = true
    // Not a microtask, which would come too late for a program that runs on a clock of its own.
    this.scheduler.scheduleTask(() => this.flush(), 0)
  }

  /** Writes what is gathered. */
  flush(): void {
    this.isFlushDue = false
    this.outbox.flush()
  }

  /** None will leave any more. */
  fail(lost: Disconnected): void {
    this.lost = lost
    for (let next = MutableList.shift(this.queue); next !== undefined; next = MutableList.shift(this.queue)) {
      next.resume(Effect.fail(lost))
    }
  }

  private get hasRoom(): boolean {
    return this.lost === undefined && this.connection.unsent() < highWaterMark && this.asked.hasTurn()
  }
}
