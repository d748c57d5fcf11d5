/**
 * The SocketServer of the real world: TCP, by `node:net`.
 *
 * @since 0.1.0
 * @module
 */
import * as Config from "effect/Config"
import type { ConfigError } from "effect/ConfigError"
import * as Duration from "effect/Duration"
import * as Effect from "effect/Effect"
import * as Layer from "effect/Layer"
import type * as Scope from "effect/Scope"
import * as net from "node:net"
import type { Address } from "../domain/Address.js"
import { format } from "../domain/Address.js"
import type { ListenError } from "../domain/NetworkError.js"
import { AddressUnavailable, ListenFailed, PermissionDenied, PortInUse } from "../domain/NetworkError.js"
import type { Connection } from "./Connection.js"
import { highWaterMark } from "./Connection.js"
import * as MonotonicTime from "./MonotonicTime.js"
import { closeBacklog } from "./node/backlog.js"
import { descriptorLimit, descriptorOf, descriptorsInUse } from "./node/descriptors.js"
import { NodeConnection } from "./node/socket.js"
import { Observer } from "./Observer.js"
import { SocketServer } from "./SocketServer.js"
import { Witness } from "./Witness.js"

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
  /** Clients the kernel holds for the process to accept. Default: 4,096; the kernel may lower it. */
  readonly backlog?: number | undefined
}

/** Descriptors kept back for what the process may still open: files, pipes, a resolver. */
const reserve = 8

/** A peer that vanished without a word is found after this long (RFC 9293, section 3.8.4). */
const keepAliveDelay = 60_000

/**
 * How often those who wait to be accepted are looked at. Who has reset is let go then; who has just left cannot be told from who
 * has only finished, until the kernel's own keep-alive finds nobody there any more.
 */
const watch = Duration.seconds(10)

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
): Effect.Effect<typeof SocketServer.Service, ListenError, Scope.Scope> =>
  Effect.gen(function*() {
    const { backlog = 4096, host = "127.0.0.1", port = 0 } = options
    const observer = yield* Observer
    const runtime = yield* Effect.runtime()
    const now = MonotonicTime.millis(yield* Effect.clock)
    const limit = descriptorLimit()
    let waiting: Array<NodeConnection> = []
    let accepting: ((next: Effect.Effect<Connection>) => void) | undefined = undefined
    const connections = new Set<NodeConnection>()
    let arrived = 0
    let turnedAway = 0
    let toldAt = -Infinity

    const server = net.createServer({
      allowHalfOpen: true,
      pauseOnConnect: true,
      noDelay: true,
      keepAlive: true,
      keepAliveInitialDelay: keepAliveDelay,
      highWaterMark
    })

    // Past this point the operating system would drop clients without a word, and could drop other files of ours.
    const exhausted = (): void => {
      turnedAway++
      if (now() - toldAt < 1000) return
      const { port } = server.address() as net.AddressInfo
      new Witness(format({ host, port }), observer, now, runtime).tell({ _tag: "Exhausted", refused: turnedAway })
      turnedAway = 0
      toldAt = now()
    }

    server.on("connection", (socket) => {
      arrived++
      const peer = { host: socket.remoteAddress ?? "", port: socket.remotePort ?? 0 }
      const connection = new NodeConnection(socket, peer, connections)
      if (descriptorOf(socket) >= limit - reserve) {
        connection.reset()
        exhausted()
        return
      }
      if (accepting === undefined) {
        waiting.push(connection)
      } else {
        const accept = accepting
        accepting = undefined
        accept(Effect.succeed(connection))
      }
    })

    const nextWaiting = (): Connection | undefined => {
      for (let next = waiting.shift(); next !== undefined; next = waiting.shift()) if (!next.isOver) return next
      return undefined
    }

    // Not a Queue: this is on every client's way in, and one fiber at a time accepts.
    const accept = Effect.async<Connection>((resume) => {
      const first = nextWaiting()
      if (first !== undefined) return resume(Effect.succeed(first))
      accepting = resume
      return Effect.sync(() => {
        accepting = undefined
      })
    })

    const lookAfter = Effect.sync(() => {
      waiting = waiting.filter(({ isOver }) => !isOver)
      for (const connection of waiting) connection.probe()
    })

    const poll = Effect.async<void>((resume) => {
      const immediate = setImmediate(() => resume(Effect.void))
      return Effect.sync(() => clearImmediate(immediate))
    })

    const letGo = Effect.sync(() => {
      server.close()
      for (const connection of waiting.splice(0)) connection.reset()
    })

    // The kernel has accepted clients that this process has not: closing resets them, though they may have asked already.
    const takeIn = Effect.gen(function*() {
      closeBacklog(server)
      // Node accepts one client a round, and the first poll may end in the round under way.
      for (let quiet = 0; quiet < 2;) {
        const before = arrived
        yield* poll
        quiet = arrived === before ? quiet + 1 : 0
      }
    })

    const close = Effect.ensuring(Effect.when(takeIn, () => server.listening), letGo)

    yield* Effect.acquireRelease(
      Effect.async<void, ListenError>((resume) => {
        const fail = (cause: unknown): void => resume(Effect.fail(listenError({ host, port }, cause)))
        server.once("error", fail)
        try {
          server.listen({ host, port, backlog }, () => resume(Effect.void))
        } catch (cause) {
          fail(cause)
        }
      }),
      () =>
        Effect.zipRight(
          letGo,
          Effect.sync(() => {
            for (const connection of connections) connection.reset()
          })
        )
    )
    server.removeAllListeners("error")
    server.on("error", () => exhausted())
    yield* Effect.forkScoped(Effect.interruptible(Effect.forever(Effect.delay(lookAfter, watch))))

    const bound = server.address() as net.AddressInfo
    return SocketServer.of({
      address: { host, port: bound.port },
      capacity: Math.max(1, limit - descriptorsInUse() - reserve),
      accept,
      close,
      poll
    })
  })

const listenError = (place: Address, cause: unknown): ListenError => {
  switch (cause instanceof Error && "code" in cause ? cause.code : undefined) {
    case "EADDRINUSE":
      return new PortInUse(place)
    case "EADDRNOTAVAIL":
      return new AddressUnavailable(place)
    case "ENOTFOUND":
    case "EAI_AGAIN":
      return new AddressUnavailable({ ...place, reason: "not found" })
    case "EACCES":
      return new PermissionDenied(place)
    default:
      return new ListenFailed({ ...place, cause })
  }
}

/**
 * Listens on a port of this machine, by Node's sockets, for as long as the layer's scope is open.
 *
 * @example
 * ```ts
 * import { NodeSocketServer } from "effect-switchboard"
 *
 * const everywhere = NodeSocketServer.layer({ host: "0.0.0.0", port: 1234 })
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
