/**
 * A client: it speaks a ClientProtocol to a server.
 *
 * @since 0.1.0
 * @module
 */
import * as Deferred from "effect/Deferred"
import * as Duration from "effect/Duration"
import * as Effect from "effect/Effect"
import * as FiberRef from "effect/FiberRef"
import type * as Scope from "effect/Scope"
import type { Address } from "../../domain/Address.js"
import type { ClientProtocol } from "../../domain/ClientProtocol.js"
import type { FramingError, UnsendableMessage } from "../../domain/Framing.js"
import type { ConnectError, ReplyTimeout } from "../../domain/NetworkError.js"
import { Connector } from "../../services/Connector.js"
import * as Timers from "../stream/Timers.js"
import type { Disconnected } from "./Disconnected.js"
import { Exchange } from "./Exchange.js"

/**
 * Where the server is, and how long and how much a client takes from it; what is left out has its default.
 *
 * @since 0.1.0
 * @category models
 */
export interface Options {
  /** Default: `localhost`. */
  readonly host?: string | undefined
  /** Default: 1234. */
  readonly port?: number | undefined
  /** The path of a unix socket, instead of host and port. */
  readonly path?: string | undefined
  /** For the connection, and for each reply. Default: 2 seconds. */
  readonly timeout?: Duration.DurationInput | undefined
  /** Bytes of one message. Default: 1 MiB. */
  readonly maxFrame?: number | undefined
  /**
   * What becomes of a reply that comes after its time: it is dropped, or `receive`d like what the server says of itself.
   * Default: `drop`.
   */
  readonly late?: "drop" | "receive" | undefined
}

export type { Disconnected } from "./Disconnected.js"

/**
 * A connection to a server.
 *
 * Replies are matched to requests by their order. Requests may overlap where the framing keeps messages apart; where it
 * does not (`chunk`, and `auto` until the server's first reply shows its way) each waits for the reply before it.
 *
 * A request that the framing cannot carry as it is, such as two lines in one message of `line`, is an `UnsendableMessage`.
 *
 * @since 0.1.0
 * @category models
 */
export interface Client<in Request, out Reply, out E = never, out R = never> {
  readonly address: Address
  /**
   * Sends a request and waits for its reply, for `timeout` at most. One that comes later is no other request's: see
   * `late`.
   */
  readonly ask: (
    request: Request
  ) => Effect.Effect<Reply, E | Disconnected | FramingError | ReplyTimeout | UnsendableMessage, R>
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
  /** Sends a request to which no reply belongs, or one that is `receive`d. Waits while the server is behind with reading. */
  readonly send: (request: Request) => Effect.Effect<void, E | Disconnected | UnsendableMessage, R>
  /**
   * The next message that the server sends of itself, for as long as it takes: one that comes while no request waits for
   * its reply. Of messages that nobody receives, the last 1,000 are kept.
   */
  readonly receive: Effect.Effect<Reply, E | Disconnected | FramingError, R>
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
  Effect.gen(function*() {
    const { host = "localhost", path, port = 1234 } = options
    const address = path === undefined ? { host, port } : { path }
    const timeout = Duration.decode(options.timeout ?? "2 seconds")
    const timers = yield* Timers.make(Effect.sleep(0))
    const scheduler = yield* FiberRef.get(FiberRef.currentScheduler)
    const connection = yield* Effect.flatMap(Connector, (connector) => connector.connect(address, timeout))
    const codec = protocol.framing.open(options.maxFrame ?? 1_048_576)
    const exchange = yield* Effect.acquireRelease(
      Effect.sync(() =>
        new Exchange(
          address,
          connection,
          codec,
          timers,
          Duration.toMillis(timeout),
          scheduler,
          options.late === "receive"
        )
      ),
      (exchange) => Effect.sync(() => exchange.close())
    )
    const process = Effect.flatMap(protocol.process)
    const submit = (request: Request) =>
      Effect.map(
        Effect.flatMap(protocol.prepare(request), (message) => exchange.submit(message)),
        (reply) => process(reply)
      )
    return {
      address,
      submit,
      ask: (request) => Effect.flatten(submit(request)),
      send: (request) => Effect.flatMap(protocol.prepare(request), (message) => exchange.send(message)),
      receive: process(exchange.receive),
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
