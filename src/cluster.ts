/**
 * State by name, on many machines: `@effect/cluster` over these sockets. It needs the packages `@effect/cluster`,
 * `@effect/platform` and `@effect/rpc`, which this one does not install.
 *
 * @since 0.2.0
 * @module
 */
export * as ClusterRunner from "./services/ClusterRunner.js"
