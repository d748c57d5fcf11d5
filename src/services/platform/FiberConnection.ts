import * as Socket from "@effect/platform/Socket"
import * as Deferred from "effect/Deferred"
import type * as Duration from "effect/Duration"
import * as Effect from "effect/Effect"
import * as Exit from "effect/Exit"
import * as FiberId from "effect/FiberId"
import type { FramingError } from "../../domain/Framing.js"
import type { ConnectionReset } from "../../domain/NetworkError.js"
import { ConnectionClosed } from "../../domain/NetworkError.js"
import type { Connection, Sink } from "../Connection.js"
import { highWaterMark } from "../Connection.js"
import { Departure } from "./Departure.js"
import { Signal } from "./Signal.js"

type Handler<_, E, R> = (chunk: Uint8Array) => Effect.Effect<_, E, R> | void

/**
 * A connection as fibers read and write it. It is read while a handler runs, one chunk after the other, and paused while
 * more than the high-water mark waits for the handler.
 */
export class FiberConnection implements Sink {
  private chunks: Array<Uint8Array> = []
  private held = 0
  /** Nothing more is to be read, by the peer's FIN or by the stop. */
  private hasEnded = false
  private isReading = false
  private hasFinished = false
  private closing: Socket.CloseEvent | undefined = undefined
  private readonly arrived = new Signal()
  private readonly lost = Deferred.unsafeMake<never, Socket.SocketError>(FiberId.none)
  private readonly departure: Departure
  private readonly connection: Connection

  /** A peer that takes nothing for as long as `patience`, while somebody waits for it, is cut. */
  constructor(connection: Connection, patience: Duration.Duration) {
    this.connection = connection
    this.departure = new Departure(connection, patience)
    connection.open(this)
    // It may be written to before anybody reads it.
    connection.pause()
  }

  // What happens on the connection.

  data(chunk: Uint8Array): void {
    if (this.hasEnded) return
    this.chunks.push(chunk)
    this.held += chunk.length
    if (this.held >= highWaterMark || !this.isReading) this.connection.pause()
    this.arrived.ring()
  }

  end(): void {
    this.hasEnded = true
    this.arrived.ring()
  }

  drain(): void {
    this.departure.drained()
  }

  fault(error: FramingError): void {
    this.lose(new Socket.SocketGenericError({ reason: "Read", cause: error }))
  }

  closed(error: ConnectionReset | undefined): void {
    if (error !== undefined) this.lose(new Socket.SocketGenericError({ reason: "Read", cause: error }))
    this.end()
    this.departure.over()
  }

  // What its users do.

  /** Gives each chunk to the handler, in order, until the peer has finished and all of it is handled. */
  readonly run = <_, E, R>(handler: Handler<_, E, R>): Effect.Effect<void, Socket.SocketError | E, R> => {
    const loop: Effect.Effect<void, E, R> = Effect.suspend(() => {
      const chunk = this.chunks.shift()
      if (chunk === undefined) return this.hasEnded ? Effect.void : Effect.zipRight(this.arrival, loop)
      this.held -= chunk.length
      const handled = handler(chunk)
      return Effect.isEffect(handled) ? Effect.zipRight(handled, loop) : loop
    })
    return Effect.raceFirst(loop, Deferred.await(this.lost)).pipe(
      Effect.ensuring(Effect.sync(() => {
        this.isReading = false
        this.connection.pause()
      })),
      Effect.interruptible
    )
  }

  /** Waits while the peer is behind with reading. Fails where the bytes can no longer be sent. */
  readonly write = (chunk: Uint8Array | string | Socket.CloseEvent): Effect.Effect<void, Socket.SocketError> =>
    Effect.suspend(() => {
      if (Socket.isCloseEvent(chunk)) {
        this.shut(chunk)
        return Effect.void
      }
      if (this.departure.isOver || this.hasFinished) return this.unwritable
      this.connection.write(chunk)
      if (!this.departure.isBlocked) return Effect.void
      return Effect.flatMap(this.departure.room, () => this.departure.isOver ? this.unwritable : Effect.void)
    })

  /** {@link write}, for a scope: when it closes, FIN is sent. Who is interrupted has not finished, and is to be cut. */
  readonly writer = Effect.acquireRelease(
    Effect.sync(() => this.write),
    (_, exit) => Exit.isInterrupted(exit) ? Effect.void : Effect.sync(() => this.finish())
  )

  /** Sends FIN behind what is unsent. The peer is still read. */
  finish(): void {
    this.hasFinished = true
    this.connection.end()
  }

  /** What has come is the last that is read. */
  stop(): void {
    this.connection.pause()
    this.end()
  }

  /** Sends what is unsent, then FIN, and waits until the connection is over. */
  get close(): Effect.Effect<void> {
    return this.departure.close
  }

  private readonly arrival = Effect.suspend(() => {
    this.isReading = true
    this.connection.resume()
    return this.arrived.wait(() => this.hasEnded || this.chunks.length > 0)
  })

  private readonly unwritable = Effect.suspend(() =>
    Effect.fail(
      this.closing === undefined
        ? new Socket.SocketGenericError({
          reason: "Write",
          cause: new ConnectionClosed({ address: this.connection.peer })
        })
        : closeError(this.closing)
    )
  )

  private shut(event: Socket.CloseEvent): void {
    if (this.closing !== undefined || this.departure.isOver) return
    this.closing = event
    this.hasFinished = true
    if (event.code === 1000) this.connection.close()
    else this.connection.reset()
    this.lose(closeError(event))
  }

  private lose(error: Socket.SocketError): void {
    Deferred.unsafeDone(this.lost, Effect.fail(error))
  }
}

const closeError = ({ code, reason }: Socket.CloseEvent): Socket.SocketError =>
  new Socket.SocketCloseError({ reason: "Close", code, closeReason: reason })
