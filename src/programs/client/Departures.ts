import * as Effect from "effect/Effect"
import * as MutableList from "effect/MutableList"
import type { Scheduler } from "effect/Scheduler"
import type { Codec } from "../../domain/Framing.js"
import { UnsendableMessage } from "../../domain/framing/Codec.js"
import type { Disconnected } from "../../domain/NetworkError.js"
import type { Connection } from "../../services/Connection.js"
import { highWaterMark } from "../../services/Connection.js"
import { Outbox } from "../stream/Outbox.js"
import type { Reply } from "./Replies.js"

const noBytes = "an empty message has no bytes in this framing, and no answer"

/** That a message has left, or why it has not. */
type Outcome = Effect.Effect<void, Disconnected | UnsendableMessage>

/** A message that is to be sent, and the reply that it is to have, if any. */
class Departure<In, Out> {
  readonly message: Out
  readonly reply: Reply<In> | undefined
  resume: (outcome: Outcome) => void = () => {}
  outcome: Outcome | undefined = undefined
  isWithdrawn = false

  constructor(message: Out, reply: Reply<In> | undefined) {
    this.message = message
    this.reply = reply
  }

  over(outcome: Outcome): void {
    this.outcome = outcome
    this.resume(outcome)
  }
}

/** Whose turn it is to leave, and who has left: the replies' side of it. */
export interface Asked<In> {
  /** Whether one more may leave: asked when there is one. */
  readonly hasTurn: () => boolean
  /** A request has left. */
  readonly left: (reply: Reply<In>) => void
}

/** Messages that are to be sent, in their order, when there is room for them. */
export class Departures<In, Out> {
  private readonly connection: Connection
  private readonly codec: Codec<In, Out>
  private readonly outbox: Outbox<Out>
  private readonly scheduler: Scheduler
  private readonly asked: Asked<In>
  private readonly queue = MutableList.empty<Departure<In, Out>>()
  private lost: Disconnected | undefined = undefined
  private isFlushDue = false

  constructor(connection: Connection, codec: Codec<In, Out>, scheduler: Scheduler, asked: Asked<In>) {
    this.connection = connection
    this.codec = codec
    this.outbox = new Outbox(connection, codec)
    this.scheduler = scheduler
    this.asked = asked
  }

  /** One more: waits until it has left. Who is interrupted before has it withdrawn. */
  add(message: Out, reply: Reply<In> | undefined): Outcome {
    if (this.lost !== undefined) return Effect.fail(this.lost)
    const departure = new Departure(message, reply)
    MutableList.append(this.queue, departure)
    this.leave()
    if (departure.outcome !== undefined) return departure.outcome
    return Effect.async((resume) => {
      departure.resume = resume
      return Effect.sync(() => {
        departure.isWithdrawn = true
      })
    })
  }

  /** Sends what there is room for. One write takes all that is asked for in one go. */
  leave(): void {
    for (let first = this.first(); first !== undefined && this.hasRoom; first = this.first()) {
      MutableList.shift(this.queue)
      const { message, reply } = first
      const reason = this.push(message, reply !== undefined)
      if (reason === undefined) {
        if (reply !== undefined) this.asked.left(reply)
        first.over(Effect.void)
      } else {
        first.over(Effect.fail(new UnsendableMessage({ reason })))
      }
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
      next.over(Effect.fail(lost))
    }
  }

  private first(): Departure<In, Out> | undefined {
    while (MutableList.head(this.queue)?.isWithdrawn === true) MutableList.shift(this.queue)
    return MutableList.head(this.queue)
  }

  /** Gives why the message cannot leave, if it cannot. */
  private push(message: Out, isRequest: boolean): string | undefined {
    try {
      const reason = this.codec.unsendable?.(message)
      if (reason !== undefined) return reason
      return this.outbox.push(message) || !isRequest ? undefined : noBytes
    } catch (error) {
      // What a codec cannot encode, it says so: to whoever wants it sent, and not to those who wait for their replies.
      return error instanceof Error ? error.message : String(error)
    }
  }

  private get hasRoom(): boolean {
    return this.lost === undefined && this.connection.unsent() < highWaterMark && this.asked.hasTurn()
  }
}
