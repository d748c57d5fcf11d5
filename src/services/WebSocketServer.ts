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
import * as FiberRef from "effect/FiberRef"
import * as Layer from "effect/Layer"
import * as Queue from "effect/Queue"
import type * as Scope from "effect/Scope"
import { format } from "../domain/Address.js"
import * as CloseCode from "../domain/websocket/CloseCode.js"
import type { Origins } from "../domain/websocket/Origin.js"
import type { Connection } from "./Connection.js"
import { Observer } from "./Observer.js"
import { SocketServer } from "./SocketServer.js"
import * as Timers from "./Timers.js"
import type { Door } from "./websocket/Opening.js"
import { Opening } from "./websocket/Opening.js"
import { responder } from "./websocket/page.js"
import { Lower } from "./websocket/Stage.js"
import type { Manners } from "./websocket/WebSocketConnection.js"
import { WebSocketConnection } from "./websocket/WebSocketConnection.js"
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

const everyone = (options: Options): Pick<Door, "terms" | "maxHandshake" | "timeout" | "page"> => {
  const path = options.path ?? "/"
  return {
    terms: { path, origins: options.origins ?? "loopback", protocols: options.protocols ?? [] },
    maxHandshake: options.maxHandshake ?? 8192,
    timeout: Duration.toMillis(options.handshakeTimeout ?? "10 seconds"),
    page: responder(path, options.page)
  }
}

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
    const scheduler = yield* FiberRef.get(FiberRef.currentScheduler)
    const timers = yield* Timers.make(below.poll)
    const waiting = yield* Queue.unbounded<WebSocketConnection>()
    /** Who is between the two: their handshakes are under way. */
    const openings = new Set<Opening>()
    let isClosed = false
    const manners: Manners = {
      key: undefined,
      maxMessage: options.maxMessage ?? 1_048_576,
      pingInterval: Duration.toMillis(options.pingInterval ?? "30 seconds"),
      closeTimeout: Duration.toMillis(options.closeTimeout ?? "30 seconds"),
      timers,
      soon: (act) => scheduler.scheduleTask(act, 0)
    }
    const witness = new Witness(format(below.address), yield* Observer, timers.now, yield* Effect.runtime())
    const door: Omit<Door, "opened"> = {
      ...everyone(options),
      declined: (peer, { status, words }) =>
        witness.tell({ _tag: "UpgradeDeclined", peer, status: Number.parseInt(status, 10), reason: words }),
      timers,
      gone: (opening) => openings.delete(opening)
    }

    const enter = (connection: Connection): void => {
      const lower = new Lower()
      const opening = new Opening(connection, {
        ...door,
        opened: (opening, rest) => {
          openings.delete(opening)
          const opened = new WebSocketConnection(connection, manners, rest)
          lower.stage = opened
          if (isClosed) opened.refuse(CloseCode.tryAgainLater, "the server stops")
          else waiting.unsafeOffer(opened)
        }
      })
      lower.stage = opening
      openings.add(opening)
      connection.open(lower)
    }

    // Who has left before it was its turn is none.
    const accept: Effect.Effect<Connection> = Effect.flatMap(
      Queue.take(waiting),
      (connection) => connection.isOver ? accept : Effect.succeed(connection)
    )

    const letGo = Effect.gen(function*() {
      isClosed = true
      for (const opening of openings) opening.decline("503 Service Unavailable", "The server stops.")
      for (const connection of yield* Queue.takeAll(waiting)) {
        // Who was never served may safely ask another time.
        connection.refuse(CloseCode.tryAgainLater, "the server stops")
      }
    })

    yield* Effect.addFinalizer(() => letGo)
    yield* Effect.forkScoped(
      Effect.interruptible(Effect.forever(Effect.flatMap(below.accept, (next) => Effect.sync(() => enter(next)))))
    )

    return SocketServer.of({
      address: below.address.path === undefined ? { ...below.address, webSocket: door.terms.path } : below.address,
      capacity: below.capacity,
      accept,
      // A request that has arrived is read in the next two rounds; whose handshake is not whole then has asked for nothing.
      close: Effect.ensuring(Effect.zipRight(below.close, Effect.repeatN(below.poll, 1)), letGo),
      ended: below.ended,
      poll: below.poll
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
