/**
 * The SocketServer of Bun: TCP by `Bun.listen`, where Bun runs the program. Bun also runs {@link NodeSocketServer}, at some
 * more CPU time a request.
 *
 * @since 0.2.0
 * @module
 */
import * as Effect from "effect/Effect"
import * as Layer from "effect/Layer"
import type * as Scope from "effect/Scope"
import { format } from "../domain/Address.js"
import type { ListenError } from "../domain/NetworkError.js"
import { ListenFailed } from "../domain/NetworkError.js"
import type { What } from "../domain/ServerEvent.js"
import { BunConnection } from "./bun/BunConnection.js"
import type { BunSocket } from "./bun/runtime.js"
import { bun } from "./bun/runtime.js"
import { Gate } from "./Gate.js"
import * as MonotonicTime from "./MonotonicTime.js"
import { capacity } from "./node/descriptors.js"
import { listenError } from "./node/listen.js"
import { poll } from "./node/poll.js"
import { Waiting } from "./node/Waiting.js"
import { Observer } from "./Observer.js"
import { SocketServer } from "./SocketServer.js"
import { Witness } from "./Witness.js"

/**
 * Where to listen; what is left out has its default.
 *
 * @since 0.2.0
 * @category models
 */
export interface Options {
  /** A name or address of this machine. Default: `127.0.0.1`. */
  readonly host?: string | undefined
  /** 0 to 65,535; 0 picks a free port. Default: 0. */
  readonly port?: number | undefined
}

/** A peer that vanished without a word is found after this long (RFC 9293, section 3.8.4). */
const keepAliveDelay = 60_000

/**
 * Listens, for as long as the scope is open. Fails as `NodeSocketServer.make` does, and with `ListenFailed` where it is not
 * Bun that runs the program.
 *
 * @since 0.2.0
 * @category constructors
 */
export const make = (
  { host = "127.0.0.1", port = 0 }: Options = {}
): Effect.Effect<typeof SocketServer.Service, ListenError, Scope.Scope> =>
  Effect.gen(function*() {
    let address = { host, port }
    const runtime = bun()
    if (runtime === undefined) {
      const cause = new Error("it is not Bun that runs this program: NodeSocketServer listens wherever it runs")
      return yield* new ListenFailed({ address, cause })
    }
    const waiting = new Waiting()
    const connections = new Set<BunConnection>()
    const room = capacity()
    const gate = yield* Gate
    const observer = yield* Observer
    const fibers = yield* Effect.runtime()
    const now = MonotonicTime.millis(yield* Effect.clock)
    let arrived = 0
    let turnedAway = 0
    let toldAt = -Infinity
    let isListening = true

    const tell = (what: What): void => new Witness(format(address), observer, now, fibers).tell(what)

    const exhausted = (): void => {
      turnedAway++
      if (now() - toldAt < 1000) return
      tell({ _tag: "Exhausted", refused: turnedAway })
      turnedAway = 0
      toldAt = now()
    }

    const open = (socket: BunSocket<BunConnection>): void => {
      arrived++
      const peer = { host: socket.remoteAddress ?? "", port: socket.remotePort ?? 0 }
      if (peer.host === "") return socket.terminate()
      if (connections.size >= room) {
        socket.terminate()
        return exhausted()
      }
      const reason = gate.enter(peer)
      if (reason !== undefined) {
        socket.terminate()
        return tell({ _tag: "Refused", peer, reason })
      }
      socket.setNoDelay(true)
      socket.setKeepAlive(true, keepAliveDelay)
      socket.data = new BunConnection(socket, peer, (connection) => {
        connections.delete(connection)
        gate.leave?.(peer)
      })
      connections.add(socket.data)
      waiting.add(socket.data)
    }
    const listener = yield* Effect.acquireRelease(
      Effect.try({
        try: () =>
          runtime.listen<BunConnection>({
            hostname: host,
            port,
            allowHalfOpen: true,
            exclusive: true,
            socket: {
              open,
              data: ({ data }, chunk) => data?.data(chunk),
              end: ({ data }) => data?.ended(),
              drain: ({ data }) => data?.drained(),
              error: ({ data }, cause) => data?.closed(cause),
              close: ({ data }, cause) => data?.closed(cause)
            }
          }),
        catch: (cause) => listenError(address, cause)
      }),
      (listener) =>
        Effect.sync(() => {
          listener.stop()
          for (const connection of connections) connection.reset()
        })
    )
    address = { host, port: listener.port }
    const letGo = Effect.sync(() => {
      isListening = false
      listener.stop()
      waiting.reset()
    })

    // Bun gives out all that the kernel has accepted, one round after the other.
    const takeIn = Effect.gen(function*() {
      for (let quiet = 0; quiet < 2;) {
        const before = arrived
        yield* poll
        quiet = arrived === before ? quiet + 1 : 0
      }
    })

    return SocketServer.of({
      address,
      capacity: room,
      accept: waiting.next,
      close: Effect.ensuring(Effect.when(takeIn, () => isListening), letGo),
      poll
    })
  })

/**
 * Listens on a port of this machine by Bun's own sockets, for as long as the layer's scope is open.
 *
 * @example
 * ```ts
 * import { BunSocketServer } from "effect-switchboard"
 *
 * const everywhere = BunSocketServer.layer({ host: "0.0.0.0", port: 1234 })
 * ```
 *
 * @since 0.2.0
 * @category layers
 */
export const layer = (options: Options = {}): Layer.Layer<SocketServer, ListenError> =>
  Layer.scoped(SocketServer, make(options))
