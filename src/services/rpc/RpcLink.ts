import type * as RpcSerialization from "@effect/rpc/RpcSerialization"
import * as Deferred from "effect/Deferred"
import type * as Duration from "effect/Duration"
import * as Effect from "effect/Effect"
import * as FiberId from "effect/FiberId"
import type * as Scheduler from "effect/Scheduler"
import type { ConnectionReset } from "../../domain/NetworkError.js"
import type { Connection, Sink } from "../Connection.js"
import { Departure } from "../platform/Departure.js"
import { Signal } from "../platform/Signal.js"
import { RpcWire } from "./RpcWire.js"

/** Messages that wait to be taken before the peer is read no further. */
const most = 128

/** How a connection for RPC is used. */
export interface Manners {
  readonly serialization: RpcSerialization.RpcSerialization["Type"]
  readonly scheduler: Scheduler.Scheduler
  /** A peer that takes nothing for so long, while somebody waits for it, is cut. */
  readonly writeTimeout: Duration.Duration
  /** Characters of a message of a serialization without ends of its own. */
  readonly maxMessage: number
}

/** One connection of RPC, at either end: messages that have come, and messages to send. */
export class RpcLink<In, Out> implements Sink {
  /** No more will come. */
  hasEnded = false
  /** Why nothing more comes, where that is a fault. */
  error: unknown = undefined
  /** Whether something came since this was last set to false. */
  isHeard = true
  readonly departure: Departure
  /** Rings when something has come or has changed. */
  readonly changed = new Signal()
  /** Done when the connection is over. */
  readonly over = Deferred.unsafeMake<void>(FiberId.none)
  private readonly connection: Connection
  private readonly wire: RpcWire<In, Out>
  private messages: Array<In> = []
  private at = 0
  private isPaused = false

  constructor(connection: Connection, { maxMessage, scheduler, serialization, writeTimeout }: Manners) {
    this.connection = connection
    this.departure = new Departure(connection, writeTimeout)
    this.wire = new RpcWire(connection, serialization, scheduler, maxMessage)
    connection.open(this)
  }

  data(chunk: Uint8Array): void {
    this.isHeard = true
    if (this.hasEnded) return
    try {
      for (const message of this.wire.decode(chunk)) this.messages.push(message)
    } catch (error) {
      this.fault(error)
    }
    if (this.size >= most) this.pause()
    this.changed.ring()
  }

  end(): void {
    this.hasEnded = true
    this.changed.ring()
  }

  drain(): void {
    this.departure.drained()
  }

  fault(error: unknown): void {
    this.error = error
    this.end()
  }

  closed(error: ConnectionReset | undefined): void {
    this.error ??= error
    this.departure.over()
    this.end()
    Deferred.unsafeDone(this.over, Effect.void)
  }

  /** The next message; `undefined` where there is none yet. */
  take(): In | undefined {
    if (this.at < this.messages.length) return this.messages[this.at++]
    if (this.at > 0) {
      this.messages = []
      this.at = 0
    }
    return undefined
  }

  /** Messages that wait to be taken. */
  get size(): number {
    return this.messages.length - this.at
  }

  get isEmpty(): boolean {
    return this.size === 0
  }

  pause(): void {
    this.isPaused = true
    this.connection.pause()
  }

  resume(): void {
    if (!this.isPaused) return
    this.isPaused = false
    this.connection.resume()
  }

  /** Sends, once the peer has room. Dies where the message has no bytes. What cannot be sent any more is dropped. */
  readonly send = (message: Out): Effect.Effect<void> =>
    Effect.suspend(() => {
      if (this.departure.isBlocked) return Effect.zipRight(this.departure.room, this.send(message))
      if (!this.departure.isOver) this.wire.send(message)
      return Effect.void
    })

  flush(): void {
    this.wire.flush()
  }

  /** Sends what is unsent, then FIN, and waits until the connection is over. */
  readonly close: Effect.Effect<void> = Effect.suspend(() => {
    this.wire.flush()
    return this.departure.close
  })

  /** Cuts the connection. */
  reset(): void {
    this.connection.reset()
  }
}
