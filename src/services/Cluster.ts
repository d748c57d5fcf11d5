/**
 * A cluster by one URL: one process without a database, or every process of any number of machines around Postgres. Each
 * is a front and a runner.
 *
 * @since 0.2.0
 * @module
 */
import * as MessageStorage from "@effect/cluster/MessageStorage"
import * as RunnerAddress from "@effect/cluster/RunnerAddress"
import * as RunnerHealth from "@effect/cluster/RunnerHealth"
import * as Runners from "@effect/cluster/Runners"
import * as RunnerStorage from "@effect/cluster/RunnerStorage"
import * as Sharding from "@effect/cluster/Sharding"
import * as ShardingConfig from "@effect/cluster/ShardingConfig"
import * as RpcSerialization from "@effect/rpc/RpcSerialization"
import * as Cause from "effect/Cause"
import * as Data from "effect/Data"
import * as Effect from "effect/Effect"
import * as Layer from "effect/Layer"
import * as Option from "effect/Option"
import * as Schedule from "effect/Schedule"
import { parse } from "../domain/Address.js"
import type { ListenError } from "../domain/NetworkError.js"
import * as ClusterRunner from "./ClusterRunner.js"
import * as NodeConnector from "./NodeConnector.js"
import * as NodeSocketServer from "./NodeSocketServer.js"
import * as SessionStore from "./SessionStore.js"
import { SocketServer } from "./SocketServer.js"

/**
 * The cluster cannot be joined: its URL or address says nothing that can be used, a package is missing, or the database does
 * not answer.
 *
 * @since 0.2.0
 * @category errors
 */
export class ClusterUnusable extends Data.TaggedError("ClusterUnusable")<{
  readonly reason: string
  readonly cause?: unknown
}> {
  override get message(): string {
    return `The cluster cannot be joined: ${this.reason}`
  }
}

/**
 * Which cluster, and where in it; what is left out has its default.
 *
 * @since 0.2.0
 * @category models
 */
export interface Options {
  /**
   * `memory`: this process alone, which forgets when it ends. `postgres://USER:PASSWORD@HOST:PORT/DATABASE`: every process
   * that names the same database, which is the cluster's own and not behind a pooler of transactions. It needs the package
   * `@effect/sql-pg` 0.53. Default: `memory`.
   */
  readonly url?: string | undefined
  /**
   * `HOST:PORT`, where this process listens for the other ones, and they reach it. Port 0 picks a free one; any other is best
   * below 32768, where Linux gives it to nobody else. Who reaches it may ask every session: it belongs into a private network.
   * Of no use to `memory`. Default: `127.0.0.1:7234`.
   */
  readonly address?: string | undefined
  /**
   * Settings of the engine. Default: its own, but a lock expires after 15 seconds, and runners are looked for every 2 seconds
   * and looked after every 5.
   */
  readonly sharding?: Partial<Omit<typeof ShardingConfig.ShardingConfig.Service, "runnerAddress">> | undefined
}

/**
 * What a process of a cluster has: its part of the engine, and the store for `Sessions`.
 *
 * @since 0.2.0
 * @category models
 */
export type Cluster =
  | Sharding.Sharding
  | Runners.Runners
  | MessageStorage.MessageStorage
  | SessionStore.SessionStore

const safe = {
  shardLockExpiration: "15 seconds",
  shardLockRefreshInterval: "5 seconds",
  runnerHealthCheckInterval: "5 seconds",
  refreshAssignmentsInterval: "2 seconds"
} as const

const memory = (options: Options): Layer.Layer<Cluster> =>
  Sharding.layer.pipe(
    Layer.provideMerge(Runners.layerNoop),
    Layer.provideMerge(Layer.merge(MessageStorage.layerMemory, SessionStore.layerMemory)),
    Layer.provide([RunnerStorage.layerMemory, RunnerHealth.layerNoop]),
    Layer.provide(ShardingConfig.layer({ ...safe, ...options.sharding }))
  )

const place = (address: string): Effect.Effect<{ readonly host: string; readonly port: number }, ClusterUnusable> => {
  const { host, port } = parse(address) ?? {}
  if (host === undefined || port === undefined) {
    return new ClusterUnusable({
      reason: `its address ${address} is none: write it as HOST:PORT, such as 10.0.0.7:7234.`
    })
  }
  return host === "0.0.0.0" || host === "::"
    ? new ClusterUnusable({
      reason: `nobody can reach ${host}: give the address that the other machines have for this one.`
    })
    : Effect.succeed({ host, port })
}

/** Loaded when it is asked for: who stays in memory needs no driver. */
const loadPostgres = Effect.tryPromise({
  try: () => import("./cluster/postgres.js"),
  catch: (cause) =>
    new ClusterUnusable({
      reason: "a package is missing for Postgres: npm install @effect/sql@0.52 @effect/sql-pg@0.53.",
      cause
    })
})

const postgres = (url: string, options: Options): Layer.Layer<Cluster, ClusterUnusable | ListenError> =>
  Layer.unwrapScoped(Effect.gen(function*() {
    const server = yield* Effect.flatMap(place(options.address ?? "127.0.0.1:7234"), NodeSocketServer.make)
    const { host = "", port = 0 } = server.address
    const { layer } = yield* loadPostgres
    const storages = layer(url).pipe(
      // Who starts at the same moment as others on an empty database may die of a table that is there since.
      Layer.catchAllCause((cause) =>
        Layer.fail(
          new ClusterUnusable({
            reason: `its database does not answer as it should (${Cause.pretty(cause)}). Look at it, and at the URL.`,
            cause
          })
        )
      ),
      Layer.retry(Schedule.intersect(Schedule.jittered(Schedule.exponential("100 millis")), Schedule.recurs(4)))
    )
    return ClusterRunner.layer().pipe(
      Layer.provide(ClusterRunner.layerHealth()),
      Layer.provideMerge(storages),
      Layer.provide([Layer.succeed(SocketServer, server), NodeConnector.layer, RpcSerialization.layerMsgPack]),
      Layer.provide(ShardingConfig.layer({
        ...safe,
        ...options.sharding,
        runnerAddress: Option.some(RunnerAddress.make(host, port))
      }))
    )
  }))

/**
 * Joins a cluster, and leaves it with the scope: the sessions move to the processes that are left. In memory it cannot fail
 * but over its URL.
 *
 * @since 0.2.0
 * @category layers
 */
export const layer = (options: Options = {}): Layer.Layer<Cluster, ClusterUnusable | ListenError> => {
  const { url = "memory" } = options
  if (url === "memory") return memory(options)
  if (/^postgres(ql)?:\/\//.test(url)) return postgres(url, options)
  return Layer.fail(
    new ClusterUnusable({
      reason: "its URL is none that is known here: write memory, or postgres://USER@HOST/DATABASE."
    })
  )
}
