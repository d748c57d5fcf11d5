/**
 * The runners of `@effect/cluster` over a {@link SocketServer} and a {@link Connector} of this package: TCP, unix sockets,
 * TLS, or the virtual network.
 *
 * A runner that leaves answers what it has received, a request whose runner is gone is sent to the next one, and nothing
 * waits for Nagle's algorithm.
 *
 * @since 0.2.0
 * @module
 */
import type * as MessageStorage from "@effect/cluster/MessageStorage"
import * as RunnerHealth from "@effect/cluster/RunnerHealth"
import * as Runners from "@effect/cluster/Runners"
import * as RunnerServer from "@effect/cluster/RunnerServer"
import type * as RunnerStorage from "@effect/cluster/RunnerStorage"
import type * as Sharding from "@effect/cluster/Sharding"
import type * as ShardingConfig from "@effect/cluster/ShardingConfig"
import type * as RpcSerialization from "@effect/rpc/RpcSerialization"
import * as Context from "effect/Context"
import * as Effect from "effect/Effect"
import * as ExecutionStrategy from "effect/ExecutionStrategy"
import * as Layer from "effect/Layer"
import * as Scope from "effect/Scope"
import type { Connector } from "./Connector.js"
import * as RpcClientProtocol from "./RpcClientProtocol.js"
import * as RpcServerProtocol from "./RpcServerProtocol.js"
import type { SocketServer } from "./SocketServer.js"

/**
 * How a runner asks the others; what is left out has its default.
 *
 * @since 0.2.0
 * @category models
 */
export interface ClientOptions extends Omit<RpcClientProtocol.Options, "host" | "port" | "path"> {}

/**
 * How a runner serves the others, and asks them; what is left out has its default.
 *
 * @since 0.2.0
 * @category models
 */
export interface Options {
  /**
   * What the others may take. Here `maxRequests` has no limit by default: an entity has one of its own,
   * `entityMailboxCapacity`, and one that waits for another must not keep its runner from being asked.
   */
  readonly server?: RpcServerProtocol.Options | undefined
  /** How the others are asked. */
  readonly client?: ClientOptions | undefined
}

/**
 * The way to other runners, by their addresses: a connection each. All of them end with the layer.
 *
 * @since 0.2.0
 * @category layers
 */
export const layerClientProtocol = (
  options: ClientOptions = {}
): Layer.Layer<Runners.RpcClientProtocol, never, Connector | RpcSerialization.RpcSerialization> =>
  Layer.scoped(
    Runners.RpcClientProtocol,
    Effect.gen(function*() {
      const context = yield* Effect.context<Connector | RpcSerialization.RpcSerialization>()
      const all = yield* Effect.scope
      return ({ host, port }) =>
        Effect.gen(function*() {
          // Whoever asks several times at once may forget one of the connections: the layer does not.
          const scope = yield* Scope.fork(all, ExecutionStrategy.sequential)
          yield* Effect.addFinalizer((exit) => Scope.close(scope, exit))
          return yield* Scope.extend(RpcClientProtocol.make({ ...options, host, port }), scope)
        }).pipe(Effect.mapInputContext((scope) => Context.merge(context, scope)))
    })
  )

/**
 * A runner: it serves its entities to the others, and asks the others for theirs. The socket listens at the address that the
 * `ShardingConfig` has for this runner, or is reached by it.
 *
 * When it leaves, its entities answer what they are at work on (`entityTerminationTimeout`), and what had been received is
 * answered within `drainTimeout`; what comes later is sent to the runners that are left.
 *
 * @example
 * ```ts
 * import { MessageStorage, RunnerAddress, RunnerHealth, RunnerStorage, ShardingConfig } from "@effect/cluster"
 * import { RpcSerialization } from "@effect/rpc"
 * import { NodeConnector, NodeSocketServer } from "effect-switchboard"
 * import { ClusterRunner } from "effect-switchboard/cluster"
 * import { Layer, Option } from "effect"
 *
 * const runner = ClusterRunner.layer().pipe(
 *   Layer.provide([NodeSocketServer.layer({ port: 7234 }), NodeConnector.layer, RpcSerialization.layerMsgPack]),
 *   Layer.provideMerge(MessageStorage.layerMemory),
 *   Layer.provide([RunnerStorage.layerMemory, RunnerHealth.layerNoop]),
 *   Layer.provide(ShardingConfig.layer({ runnerAddress: Option.some(RunnerAddress.make("127.0.0.1", 7234)) }))
 * )
 * ```
 *
 * @since 0.2.0
 * @category layers
 */
export const layer = (
  options: Options = {}
): Layer.Layer<
  Sharding.Sharding | Runners.Runners,
  never,
  | SocketServer
  | Connector
  | RpcSerialization.RpcSerialization
  | ShardingConfig.ShardingConfig
  | MessageStorage.MessageStorage
  | RunnerStorage.RunnerStorage
  | RunnerHealth.RunnerHealth
> =>
  RunnerServer.layerWithClients.pipe(
    Layer.provide(RpcServerProtocol.layer({ maxRequests: Infinity, ...options.server })),
    Layer.provide(layerClientProtocol(options.client))
  )

/**
 * Asks runners and is none: it has no entities, and needs no socket to be reached by.
 *
 * @since 0.2.0
 * @category layers
 */
export const layerClientOnly = (
  options: ClientOptions = {}
): Layer.Layer<
  Sharding.Sharding | Runners.Runners,
  never,
  | Connector
  | RpcSerialization.RpcSerialization
  | ShardingConfig.ShardingConfig
  | MessageStorage.MessageStorage
  | RunnerStorage.RunnerStorage
> => Layer.provide(RunnerServer.layerClientOnly, layerClientProtocol(options))

/**
 * Whether a runner is there, by asking it over a connection of its own: six times, for ten seconds each.
 *
 * @since 0.2.0
 * @category layers
 */
export const layerHealth = (
  options: ClientOptions = {}
): Layer.Layer<
  RunnerHealth.RunnerHealth,
  never,
  Connector | RpcSerialization.RpcSerialization | ShardingConfig.ShardingConfig | MessageStorage.MessageStorage
> =>
  RunnerHealth.layerPing.pipe(
    Layer.provide(Runners.layerRpc),
    Layer.provide(layerClientProtocol(options))
  )
