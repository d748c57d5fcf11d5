/**
 * A client to drive by hand, byte by byte, on any transport: what a protocol's own client would never do, this one can.
 *
 * @since 0.1.0
 * @module
 */
import * as Deferred from "effect/Deferred"
import * as Duration from "effect/Duration"
import * as Effect from "effect/Effect"
import type * as Scope from "effect/Scope"
import type { Address } from "../../domain/Address.js"
import type { ConnectError, ConnectionReset } from "../../domain/NetworkError.js"
import { ConnectionClosed } from "../../domain/NetworkError.js"
import { HandshakeFailed, StartTlsUnavailable } from "../../domain/TlsError.js"
import type { Connection, Sink, StartTlsError } from "../../services/Connection.js"
import { highWaterMark } from "../../services/Connection.js"
import { Connector } from "../../services/Connector.js"
import { Bell } from "../stream/Bell.js"

/**
 * What is read is a `Buffer`, so that `toString()` makes text of it. Reads and writes fail with `ConnectionReset` if
 * the connection is cut; reads, with `ConnectionClosed` if the other side has finished before there was enough.
 *
 * One fiber reads, one writes.
 *
 * @since 0.1.0
 * @category models
 */
export interface Peer {
  readonly connection: Connection
  /** What has come and was not read yet: at least a byte. */
  readonly read: Effect.Effect<Buffer, ConnectionReset | ConnectionClosed>
  /** So many bytes. */
  readonly readExactly: (bytes: number) => Effect.Effect<Buffer, ConnectionReset | ConnectionClosed>
  /** The text up to the next LF, without it. */
  readonly readLine: Effect.Effect<string, ConnectionReset | ConnectionClosed>
  /** All that comes until the other side finishes. */
  readonly readToEnd: Effect.Effect<Buffer, ConnectionReset>
  /** Bytes that have come and were not read yet. */
  readonly available: Effect.Effect<number>
  /** Text is sent as UTF-8. Waits while the other side is behind with reading. */
  readonly write: (bytes: string | Uint8Array) => Effect.Effect<void, ConnectionReset | ConnectionClosed>
  /**
   * Has all that follows encrypted by TLS, both ways. A server's side waits for the handshake of its client. Fails where bytes
   * have come in the clear that were not read (`injected`).
   */
  readonly startTls: Effect.Effect<void, StartTlsError | StartTlsUnavailable>
  /** Sends FIN; the other side may go on. */
  readonly end: Effect.Effect<void>
  /** Sends FIN and lets go. */
  readonly close: Effect.Effect<void>
  /** Sends RST. */
  readonly reset: Effect.Effect<void>
  /** Takes nothing more from the network, until `resume`. */
  readonly pause: Effect.Effect<void>
  readonly resume: Effect.Effect<void>
  /** Waits until the connection is over. */
  readonly closed: Effect.Effect<void, ConnectionReset>
}

/**
 * Takes a connection that nobody has opened.
 *
 * @since 0.1.0
 * @category constructors
 */
export const make = (connection: Connection): Effect.Effect<Peer> =>
  Effect.gen(function*() {
    const over = yield* Deferred.make<void, ConnectionReset>()
    const arrived = new Bell()
    const drained = new Bell()
    let received: Buffer = Buffer.alloc(0)
    let isEnded = false
    let error: ConnectionReset | ConnectionClosed | undefined = undefined

    const sink: Sink = {
      data: (chunk) => {
        received = Buffer.concat([received, chunk])
        arrived.ring()
      },
      end: () => {
        isEnded = true
        arrived.ring()
      },
      drain: () => drained.ring(),
      closed: (reset) => {
        error = reset ?? new ConnectionClosed({ address: connection.peer })
        Deferred.unsafeDone(over, reset === undefined ? Effect.void : Effect.fail(reset))
        arrived.ring()
        drained.ring()
      }
    }
    connection.open(sink)

    const take = (bytes: number): Buffer => {
      const taken = received.subarray(0, bytes)
      received = received.subarray(bytes)
      return taken
    }
    /** Waits until as many bytes as `enough` says are there; undefined: not yet. */
    const readWhen = (enough: () => number | undefined): Effect.Effect<Buffer, ConnectionReset | ConnectionClosed> =>
      Effect.suspend(() => {
        const bytes = enough()
        if (bytes !== undefined) return Effect.succeed(take(bytes))
        if (error !== undefined) return Effect.fail(error)
        if (isEnded) return Effect.fail(new ConnectionClosed({ address: connection.peer }))
        return Effect.zipRight(arrived.wait, readWhen(enough))
      })
    const room: Effect.Effect<void, ConnectionReset | ConnectionClosed> = Effect.suspend(() => {
      if (error !== undefined) return Effect.fail(error)
      return connection.unsent() < highWaterMark ? Effect.void : Effect.zipRight(drained.wait, room)
    })

    return {
      connection,
      read: readWhen(() => received.length > 0 ? received.length : undefined),
      readExactly: (bytes) => readWhen(() => received.length >= bytes ? bytes : undefined),
      readLine: Effect.map(
        readWhen(() => {
          const end = received.indexOf("\n")
          return end < 0 ? undefined : end + 1
        }),
        (line) => line.toString("utf8", 0, line.length - 1)
      ),
      readToEnd: Effect.catchTag(
        readWhen(() => isEnded ? received.length : undefined),
        "ConnectionClosed",
        () => Effect.sync(() => take(received.length))
      ),
      available: Effect.sync(() => received.length),
      write: (bytes) =>
        Effect.zipRight(
          Effect.suspend(() => error === undefined ? Effect.sync(() => connection.write(bytes)) : Effect.fail(error)),
          room
        ),
      startTls: Effect.suspend((): Effect.Effect<void, StartTlsError | StartTlsUnavailable> => {
        const { peer: address, startTls, tls } = connection
        if (startTls === undefined) {
          return new StartTlsUnavailable({ address, reason: tls === undefined ? "no way" : "encrypted" })
        }
        if (received.length > 0) return new HandshakeFailed({ address, fault: "injected" })
        return Effect.async<void, StartTlsError>((resume) => {
          startTls((failed) => resume(failed ?? Effect.void))
        })
      }),
      end: Effect.sync(() => connection.end()),
      close: Effect.sync(() => connection.close()),
      reset: Effect.sync(() => connection.reset()),
      pause: Effect.sync(() => connection.pause()),
      resume: Effect.sync(() => connection.resume()),
      closed: Deferred.await(over)
    }
  })

/**
 * Connects within 2 seconds; the connection is closed with the scope.
 *
 * @since 0.1.0
 * @category constructors
 */
export const connect = (address: Address): Effect.Effect<Peer, ConnectError, Connector | Scope.Scope> =>
  Effect.flatMap(
    Effect.flatMap(Connector, (connector) => connector.connect(address, Duration.seconds(2))),
    make
  )
