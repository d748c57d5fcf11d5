import type * as Duration from "effect/Duration"
import * as Effect from "effect/Effect"
import * as Pool from "effect/Pool"
import type * as Scope from "effect/Scope"
import type { ClientProtocol } from "../../domain/ClientProtocol.js"
import type { ConnectError, GreetingFailed } from "../../domain/NetworkError.js"
import type { Connector } from "../../services/Connector.js"
import * as Announcing from "./Announcements.js"
import type { Caller, Options } from "./Caller.js"
import { addressOf } from "./connect.js"
import { Connections, Maker } from "./Connections.js"
import type { Greeting } from "./greeting.js"
import { connectAndGreet } from "./greeting.js"
import type { Repeats } from "./Repeats.js"
import { attemptsOf } from "./Repeats.js"

/**
 * How many connections a pool has, and for how long.
 *
 * @since 0.2.0
 * @category models
 */
export interface PoolOptions extends Options, Repeats {
  /** Connections that are kept, asked or not. Default: 0. */
  readonly min?: number | undefined
  /** Connections at the most; requests for which none is free wait in their order. Default: 10. */
  readonly max?: number | undefined
  /** Requests that a connection has on their way at once. Default: 1, so that none waits behind another. */
  readonly concurrency?: number | undefined
  /** How long a connection is used, from its making; what is under way on it then is still answered. Default: 1 minute. */
  readonly timeToLive?: Duration.DurationInput | undefined
}

/**
 * A client that spreads its requests over several connections, made when they are needed. One that is lost is replaced
 * when the next request comes.
 *
 * Requests fail with a `ConnectError` where no connection can be made for them. While the pool's scope is being closed,
 * requests under way are still answered, in `timeout` at the most; those to come fail as `ConnectionClosed`.
 *
 * @example
 * ```ts
 * import { Calc, Client, Evaluator, Model, Server, TextClient } from "effect-switchboard"
 * import { VirtualNetwork } from "effect-switchboard/testing"
 * import { Effect } from "effect"
 *
 * const program = Effect.gen(function*() {
 *   const server = yield* Server.make(Calc.protocol, { model: Model.threaded })
 *   const client = yield* Client.pool(TextClient.protocol, { ...server.address, max: 2 })
 *   return yield* Effect.forEach(["1 + 1", "2 ** 8", "7 // 2"], client.ask, { concurrency: "unbounded" })
 * }).pipe(Effect.scoped, Effect.provide([VirtualNetwork.layer(), Evaluator.layer]))
 *
 * assert.deepStrictEqual(await Effect.runPromise(program), ["2", "256", "3"])
 * ```
 *
 * @since 0.2.0
 * @category constructors
 */
export const pool = <Request, Reply, In, Out, E, R, R2 = never>(
  protocol: ClientProtocol<Request, Reply, In, Out, E, R>,
  options: PoolOptions & Greeting<Request, Reply, E, R, R2> = {}
): Effect.Effect<
  Caller<Request, Reply, E | ConnectError | GreetingFailed, R>,
  never,
  Connector | Scope.Scope | R2
> =>
  Effect.gen(function*() {
    const address = addressOf(options)
    const announcements = yield* Announcing.make
    const maker = new Maker(address, connectAndGreet(protocol, options), announcements)
    const made = yield* Pool.makeWithTTL({
      acquire: maker.make,
      min: options.min ?? 0,
      max: options.max ?? 10,
      concurrency: options.concurrency ?? 1,
      timeToLive: options.timeToLive ?? "1 minute",
      // The other strategy remembers every connection that was lost, until there is one too many.
      timeToLiveStrategy: "creation"
    })
    const connections = new Connections(address, maker, made)
    yield* Effect.addFinalizer(() => Effect.sync(() => connections.close()))
    const attempts = attemptsOf(options)
    return {
      address,
      ask: (request) =>
        Effect.flatMap(protocol.prepare(request), (message) =>
          Effect.flatMap(
            connections.use((exchange) => exchange.submit(message), (reply) => reply, attempts),
            protocol.process
          )),
      send: (request) =>
        Effect.flatMap(
          protocol.prepare(request),
          (message) => connections.use((exchange) => exchange.send(message), Effect.succeed, 1)
        ),
      events: announcements.events
    }
  })
