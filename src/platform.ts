/**
 * Effect's own, on these sockets: what others build on `@effect/platform`'s SocketServer and Socket, and
 * `@effect/rpc`. It needs the packages `@effect/platform` and `@effect/rpc`, which this one does not install.
 *
 * @since 0.2.0
 * @module
 */
export * as PlatformSocket from "./services/PlatformSocket.js"
export * as PlatformSocketServer from "./services/PlatformSocketServer.js"
export * as RpcClientProtocol from "./services/RpcClientProtocol.js"
export * as RpcServerProtocol from "./services/RpcServerProtocol.js"
