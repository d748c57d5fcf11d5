/** Several runners in one process, which keep their sessions in one store. */
import * as MessageStorage from "@effect/cluster/MessageStorage"
import * as RunnerAddress from "@effect/cluster/RunnerAddress"
import * as RunnerHealth from "@effect/cluster/RunnerHealth"
import type { Sharding } from "@effect/cluster/Sharding"
import * as ShardingConfig from "@effect/cluster/ShardingConfig"
import * as RpcSerialization from "@effect/rpc/RpcSerialization"
import { SocketServer } from "effect-switchboard"
import { ClusterRunner, type SessionStore } from "effect-switchboard/cluster"
import * as Effect from "effect/Effect"
import * as ExecutionStrategy from "effect/ExecutionStrategy"
import * as Exit from "effect/Exit"
import * as Layer from "effect/Layer"
import * as Logger from "effect/Logger"
import * as LogLevel from "effect/LogLevel"
import * as Option from "effect/Option"
import * as Scope from "effect/Scope"
import { Host } from "../../behaviours/support/stages.js"
import * as runnerStorage from "./runnerStorage.js"

const settings = {
  shardsPerGroup: 30,
  refreshAssignmentsInterval: "50 millis",
  sendRetryInterval: "20 millis",
  entityMessagePollInterval: "100 millis"
} as const

/** What they share. */
export const shared = Layer.mergeAll(
  runnerStorage.layer,
  Layer.provide(MessageStorage.layerMemory, ShardingConfig.layerDefaults),
  RpcSerialization.layerMsgPack,
  // The last runner that leaves says that there is none.
  Logger.minimumLogLevel(LogLevel.Error)
)

/** One more that holds such entities: what its front can ask, and what ends it. */
export const join = <R>(entities: Layer.Layer<never, never, Sharding | SessionStore.SessionStore | R>) =>
  Effect.gen(function*() {
    const { address: { host = "", port = 0 }, ...server } = yield* Effect.flatMap(Host, ({ listen }) => listen(0))
    const scope = yield* Scope.fork(yield* Effect.scope, ExecutionStrategy.sequential)
    const context = yield* Layer.buildWithScope(
      Layer.provideMerge(entities, ClusterRunner.layer()).pipe(
        Layer.provide(RunnerHealth.layerNoop),
        Layer.provide(
          ShardingConfig.layer({ ...settings, runnerAddress: Option.some(RunnerAddress.make(host, port)) })
        ),
        Layer.provide(Layer.succeed(SocketServer.SocketServer, { ...server, address: { host, port } }))
      ),
      scope
    )
    return { context, leave: Scope.close(scope, Exit.void) }
  })

/** One that asks, and holds nothing. */
export const front = Layer.build(Layer.provide(ClusterRunner.layerClientOnly(), ShardingConfig.layer(settings)))
