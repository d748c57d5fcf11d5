/**
 * State by name, on many machines: `@effect/cluster` over these sockets. It needs the packages `@effect/cluster`,
 * `@effect/platform` and `@effect/rpc`, and with Postgres `@effect/sql` and `@effect/sql-pg`, which this one does not install.
 *
 * @since 0.2.0
 * @module
 */
export * as Cluster from "./services/Cluster.js"
export * as ClusterRunner from "./services/ClusterRunner.js"
export * as Sessions from "./services/Sessions.js"
export * as SessionStore from "./services/SessionStore.js"
