/**
 * `@effect/platform`'s SocketServer over a {@link SocketServer} of this package: TCP, unix sockets, WebSocket, several places
 * at once, or the virtual network.
 *
 * What comes is given to a socket's handler chunk by chunk, in order and one at a time; a client is not read before its
 * socket is run, nor while more than 32 KiB of it wait. A run ends at the client's FIN when all before it is handled, and
 * the connection is kept until the handler ends: what it writes until then is sent.
 *
 * @effect/rpc wants a protocol of its own: it drops what it is at work on when a run ends, whatever the socket.
 *
 * @since 0.2.0
 * @module
 */
import * as Socket from "@effect/platform/Socket"
import * as PlatformSocketServer from "@effect/platform/SocketServer"
import * as Duration from "effect/Duration"
import * as Effect from "effect/Effect"
import * as FiberRef from "effect/FiberRef"
import * as Layer from "effect/Layer"
import type { Address } from "../domain/Address.js"
import { FiberConnection } from "./platform/FiberConnection.js"
import { receive } from "./platform/reception.js"
import { SocketServer } from "./SocketServer.js"

/**
 * What clients may take; what is left out has its default.
 *
 * @since 0.2.0
 * @category models
 */
export interface Options {
  /** Clients served at once; the next one waits its turn, unread. Default: 10,000, or what the transport can hold. */
  readonly maxConnections?: number | undefined
  /** A client that takes nothing for this long, while there is much to send, is cut. Default: 30 seconds. */
  readonly writeTimeout?: Duration.DurationInput | undefined
  /** How long the stop waits for handlers to end, and for what they wrote to be sent. Default: 10 seconds. */
  readonly drainTimeout?: Duration.DurationInput | undefined
}

const addressOf = (address: Address): PlatformSocketServer.Address =>
  address.path === undefined
    ? { _tag: "TcpAddress", hostname: address.host, port: address.port }
    : { _tag: "UnixAddress", path: address.path }

const socketOf = (connection: FiberConnection): Socket.Socket => {
  const run: Socket.Socket["run"] = (handler, { onOpen = Effect.void } = {}) =>
    Effect.zipRight(onOpen, connection.run(handler))
  return {
    [Socket.TypeId]: Socket.TypeId,
    run,
    runRaw: run,
    writer: connection.writer
  }
}

const report = Effect.catchAllCause((cause) =>
  Effect.flatMap(FiberRef.get(FiberRef.unhandledErrorLogLevel), (level) =>
    level._tag === "Some"
      ? Effect.logWithLevel(level.value, cause, "A socket's handler failed")
      : Effect.void)
)

/**
 * A SocketServer whose `run` takes clients until it is interrupted. Then it stops in good order: who had connected is still
 * taken in, what was received is handled and answered, and what takes longer than `drainTimeout` is cut. It listens no
 * more, and another `run` fails.
 *
 * A handler that fails has its cause logged at `FiberRef.unhandledErrorLogLevel`; its connection is closed.
 *
 * @since 0.2.0
 * @category constructors
 */
export const make = (
  options: Options = {}
): Effect.Effect<typeof PlatformSocketServer.SocketServer.Service, never, SocketServer> =>
  Effect.map(SocketServer, (socketServer) => {
    const patience = Duration.decode(options.writeTimeout ?? "30 seconds")
    const terms = {
      maxConnections: options.maxConnections ?? 10_000,
      drainTimeout: Duration.decode(options.drainTimeout ?? "10 seconds")
    }
    let hasStopped = false

    const run: typeof PlatformSocketServer.SocketServer.Service["run"] = (handler) =>
      Effect.suspend(() => {
        if (hasStopped) {
          const cause = new Error("This server has stopped, and listens no more: make another.")
          return Effect.fail(new PlatformSocketServer.SocketServerError({ reason: "Open", cause }))
        }
        const serving = receive(socketServer, terms, (connection) => {
          const mine = new FiberConnection(connection, patience)
          return {
            serve: report(handler(socketOf(mine))).pipe(
              Effect.zipRight(mine.close),
              Effect.onInterrupt(() => Effect.sync(() => connection.reset()))
            ),
            stop: () => mine.stop()
          }
        })
        return Effect.ensuring(serving, Effect.sync(() => (hasStopped = true)))
      })

    return { address: addressOf(socketServer.address), run }
  })

/**
 * {@link make}, for what is written for a `SocketServer`.
 *
 * @example
 * ```ts
 * import { SocketServer } from "@effect/platform"
 * import { NodeSocketServer } from "effect-switchboard"
 * import { PlatformSocketServer } from "effect-switchboard/platform"
 * import { Effect, Layer } from "effect"
 *
 * const echo = Effect.gen(function*() {
 *   const server = yield* SocketServer.SocketServer
 *   yield* server.run((socket) =>
 *     Effect.scoped(Effect.flatMap(socket.writer, (write) => socket.run((chunk) => write(chunk))))
 *   )
 * }).pipe(
 *   Effect.provide(Layer.provide(PlatformSocketServer.layer(), NodeSocketServer.layer({ port: 1234 })))
 * )
 * ```
 *
 * @since 0.2.0
 * @category layers
 */
export const layer = (
  options: Options = {}
): Layer.Layer<PlatformSocketServer.SocketServer, never, SocketServer> =>
  Layer.effect(PlatformSocketServer.SocketServer, make(options))
