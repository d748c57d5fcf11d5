/**
 * A client: it speaks a ClientProtocol to a server.
 *
 * - `make` is one connection, `ask` one request on one.
 * - `reconnecting` is one after another: it connects anew by a `Schedule`.
 * - `pool` is several at once, over which requests are spread.
 *
 * @since 0.1.0
 * @module
 */
import * as Effect from "effect/Effect"
import type * as Scope from "effect/Scope"
import type { ClientProtocol } from "../../domain/ClientProtocol.js"
import type { FramingError, UnsendableMessage } from "../../domain/Framing.js"
import type { ConnectError, Disconnected, ReplyTimeout } from "../../domain/NetworkError.js"
import type { Connector } from "../../services/Connector.js"
import type { Client, Options } from "./Caller.js"
import { addressOf, connect } from "./connect.js"
import { speaking } from "./speaking.js"

export type { Disconnected } from "../../domain/NetworkError.js"
export type { Caller, Client, Listener, Options } from "./Caller.js"
export type { Greeting } from "./greeting.js"
export { pool, type PoolOptions } from "./pool.js"
export { type Reconnecting, reconnecting, type ReconnectingOptions } from "./reconnecting.js"
export type { Repeats } from "./Repeats.js"

/**
 * Connects; the connection is closed with the scope.
 *
 * Fails with `ConnectionRefused`, `ConnectTimeout`, `HostNotFound`, or `ConnectFailed` for whatever else the
 * operating system says.
 *
 * @since 0.1.0
 * @category constructors
 */
export const make = <Request, Reply, In, Out, E, R>(
  protocol: ClientProtocol<Request, Reply, In, Out, E, R>,
  options: Options = {}
): Effect.Effect<Client<Request, Reply, E, R>, ConnectError, Connector | Scope.Scope> =>
  Effect.map(connect(protocol.framing, options), (exchange) => speaking(protocol, addressOf(options), exchange))

/**
 * Connects, asks one thing, and closes.
 *
 * @example
 * ```ts
 * import { Client, NodeConnector, TextClient } from "effect-switchboard"
 * import { Effect } from "effect"
 *
 * const program = Client.ask(TextClient.protocol, "22 + 44", { port: 1234 }).pipe(
 *   Effect.catchTag("ConnectionRefused", (error) => Effect.succeed(error.message)),
 *   Effect.provide(NodeConnector.layer)
 * )
 * ```
 *
 * @since 0.1.0
 * @category constructors
 */
export const ask = <Request, Reply, In, Out, E, R>(
  protocol: ClientProtocol<Request, Reply, In, Out, E, R>,
  request: Request,
  options: Options = {}
): Effect.Effect<
  Reply,
  E | ConnectError | Disconnected | FramingError | ReplyTimeout | UnsendableMessage,
  Connector | R
> => Effect.scoped(Effect.flatMap(make(protocol, options), (client) => client.ask(request)))
