/**
 * `@effect/platform`'s Socket over a {@link Connector}: TCP, a unix socket, a WebSocket, or the virtual network.
 *
 * What comes is given to the handler chunk by chunk, in order and one at a time, and the server is not read while more than
 * 32 KiB wait for it. A handler that only puts chunks aside, as that of `Socket.toChannel` does, slows nobody down.
 *
 * @since 0.2.0
 * @module
 */
import * as Socket from "@effect/platform/Socket"
import * as Duration from "effect/Duration"
import * as Effect from "effect/Effect"
import * as Layer from "effect/Layer"
import type { Address } from "../domain/Address.js"
import type { ConnectError } from "../domain/NetworkError.js"
import { Connector } from "./Connector.js"
import { FiberConnection } from "./platform/FiberConnection.js"

/**
 * Which server, and how long to wait for it; what is left out has its default.
 *
 * @since 0.2.0
 * @category models
 */
export interface Options {
  /** A name or address. Default: `localhost`. */
  readonly host?: string | undefined
  /** Default: 1234. */
  readonly port?: number | undefined
  /** The path of a unix socket, instead of host and port. */
  readonly path?: string | undefined
  /** For the connection. Default: 2 seconds. */
  readonly timeout?: Duration.DurationInput | undefined
  /** A server that takes nothing for this long, while there is much to send, is cut. Default: 30 seconds. */
  readonly writeTimeout?: Duration.DurationInput | undefined
}

const openError = (cause: ConnectError): Socket.SocketError =>
  new Socket.SocketGenericError({ reason: cause._tag === "ConnectTimeout" ? "OpenTimeout" : "Open", cause })

/**
 * A socket that connects anew at each `run`. A run ends when the server has finished and all that it sent is handled; the
 * connection is closed with it, after what was written is sent. A writer waits for a run that is connected; when its scope
 * closes, the client's half does, and the server is still read.
 *
 * A run fails with `SocketGenericError`: of the reason `Open` or `OpenTimeout`, with the `ConnectError` as its cause, or
 * `Read`, with `ConnectionReset`.
 *
 * @since 0.2.0
 * @category constructors
 */
export const make = (options: Options = {}): Effect.Effect<Socket.Socket, never, Connector> =>
  Effect.map(Connector, (connector) => {
    const { host = "localhost", path, port = 1234 } = options
    const address: Address = path === undefined ? { host, port } : { path }
    const timeout = Duration.decode(options.timeout ?? "2 seconds")
    const patience = Duration.decode(options.writeTimeout ?? "30 seconds")
    const connected = Effect.unsafeMakeLatch(false)
    let current: FiberConnection | undefined = undefined

    const open = Effect.flatMap(
      Effect.mapError(connector.connect(address, timeout), openError),
      (connection) =>
        Effect.acquireRelease(
          Effect.sync(() => {
            current = new FiberConnection(connection, patience)
            connected.unsafeOpen()
            return current
          }),
          (mine) =>
            Effect.sync(() => {
              if (current !== mine) return
              current = undefined
              connected.unsafeClose()
            })
        )
    )
    const run: Socket.Socket["run"] = (handler, { onOpen = Effect.void } = {}) =>
      Effect.scoped(
        Effect.flatMap(open, (connection) => Effect.zipRight(onOpen, connection.run(handler)))
      )
    const write = (chunk: Uint8Array | string | Socket.CloseEvent) =>
      connected.whenOpen(Effect.suspend(() => current!.write(chunk)))

    return {
      [Socket.TypeId]: Socket.TypeId,
      run,
      runRaw: run,
      writer: Effect.acquireRelease(Effect.succeed(write), () => Effect.sync(() => current?.finish()))
    }
  })

/**
 * {@link make}, for what is written for a `Socket`.
 *
 * @example
 * ```ts
 * import { Socket } from "@effect/platform"
 * import { NodeConnector } from "effect-switchboard"
 * import { PlatformSocket } from "effect-switchboard/platform"
 * import { Console, Effect, Layer } from "effect"
 *
 * const program = Effect.gen(function*() {
 *   const socket = yield* Socket.Socket
 *   const write = yield* socket.writer
 *   yield* socket.run((chunk) => Console.log(String(chunk)), { onOpen: Effect.ignore(write("22 + 44\n")) })
 * }).pipe(Effect.scoped, Effect.provide(Layer.provide(PlatformSocket.layer({ port: 1234 }), NodeConnector.layer)))
 * ```
 *
 * @since 0.2.0
 * @category layers
 */
export const layer = (options: Options = {}): Layer.Layer<Socket.Socket, never, Connector> =>
  Layer.effect(Socket.Socket, make(options))
