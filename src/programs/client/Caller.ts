import type * as Duration from "effect/Duration"
import type * as Effect from "effect/Effect"
import type * as Stream from "effect/Stream"
import type { Address } from "../../domain/Address.js"
import type { ClientEvent } from "../../domain/ClientEvent.js"
import type { FramingError, UnsendableMessage } from "../../domain/Framing.js"
import type { Disconnected, ReplyTimeout } from "../../domain/NetworkError.js"

/**
 * Where the server is, and how long and how much a client takes from it; what is left out has its default.
 *
 * @since 0.1.0
 * @category models
 */
export interface Options {
  /** Default: `localhost`. */
  readonly host?: string | undefined
  /** Default: 1234. */
  readonly port?: number | undefined
  /** The path of a unix socket, instead of host and port. */
  readonly path?: string | undefined
  /** The path of a WebSocket at that host and port, for a Connector that speaks it. */
  readonly webSocket?: string | undefined
  /** For the connection, and for each reply. Default: 2 seconds. */
  readonly timeout?: Duration.DurationInput | undefined
  /** Bytes of one message. Default: 1 MiB. */
  readonly maxFrame?: number | undefined
  /**
   * What becomes of a reply that comes after its time: it is dropped, or `receive`d like what the server says of itself.
   * Default: `drop`.
   */
  readonly late?: "drop" | "receive" | undefined
  /**
   * Replies that the server may still owe to requests for which nobody waits any more, because their time was over or they
   * were interrupted. With one more the connection is given up, as `Unresponsive`. Default: 1,000.
   */
  readonly maxOverdue?: number | undefined
}

/**
 * Whatever takes requests for a server, be it by one connection, by one after another, or by several at once.
 *
 * @since 0.2.0
 * @category models
 */
export interface Caller<in Request, out Reply, out E = never, out R = never> {
  readonly address: Address
  /**
   * Sends a request and waits for its reply, for `timeout` at most from when it was sent. One that comes later, or after
   * an interruption, is no other request's: the connection stays usable.
   *
   * A request that the framing cannot carry as it is, such as two lines in one message of `line`, is an
   * `UnsendableMessage`.
   */
  readonly ask: (
    request: Request
  ) => Effect.Effect<Reply, E | Disconnected | FramingError | ReplyTimeout | UnsendableMessage, R>
  /** Sends a request to which no reply belongs, or one that is `receive`d. Waits while the server is behind with reading. */
  readonly send: (request: Request) => Effect.Effect<void, E | Disconnected | UnsendableMessage, R>
  /**
   * What happens to the connections, for as many as listen; it ends with the client. Whoever begins to listen is told the
   * last that happened first. Where nobody listens it costs nothing; of somebody who is behind, 64 events are kept, the
   * oldest go first.
   */
  readonly events: Stream.Stream<ClientEvent>
}

/**
 * Whatever also hears what the server says of itself.
 *
 * @since 0.2.0
 * @category models
 */
export interface Listener<out Reply, out E = never, out R = never> {
  /**
   * The next message that the server sends of itself, for as long as it takes: one that comes while no request waits for
   * its reply. Of messages that nobody receives, the last 1,000 of a connection are kept.
   */
  readonly receive: Effect.Effect<Reply, E | Disconnected | FramingError, R>
  /** All of them: `receive`, again and again, until it fails. Each message is for one of those who listen. */
  readonly messages: Stream.Stream<Reply, E | Disconnected | FramingError, R>
}

/**
 * A connection to a server.
 *
 * Replies are matched to requests by their order. Requests may overlap where the framing keeps messages apart; where it
 * does not (`chunk`, and `auto` until the server's first reply shows its way) each waits for the reply before it.
 *
 * @since 0.1.0
 * @category models
 */
export interface Client<in Request, out Reply, out E = never, out R = never>
  extends Caller<Request, Reply, E, R>, Listener<Reply, E, R>
{
  /**
   * Sends a request, and gives its reply as an effect to wait for: many requests can be on their way at once. Waits
   * itself while the server is behind with reading. The time for a reply runs from its request, or from the reply
   * before it if that came later.
   */
  readonly submit: (
    request: Request
  ) => Effect.Effect<
    Effect.Effect<Reply, E | Disconnected | FramingError | ReplyTimeout, R>,
    E | Disconnected | UnsendableMessage,
    R
  >
  /**
   * Runs an effect during which nothing is read: the server is made to wait, and the time for its replies stands still.
   * For who cannot take more just now, as while a slow disk writes what has come. What was on its way may still come:
   * some 100 KiB at the most.
   */
  readonly paused: <A, E2, R2>(effect: Effect.Effect<A, E2, R2>) => Effect.Effect<A, E2, R2>
  /** Tells the server that no more requests will come (FIN). Replies may still be received. */
  readonly end: Effect.Effect<void>
  /** Waits until the server has gone, and says how. */
  readonly disconnected: Effect.Effect<Disconnected>
}
