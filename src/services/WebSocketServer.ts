/**
 * The SocketServer whose connections speak WebSocket (RFC 6455), on whatever SocketServer it is given: TCP, or a virtual
 * network. Each protocol runs over it as it is.
 *
 * - A text message is a message of a framing whose messages are text with an end, such as `line`, without that end; so a page
 *   sends `"1 + 1"`, and is sent `"2"`.
 * - What a binary framing, such as `bytes` or `lengthPrefixed`, has for a message is a binary message. Of a framing that has
 *   no ends, `bytes` and `chunk`, each message that comes is one.
 * - A binary message is bytes as they are, also where text is expected: what it leaves unfinished, the next one finishes.
 * - A close frame is both halves: what was asked before it is answered, and then it is over.
 *
 * permessage-deflate is not offered: memory for each connection, and time that a peer chooses.
 *
 * @since 0.2.0
 * @module
 */
import * as Duration from "effect/Duration"
import * as Effect from "effect/Effect"
import * as Layer from "effect/Layer"
import type * as Scope from "effect/Scope"
import type { Server as HttpServer } from "node:http"
import type { Address } from "../domain/Address.js"
import { format } from "../domain/Address.js"
import type { ListenError } from "../domain/NetworkError.js"
import type { What } from "../domain/ServerEvent.js"
import type { Origins } from "../domain/websocket/Origin.js"
import { Gate } from "./Gate.js"
import * as MonotonicTime from "./MonotonicTime.js"
import { capacity } from "./node/descriptors.js"
import { ask } from "./node/Guarded.js"
import { poll } from "./node/poll.js"
import type { NodeConnection } from "./node/socket.js"
import { addressOf, claim, listening, upgraded } from "./node/upgrades.js"
import { Observer } from "./Observer.js"
import { SocketServer } from "./SocketServer.js"
import { responder } from "./websocket/page.js"
import type { Rules } from "./websocket/reception.js"
import * as reception from "./websocket/reception.js"
import { Witness } from "./Witness.js"

export type { Origins } from "../domain/websocket/Origin.js"

/**
 * Who may come in, and how; what is left out has its default.
 *
 * @since 0.2.0
 * @category models
 */
export interface Options {
  /** The path that clients ask for; any other is not found. Default: `/`. */
  readonly path?: string | undefined
  /**
   * Pages that may connect: those of this machine (`localhost`, 127.0.0.0/8, `[::1]`), any, or of these origins, such as
   * `https://example.org`. Clients that are no browsers have no origin, and may. Default: `loopback`.
   */
  readonly origins?: Origins | undefined
  /** Subprotocols that are spoken: the first that a client offers and that is among them. Default: none. */
  readonly protocols?: ReadonlyArray<string> | undefined
  /** A client's request must be whole within this time. Default: 10 seconds. */
  readonly handshakeTimeout?: Duration.DurationInput | undefined
  /** Bytes of a client's request. Default: 8,192. */
  readonly maxHandshake?: number | undefined
  /** Bytes of one message, whatever the framing: a server's `maxFrame` is within it. Default: 1 MiB. */
  readonly maxMessage?: number | undefined
  /**
   * How often is looked whether a client has been silent since the last time: then it is asked for a sign of life (ping), and
   * cut if it has given none the next time. Infinity for never. Default: 30 seconds.
   */
  readonly pingInterval?: Duration.DurationInput | undefined
  /**
   * What a client asked before its close frame is answered within this time, and more is not said. Each answer begins it
   * anew. Default: 30 seconds.
   */
  readonly closeTimeout?: Duration.DurationInput | undefined
  /**
   * A page of HTML for a browser that opens the path itself. It is to have all in it: it may load nothing, and connect to
   * nothing but where it is from. Default: none.
   */
  readonly page?: string | undefined
}

/** What is not asked of who comes by an app's own server, whose part that is. @since 0.2.0 @category models */
export type UpgradeOptions = Omit<Options, "handshakeTimeout" | "maxHandshake" | "page">

const rulesOf = (options: Options): Rules => {
  const path = options.path ?? "/"
  return {
    terms: { path, origins: options.origins ?? "loopback", protocols: options.protocols ?? [] },
    maxHandshake: options.maxHandshake ?? 8192,
    timeout: Duration.toMillis(options.handshakeTimeout ?? "10 seconds"),
    page: responder(path, options.page),
    maxMessage: options.maxMessage ?? 1_048_576,
    pingInterval: Duration.toMillis(options.pingInterval ?? "30 seconds"),
    closeTimeout: Duration.toMillis(options.closeTimeout ?? "30 seconds")
  }
}

/** Tells the observer, for a server at an address that is known when there is something to tell. */
const telling = (address: () => Address): Effect.Effect<(what: What) => void> =>
  Effect.gen(function*() {
    const observer = yield* Observer
    const runtime = yield* Effect.runtime()
    const now = MonotonicTime.millis(yield* Effect.clock)
    let witness: Witness | undefined = undefined
    return (what) => (witness ??= new Witness(format(address()), observer, now, runtime)).tell(what)
  })

/** A request that has arrived is read in the next two rounds; whose handshake is not whole then has asked for nothing. */
const twoRounds = (poll: Effect.Effect<void>): Effect.Effect<void> => Effect.repeatN(poll, 1)

/**
 * Has the clients of the SocketServer speak WebSocket, for as long as the scope is open.
 *
 * @since 0.2.0
 * @category constructors
 */
export const make = (
  options: Options = {}
): Effect.Effect<typeof SocketServer.Service, never, SocketServer | Scope.Scope> =>
  Effect.gen(function*() {
    const below = yield* SocketServer
    const rules = rulesOf(options)
    const { accept, enter, letGo } = yield* reception.make(rules, below.poll, yield* telling(() => below.address))
    yield* Effect.forkScoped(
      Effect.interruptible(Effect.forever(Effect.map(below.accept, enter)))
    )
    return SocketServer.of({
      address: below.address.path === undefined ? { ...below.address, webSocket: rules.terms.path } : below.address,
      capacity: below.capacity,
      accept,
      close: Effect.ensuring(Effect.zipRight(below.close, twoRounds(below.poll)), letGo),
      ended: below.ended,
      poll: below.poll
    })
  })

/**
 * The WebSocket at a path of an app's own `http.Server` or `https.Server`, for as long as the scope is open. All else stays
 * the app's: its routes, the upgrades at other paths, and to listen and to close. Requests for this path that ask for a
 * WebSocket are told to nobody else; several may have a path each.
 *
 * It waits until the server listens. It stops by itself when its scope closes, and not when the app closes its server, whose
 * `close` waits in turn for all WebSockets to end.
 *
 * Fails with `ListenFailed` where another one has the path.
 *
 * @since 0.2.0
 * @category constructors
 */
export const makeUpgrade = (
  server: HttpServer,
  options: UpgradeOptions = {}
): Effect.Effect<typeof SocketServer.Service, ListenError, Scope.Scope> =>
  Effect.gen(function*() {
    const rules = rulesOf(options)
    const { path } = rules.terms
    const connections = new Set<NodeConnection>()
    let address: Address | undefined = undefined
    const place = (): Address => address ??= addressOf(server, path)
    yield* Effect.addFinalizer(() =>
      Effect.sync(() => {
        for (const connection of connections) connection.reset()
      })
    )
    const gate = yield* Gate
    const tell = yield* telling(place)
    const { accept, enter, letGo } = yield* reception.make(rules, poll, tell)
    // At once: who connects as soon as the server listens is not to be told that there is nothing.
    yield* claim(server, path, (head, socket, rest) => {
      const connection = upgraded(socket, place(), connections)
      const { peer } = connection
      // One that has reset already has no address any more.
      const reason = peer.host === "" ? undefined : ask(gate, socket, peer)
      if (reason === undefined) return enter(connection).asked(head, rest)
      connection.reset()
      tell({ _tag: "Refused", peer, reason })
    })
    yield* listening(server)
    return SocketServer.of({
      address: place(),
      capacity: capacity(),
      accept,
      close: Effect.ensuring(twoRounds(poll), letGo),
      poll
    })
  })

/**
 * The SocketServer below it, with clients that speak WebSocket.
 *
 * @example
 * ```ts
 * import { Echo, Model, NodeSocketServer, Server, WebSocketServer } from "effect-switchboard"
 * import { Layer } from "effect"
 *
 * const echo = Server.layer(Echo.protocol, { model: Model.threaded }).pipe(
 *   Layer.provide(WebSocketServer.layer({ origins: ["https://example.org"] })),
 *   Layer.provide(NodeSocketServer.layer({ port: 8080 }))
 * )
 * ```
 *
 * @since 0.2.0
 * @category layers
 */
export const layer = (options: Options = {}): Layer.Layer<SocketServer, never, SocketServer> =>
  Layer.scoped(SocketServer, make(options))

/**
 * {@link makeUpgrade}, as a layer.
 *
 * @example
 * ```ts
 * import { Echo, Model, Server, WebSocketServer } from "effect-switchboard"
 * import { Layer } from "effect"
 * import { createServer } from "node:http"
 *
 * const http = createServer((_request, response) => response.end("All else is the app's."))
 * http.listen(8080)
 *
 * const echo = Server.layer(Echo.protocol, { model: Model.threaded }).pipe(
 *   Layer.provide(WebSocketServer.layerUpgrade(http, { path: "/echo" }))
 * )
 * ```
 *
 * @since 0.2.0
 * @category layers
 */
export const layerUpgrade = (
  server: HttpServer,
  options: UpgradeOptions = {}
): Layer.Layer<SocketServer, ListenError> => Layer.scoped(SocketServer, makeUpgrade(server, options))
