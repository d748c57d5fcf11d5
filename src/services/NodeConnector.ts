/**
 * The Connector of the real world: TCP and unix sockets, by `node:net`.
 *
 * @since 0.1.0
 * @module
 */
import * as Effect from "effect/Effect"
import * as Layer from "effect/Layer"
import { ConnectTimeout } from "../domain/NetworkError.js"
import { Connector } from "./Connector.js"
import { ClientConnection } from "./node/ClientConnection.js"
import { connected, dial } from "./node/dial.js"

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
        dial(address, timeout),
        // One that is not connected yet would go on trying, for minutes, to be able to say good-bye.
        (socket) => Effect.sync(() => socket.connecting ? socket.destroy() : socket.destroySoon())
      )
      const connection = new ClientConnection(socket, address)
      yield* Effect.timeoutFail(connected(socket, address, timeout), {
        duration: timeout,
        onTimeout: () => new ConnectTimeout({ address, timeout })
      })
      return connection
    })
})
