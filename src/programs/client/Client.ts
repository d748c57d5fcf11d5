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
import * as Deferred from "effect/Deferred"
import * as Effect from "effect/Effect"
import * as Option from "effect/Option"
import type * as Scope from "effect/Scope"
import * as Stream from "effect/Stream"
import type { ClientEvent } from "../../domain/ClientEvent.js"
import type { ClientProtocol } from "../../domain/ClientProtocol.js"
import type { FramingError, UnsendableMessage } from "../../domain/Framing.js"
import type { ConnectError, Disconnected, ReplyTimeout } from "../../domain/NetworkError.js"
import type { Connector } from "../../services/Connector.js"
import type { Caller, Listener, Options } from "./Caller.js"
import { addressOf, connect } from "./connect.js"

export type { Disconnected } from "../../domain/NetworkError.js"
export type { Caller, Listener, Options } from "./Caller.js"
export { pool, type PoolOptions } from "./pool.js"
export { type Reconnecting, reconnecting, type ReconnectingOptions } from "./reconnecting.js"
export type { Repeats } from "./Repeats.js"

/**
 * A connection to a server.
 *
 * Replies are matched to requests by their order. Requests may overlap where the framing keeps messages apart; where it
 * does not (`chunk`, and `auto` until the server's first reply shows its way) each waits for the reply before it.
 *
 * @since 0.1.0
 * @category models
 */
export interface Client<in Request, out Reply, out E = never, out R = never>
  extends Caller<Request, Reply, E, R>, Listener<Reply, E, R>
{
  /**
   * Sends a request, and gives its reply as an effect to wait for: many requests can be on their way at once. Waits
   * itself while the server is behind with reading. The time for a reply runs from its request, or from the reply
   * before it if that came later.
   */
  readonly submit: (
    request: Request
  ) => Effect.Effect<
    Effect.Effect<Reply, E | Disconnected | FramingError | ReplyTimeout, R>,
    E | Disconnected | UnsendableMessage,
    R
  >
  /**
   * Runs an effect during which nothing is read: the server is made to wait, and the time for its replies stands still.
   * For who cannot take more just now, as while a slow disk writes what has come. What was on its way may still come:
   * some 100 KiB at the most.
   */
  readonly paused: <A, E2, R2>(effect: Effect.Effect<A, E2, R2>) => Effect.Effect<A, E2, R2>
  /** Tells the server that no more requests will come (FIN). Replies may still be received. */
  readonly end: Effect.Effect<void>
  /** Waits until the server has gone, and says how. */
  readonly disconnected: Effect.Effect<Disconnected>
}

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
  Effect.map(connect(protocol.framing, options), (exchange) => {
    const address = addressOf(options)
    const process = Effect.flatMap(protocol.process)
    const submit = (request: Request) =>
      Effect.map(
        Effect.flatMap(protocol.prepare(request), (message) => exchange.submit(message)),
        (reply) => process(reply)
      )
    const receive = process(exchange.receive)
    const lost = Effect.map(
      Deferred.await(exchange.over),
      Option.map((reason): ClientEvent => ({ _tag: "Lost", address, connection: 1, reason }))
    )
    return {
      address,
      submit,
      ask: (request) => Effect.flatten(submit(request)),
      send: (request) => Effect.flatMap(protocol.prepare(request), (message) => exchange.send(message)),
      receive,
      messages: Stream.repeatEffect(receive),
      events: Stream.concat(
        Stream.when(Stream.make<[ClientEvent]>({ _tag: "Connected", address, connection: 1 }), () => !exchange.isOver),
        Stream.flatMap(Stream.fromEffect(lost), Option.match({ onNone: () => Stream.empty, onSome: Stream.make }))
      ),
      paused: (effect) =>
        Effect.acquireUseRelease(
          Effect.sync(() => exchange.pause()),
          () => effect,
          () => Effect.sync(() => exchange.resume())
        ),
      end: Effect.sync(() => exchange.finish()),
      disconnected: Deferred.await(exchange.gone)
    }
  })

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
