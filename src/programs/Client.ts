/**
 * A client: it speaks a ClientProtocol to a server.
 *
 * @since 0.1.0
 */
import * as Deferred from "effect/Deferred"
import * as Duration from "effect/Duration"
import * as Effect from "effect/Effect"
import * as Option from "effect/Option"
import type * as Scope from "effect/Scope"
import type { Address } from "../domain/Address.js"
import type { ClientProtocol } from "../domain/ClientProtocol.js"
import type { FramingError } from "../domain/Framing.js"
import type { ConnectError } from "../domain/NetworkError.js"
import type { ConnectionReset } from "../domain/NetworkError.js"
import { ConnectionClosed, ConnectionRefused, ReplyTimeout } from "../domain/NetworkError.js"
import type { Sink } from "../services/Connection.js"
import { highWaterMark } from "../services/Connection.js"
import { Connector } from "../services/Connector.js"
import { Inbox } from "./conversation/Inbox.js"
import { Outbox } from "./conversation/Outbox.js"
import { Bell } from "./engines/Bell.js"

/**
 * @since 0.1.0
 * @category models
 */
export interface Options {
  /** Default: `localhost`. */
  readonly host?: string | undefined
  /** Default: 1234. */
  readonly port?: number | undefined
  /** For the connection, and for each reply. Default: 2 seconds. */
  readonly timeout?: Duration.DurationInput | undefined
  /** Bytes of one message. Default: 1 MiB. */
  readonly maxFrame?: number | undefined
}

/**
 * How a connection ends from the other side. A server that hangs up before it said anything has refused.
 *
 * @since 0.1.0
 * @category errors
 */
export type Disconnected = ConnectionRefused | ConnectionReset | ConnectionClosed

/**
 * A connection to a server. Replies are matched to requests by their order, so requests may overlap.
 *
 * @since 0.1.0
 * @category models
 */
export interface Client<in Request, out Reply, out E = never, out R = never> {
  readonly address: Address
  /** Sends a request. Waits while the server is behind with reading. */
  readonly send: (request: Request) => Effect.Effect<void, E | Disconnected, R>
  /** The next message of the server, for as long as it takes. */
  readonly receive: Effect.Effect<Reply, E | Disconnected | FramingError, R>
  /** Sends a request and waits for its reply, for `timeout` at most. After a `ReplyTimeout` the order is lost: connect anew. */
  readonly ask: (request: Request) => Effect.Effect<Reply, E | Disconnected | FramingError | ReplyTimeout, R>
  /** Tells the server that no more requests will come (FIN). Replies may still be received. */
  readonly end: Effect.Effect<void>
  /** Waits until the server has gone, and says how. */
  readonly disconnected: Effect.Effect<Disconnected>
}

/**
 * Connects; the connection is closed with the scope.
 *
 * Fails with `ConnectionRefused`, `ConnectTimeout`, `HostNotFound`, or `ConnectFailed` for whatever else the
 * operating system says.
 *
 * @since 0.1.0
 * @category constructors
 */
export const make = <Request, Reply, In, Out, E, R>(
  protocol: ClientProtocol<Request, Reply, In, Out, E, R>,
  options: Options = {}
): Effect.Effect<Client<Request, Reply, E, R>, ConnectError, Connector | Scope.Scope> =>
  Effect.gen(function*() {
    const address = { host: options.host ?? "localhost", port: options.port ?? 1234 }
    const timeout = Duration.decode(options.timeout ?? "2 seconds")
    const connection = yield* Effect.flatMap(Connector, (connector) => connector.connect(address, timeout))
    const codec = protocol.framing.open(options.maxFrame ?? 1_048_576)
    const inbox = new Inbox<In>(connection, codec)
    const outbox = new Outbox<Out>(connection, codec)
    const arrived = new Bell()
    const drained = new Bell()
    const gone = yield* Deferred.make<Disconnected>()
    const turn = yield* Effect.makeSemaphore(1)
    let disconnected: Disconnected | undefined = undefined
    let hasSpoken = false

    const disconnect = (error: ConnectionReset | undefined): void => {
      if (disconnected !== undefined) return
      disconnected = hasSpoken
        ? error ?? new ConnectionClosed(address)
        : new ConnectionRefused({ ...address, reason: "turned away" })
      Deferred.unsafeDone(gone, Effect.succeed(disconnected))
      arrived.ring()
      drained.ring()
    }
    const sink: Sink = {
      data: (chunk) => {
        hasSpoken = true
        inbox.push(chunk)
        arrived.ring()
      },
      end: () => {
        inbox.end()
        disconnect(undefined)
      },
      drain: () => drained.ring(),
      closed: disconnect
    }
    connection.open(sink)

    const next: Effect.Effect<In, Disconnected | FramingError> = Effect.suspend(() => {
      const message = inbox.next()
      if (message !== undefined) return Effect.succeed(message)
      if (inbox.error !== undefined) return Effect.fail(inbox.error)
      if (disconnected !== undefined) return Effect.fail(disconnected)
      return Effect.zipRight(inbox.quiet === undefined ? arrived.wait : silence(inbox.quiet), next)
    })
    const silence = (quiet: number): Effect.Effect<void> =>
      Effect.map(Effect.timeoutOption(arrived.wait, quiet), (sound) => {
        if (Option.isNone(sound)) inbox.settle()
      })

    const room: Effect.Effect<void> = Effect.suspend(() =>
      disconnected === undefined && connection.unsent() >= highWaterMark
        ? Effect.zipRight(drained.wait, room)
        : Effect.void
    )
    const write = (message: Out): Effect.Effect<void, Disconnected> =>
      Effect.suspend(() => {
        if (disconnected !== undefined) return Effect.fail(disconnected)
        outbox.push(message)
        outbox.flush()
        return room
      })

    const send = (request: Request) => Effect.flatMap(protocol.prepare(request), write)
    const inTurn = turn.withPermits(1)
    return {
      address,
      send,
      receive: Effect.flatMap(inTurn(next), protocol.process),
      ask: (request) =>
        Effect.flatMap(
          Effect.zipRight(
            send(request),
            inTurn(Effect.timeoutFail(next, {
              duration: timeout,
              onTimeout: () => new ReplyTimeout({ ...address, timeout })
            }))
          ),
          protocol.process
        ),
      end: Effect.sync(() => connection.end()),
      disconnected: Deferred.await(gone)
    }
  })

/**
 * Connects, asks one thing, and closes.
 *
 * @example
 * ```ts
 * import { Client, NodeConnector, TextClient } from "effect-switchboard"
 * import { Effect } from "effect"
 *
 * const program = Client.ask(TextClient.protocol, "22 + 44", { port: 1234 }).pipe(
 *   Effect.catchTag("ConnectionRefused", (error) => Effect.succeed(error.message)),
 *   Effect.provide(NodeConnector.layer)
 * )
 * ```
 *
 * @since 0.1.0
 * @category constructors
 */
export const ask = <Request, Reply, In, Out, E, R>(
  protocol: ClientProtocol<Request, Reply, In, Out, E, R>,
  request: Request,
  options: Options = {}
): Effect.Effect<Reply, E | ConnectError | Disconnected | FramingError | ReplyTimeout, Connector | R> =>
  Effect.scoped(Effect.flatMap(make(protocol, options), (client) => client.ask(request)))
