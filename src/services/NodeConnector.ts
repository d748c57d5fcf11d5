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
import type { ProxyHeader } from "./node/introduction.js"
import { checked } from "./node/introduction.js"

export type { ProxyHeader } from "./node/introduction.js"

/**
 * How to connect; what is left out has its default.
 *
 * @since 0.2.0
 * @category models
 */
export interface Options {
  /**
   * Says by the PROXY protocol who connects, before anything else: for tests of a server that stands behind proxies, and for
   * proxies. Throws a RangeError over a `source` that is a name. Default: nothing is said.
   */
  readonly proxyHeader?: ProxyHeader | undefined
}

/**
 * {@link layer}, with options.
 *
 * @example
 * ```ts
 * import { NodeConnector } from "effect-switchboard"
 *
 * const elsewhere = NodeConnector.layerWith({ proxyHeader: { version: 1, source: { host: "192.0.2.7", port: 4321 } } })
 * ```
 *
 * @since 0.2.0
 * @category layers
 */
export const layerWith = (options: Options): Layer.Layer<Connector> => {
  const header = options.proxyHeader && checked(options.proxyHeader)
  return Layer.succeed(Connector, {
    connect: (address, timeout) =>
      Effect.gen(function*() {
        const socket = yield* Effect.acquireRelease(
          dial(address, timeout),
          // One that is not connected yet would go on trying, for minutes, to be able to say good-bye.
          (socket) => Effect.sync(() => socket.connecting ? socket.destroy() : socket.destroySoon())
        )
        const connection = new ClientConnection(socket, address)
        yield* Effect.timeoutFail(connected(socket, address, timeout, header), {
          duration: timeout,
          onTimeout: () => new ConnectTimeout({ address, timeout })
        })
        return connection
      })
  })
}

/**
 * Connections by Node's sockets: without Nagle's delay, and with a half that stays open when the peer ends its own.
 *
 * @since 0.1.0
 * @category layers
 */
export const layer: Layer.Layer<Connector> = layerWith({})
