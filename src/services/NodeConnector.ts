/**
 * The Connector of the real world: TCP and unix sockets, by `node:net`.
 *
 * @since 0.1.0
 * @module
 */
import type * as Duration from "effect/Duration"
import * as Effect from "effect/Effect"
import * as Layer from "effect/Layer"
import * as net from "node:net"
import type { Address } from "../domain/Address.js"
import type { ConnectError } from "../domain/NetworkError.js"
import { ConnectFailed, ConnectionRefused, ConnectTimeout, HostNotFound } from "../domain/NetworkError.js"
import { Connector } from "./Connector.js"
import { NodeConnection } from "./node/socket.js"

const connected = (
  socket: net.Socket,
  address: Address,
  timeout: Duration.Duration
): Effect.Effect<void, ConnectError> =>
  Effect.async((resume) => {
    socket.once("error", (cause) => resume(Effect.fail(connectError(address, timeout, cause))))
    socket.once("connect", () => {
      socket.pause()
      resume(Effect.void)
    })
  })

const connectError = (address: Address, timeout: Duration.Duration, cause: unknown): ConnectError => {
  switch (cause instanceof Error && "code" in cause ? cause.code : undefined) {
    case "ECONNREFUSED":
    case "ENOENT":
      return new ConnectionRefused({ address, reason: "not listening" })
    case "ECONNRESET":
      // The server's reset overtook the news that it had accepted.
      return new ConnectionRefused({ address, reason: "turned away" })
    case "ETIMEDOUT":
      return new ConnectTimeout({ address, timeout })
    case "ENOTFOUND":
    case "EAI_AGAIN":
      return new HostNotFound({ address })
    default:
      return new ConnectFailed({ address, cause })
  }
}

/**
 * Connections by Node's sockets: without Nagle's delay, and with a half that stays open when the peer ends its own.
 *
 * @since 0.1.0
 * @category layers
 */
export const layer: Layer.Layer<Connector> = Layer.succeed(Connector, {
  connect: (address, timeout) =>
    Effect.gen(function*() {
      const socket = yield* Effect.acquireRelease(
        Effect.try({
          try: () => net.connect({ ...(address as net.NetConnectOpts), allowHalfOpen: true, noDelay: true }),
          catch: (cause) => connectError(address, timeout, cause)
        }),
        // One that is not connected yet would go on trying, for minutes, to be able to say good-bye.
        (socket) => Effect.sync(() => socket.connecting ? socket.destroy() : socket.destroySoon())
      )
      const connection = new NodeConnection(socket, address)
      yield* Effect.timeoutFail(connected(socket, address, timeout), {
        duration: timeout,
        onTimeout: () => new ConnectTimeout({ address, timeout })
      })
      return connection
    })
})
