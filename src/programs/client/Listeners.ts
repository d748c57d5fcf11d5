import * as Effect from "effect/Effect"
import * as Exit from "effect/Exit"
import * as MutableList from "effect/MutableList"
import type { FramingError } from "../../domain/Framing.js"
import type { Disconnected } from "../../domain/NetworkError.js"
import type { Inbox } from "../stream/Inbox.js"
import type { Failure } from "./Awaited.js"
import { Awaited } from "./Awaited.js"

/** Messages nobody has listened to that are kept; the oldest go first. */
const mostUnclaimed = 1000

class Listener<In> extends Awaited<In> {
  /** Who listened has gone: the message is for the next. */
  isWithdrawn = false
}

/** Those who listen to what the server says of itself, and what it has said so that nobody has listened to. */
export class Listeners<In> {
  private readonly queue = MutableList.empty<Listener<In>>()
  private readonly unclaimed = MutableList.empty<In>()

  /** One more, who is told when `tell` is called: gives the message, for as long as it takes. */
  add(): Effect.Effect<In, Disconnected | FramingError> {
    const listener = new Listener<In>()
    MutableList.append(this.queue, listener)
    // Safe: who only listens is not timed.
    const message = listener.wait as Effect.Effect<In, Disconnected | FramingError>
    return Effect.onInterrupt(message, () =>
      Effect.sync(() => {
        listener.isWithdrawn = true
      }))
  }

  /** What has come is nobody's reply. */
  claim(inbox: Inbox<In>): void {
    for (let message = inbox.next(); message !== undefined; message = inbox.next()) this.keep(message)
  }

  /** The message is nobody's reply. */
  keep(message: In): void {
    MutableList.append(this.unclaimed, message)
    if (MutableList.length(this.unclaimed) > mostUnclaimed) MutableList.shift(this.unclaimed)
  }

  /** Gives out what is nobody's reply, the oldest first, as long as somebody listens. */
  tell(inbox: Inbox<In> | undefined): void {
    for (let first = this.first(); first !== undefined; first = this.first()) {
      const message = MutableList.shift(this.unclaimed) ?? inbox?.next()
      if (message === undefined) return
      MutableList.shift(this.queue)
      first.complete(Exit.succeed(message))
    }
  }

  /** Nothing more will come. */
  fail(failure: Failure): void {
    for (let first = this.first(); first !== undefined; first = this.first()) {
      MutableList.shift(this.queue)
      first.complete(Exit.fail(failure))
    }
  }

  private first(): Listener<In> | undefined {
    while (MutableList.head(this.queue)?.isWithdrawn === true) MutableList.shift(this.queue)
    return MutableList.head(this.queue)
  }
}
