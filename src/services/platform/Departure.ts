import type * as Duration from "effect/Duration"
import * as Effect from "effect/Effect"
import * as Option from "effect/Option"
import type { Connection } from "../Connection.js"
import { highWaterMark } from "../Connection.js"
import { Signal } from "./Signal.js"

/** What a connection still has to send, as fibers wait for it. */
export class Departure {
  isOver = false
  private readonly changed = new Signal()
  private readonly connection: Connection
  private readonly patience: Duration.Duration

  /** A peer that takes nothing for as long as `patience`, while somebody waits for it, is cut. */
  constructor(connection: Connection, patience: Duration.Duration) {
    this.connection = connection
    this.patience = patience
  }

  drained(): void {
    this.changed.ring()
  }

  over(): void {
    this.isOver = true
    this.changed.ring()
  }

  get isBlocked(): boolean {
    return !this.isOver && this.connection.unsent() >= highWaterMark
  }

  /** Waits until the peer has taken so much that there is room, or the connection is over. */
  readonly room: Effect.Effect<void> = Effect.suspend(() => this.change(() => !this.isBlocked))

  /** Sends what is unsent, then FIN, and waits until the connection is over. */
  readonly close: Effect.Effect<void> = Effect.suspend(() => {
    this.connection.close()
    return this.change(() => this.isOver)
  })

  private change(hasCome: () => boolean): Effect.Effect<void> {
    if (hasCome()) return Effect.void
    const sent = this.connection.sent()
    // Also where nobody may interrupt it, it can be late.
    const change = Effect.timeoutOption(Effect.interruptible(this.changed.wait(hasCome)), this.patience)
    return Effect.flatMap(change, (change) => {
      if (Option.isNone(change) && !this.isOver && this.connection.sent() === sent) {
        this.isOver = true
        this.connection.reset()
      }
      return this.change(hasCome)
    })
  }
}
