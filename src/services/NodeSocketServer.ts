/**
 * The SocketServer of the real world: TCP and unix sockets, by `node:net`.
 *
 * @since 0.1.0
 * @module
 */
import * as Config from "effect/Config"
import type { ConfigError } from "effect/ConfigError"
import * as Effect from "effect/Effect"
import * as Layer from "effect/Layer"
import type * as Scope from "effect/Scope"
import type { ListenError } from "../domain/NetworkError.js"
import { open } from "./node/Entrance.js"
import type { Owner } from "./node/place.js"
import type { Proxies } from "./node/Proxied.js"
import * as socketServer from "./node/socketServer.js"
import { SocketServer } from "./SocketServer.js"

export type { Owner } from "./node/place.js"
export type { Proxies } from "./node/Proxied.js"

/**
 * Where to listen; what is left out has its default.
 *
 * @since 0.1.0
 * @category models
 */
export interface Options {
  /** A name or address of this machine. Default: `127.0.0.1`. */
  readonly host?: string | undefined
  /** 0 to 65,535; 0 picks a free port. Default: 0. */
  readonly port?: number | undefined
  /**
   * The path of a unix socket (unix(7)), instead of host and port: at most 107 bytes, or a name of Linux's abstract namespace
   * behind a NUL. A file that a dead server has left there is replaced; one behind which somebody listens, or that is no
   * socket, is not.
   */
  readonly path?: string | undefined
  /** The permissions of that file, such as `0o660`. Default: what the umask leaves. */
  readonly mode?: number | undefined
  /** The user and the group that it is to belong to, by number: for a server that is root. Default: its own. */
  readonly owner?: Owner | undefined
  /** A descriptor of this process that is bound already, such as systemd's, instead of all the above. */
  readonly fd?: number | undefined
  /**
   * A descriptor of this process that is a client's connection already, such as inetd's 0, instead of all the above: nobody
   * else comes, and the `Server` ends when this one has gone.
   */
  readonly connection?: number | undefined
  /**
   * Where other processes listen with the same descriptor: once this has ended no clients are taken from it any more, and those
   * that wait there are left to the others; those that were taken are served. Default: never.
   */
  readonly leaving?: Effect.Effect<void> | undefined
  /**
   * The proxies in front of it, which say by the PROXY protocol, versions 1 and 2, who their clients are: that is the peer
   * then, and the proxy its `via`. Who is none of them, or says anything else first, is reset (`ProxyFault`). Throws a
   * RangeError over what is no address or network. Default: none.
   */
  readonly proxies?: Proxies | undefined
  /** Clients the kernel holds for the process to accept. Default: 4,096; the kernel may lower it. */
  readonly backlog?: number | undefined
}

/**
 * Listens, for as long as the scope is open.
 *
 * Fails with `PortInUse`, `AddressUnavailable`, `PermissionDenied`, or `ListenFailed` for whatever else the
 * operating system says; nothing is left open then.
 *
 * @since 0.1.0
 * @category constructors
 */
export const make = (
  options: Options = {}
): Effect.Effect<typeof SocketServer.Service, ListenError, Scope.Scope> => socketServer.make(options, open)

/**
 * Listens on a port of this machine, or at a unix socket, by Node's sockets, for as long as the layer's scope is open.
 *
 * @example
 * ```ts
 * import { NodeSocketServer } from "effect-switchboard"
 *
 * const everywhere = NodeSocketServer.layer({ host: "0.0.0.0", port: 1234 })
 * const here = NodeSocketServer.layer({ path: "/run/calc.sock", mode: 0o660 })
 * ```
 *
 * @since 0.1.0
 * @category layers
 */
export const layer = (options: Options = {}): Layer.Layer<SocketServer, ListenError> =>
  Layer.scoped(SocketServer, make(options))

/**
 * {@link layer}, with options from Effect's `Config`, such as the environment.
 *
 * @since 0.1.0
 * @category layers
 */
export const layerConfig = (
  config: Config.Config.Wrap<Options>
): Layer.Layer<SocketServer, ListenError | ConfigError> =>
  Layer.scoped(SocketServer, Effect.flatMap(Config.unwrap(config), make))
