/**
 * The client's protocol of `@effect/rpc` over a {@link Connector}: TCP, a unix socket, a WebSocket, or the virtual network.
 *
 * @since 0.2.0
 * @module
 */
import * as RpcClient from "@effect/rpc/RpcClient"
import { RpcClientError } from "@effect/rpc/RpcClientError"
import type { FromClientEncoded, FromServerEncoded } from "@effect/rpc/RpcMessage"
import { constPing } from "@effect/rpc/RpcMessage"
import * as RpcSerialization from "@effect/rpc/RpcSerialization"
import * as Duration from "effect/Duration"
import * as Effect from "effect/Effect"
import * as FiberRef from "effect/FiberRef"
import * as Layer from "effect/Layer"
import * as Predicate from "effect/Predicate"
import * as Schedule from "effect/Schedule"
import type * as Scope from "effect/Scope"
import type { Address } from "../domain/Address.js"
import type { ConnectError } from "../domain/NetworkError.js"
import { ConnectionClosed, ReplyTimeout } from "../domain/NetworkError.js"
import { Connector } from "./Connector.js"
import { Signal } from "./platform/Signal.js"
import { RpcLink } from "./rpc/RpcLink.js"

/**
 * Which server, and what to do when the connection is lost; what is left out has its default.
 *
 * @since 0.2.0
 * @category models
 */
export interface Options {
  /** A name or address. Default: `localhost`. */
  readonly host?: string | undefined
  /** Default: 1234. */
  readonly port?: number | undefined
  /** The path of a unix socket, instead of host and port. */
  readonly path?: string | undefined
  /** For the connection. Default: 2 seconds. */
  readonly timeout?: Duration.DurationInput | undefined
  /** When to connect anew; each connection begins it from the start. Default: after 500 ms, half as long again each time, up to 5 seconds, for ever. */
  readonly retrySchedule?: Schedule.Schedule<unknown, RpcClientError> | undefined
  /** Requests wait while there is no server to connect to, where they would fail. Default: false. */
  readonly retryTransientErrors?: boolean | undefined
  /** A server from which nothing comes for this long is asked for a sign of life, and given up after as long again. Default: 10 seconds. */
  readonly pingInterval?: Duration.DurationInput | undefined
  /** As for the server. Default: 16 MiB. */
  readonly maxMessage?: number | undefined
  /** A server that takes nothing for this long, while requests wait for it, is cut. Default: 30 seconds. */
  readonly writeTimeout?: Duration.DurationInput | undefined
}

type Link = RpcLink<FromServerEncoded, FromClientEncoded>

const patiently = Schedule.union(Schedule.exponential("500 millis", 1.5), Schedule.spaced("5 seconds"))

const errorOf = (cause: unknown): RpcClientError =>
  new RpcClientError({ reason: "Protocol", message: cause instanceof Error ? cause.message : String(cause), cause })

const connectErrors: ReadonlySet<unknown> = new Set<ConnectError["_tag"]>([
  "ConnectFailed",
  "ConnectTimeout",
  "ConnectionRefused",
  "HostNotFound"
])

const isConnectError = (cause: unknown): boolean =>
  Predicate.hasProperty(cause, "_tag") && connectErrors.has(cause._tag)

/**
 * A protocol for one `RpcClient`. It connects at once, and anew when the connection is lost: requests under way then fail
 * with an `RpcClientError` whose cause says why, and so do those made while there is no connection. None is sent twice.
 *
 * @since 0.2.0
 * @category constructors
 */
export const make = (
  options: Options = {}
): Effect.Effect<
  RpcClient.Protocol["Type"],
  never,
  Connector | RpcSerialization.RpcSerialization | Scope.Scope
> =>
  RpcClient.Protocol.make((respond) =>
    Effect.gen(function*() {
      const connector = yield* Connector
      const { host = "localhost", path, port = 1234 } = options
      const address: Address = path === undefined ? { host, port } : { path }
      const timeout = Duration.decode(options.timeout ?? "2 seconds")
      const pingInterval = Duration.decode(options.pingInterval ?? "10 seconds")
      const manners = {
        serialization: yield* RpcSerialization.RpcSerialization,
        scheduler: yield* FiberRef.get(FiberRef.currentScheduler),
        writeTimeout: Duration.decode(options.writeTimeout ?? "30 seconds"),
        maxMessage: options.maxMessage ?? 16_777_216
      }
      const retries = yield* Schedule.driver(options.retrySchedule ?? patiently)
      const changed = new Signal()
      let current: Link | undefined = undefined
      let lost: RpcClientError | undefined = undefined

      /** Hands on what the server says, until it has finished. */
      const listen = (link: Link): Effect.Effect<void> =>
        Effect.suspend(() => {
          const response = link.take()
          if (response !== undefined) return Effect.zipRight(respond(response), listen(link))
          if (link.hasEnded) return Effect.void
          link.resume()
          return Effect.zipRight(link.changed.wait(() => !link.isEmpty || link.hasEnded), listen(link))
        })

      /** Asks a silent server for a sign of life, and gives up one that gives none. */
      const watch = (link: Link, isAsked = false): Effect.Effect<never, ReplyTimeout> =>
        Effect.flatMap(Effect.sleep(pingInterval), () => {
          if (!link.isHeard && isAsked) return Effect.fail(new ReplyTimeout({ address, timeout: pingInterval }))
          if (!link.isHeard) return Effect.zipRight(link.send(constPing), watch(link, true))
          link.isHeard = false
          return watch(link)
        })

      const talk = Effect.scoped(Effect.gen(function*() {
        const link: Link = new RpcLink(yield* connector.connect(address, timeout), manners)
        yield* Effect.addFinalizer(() =>
          Effect.sync(() => {
            current = undefined
            link.flush()
          })
        )
        yield* retries.reset
        current = link
        lost = undefined
        changed.ring()
        yield* Effect.raceFirst(listen(link), watch(link))
        return yield* Effect.fail(link.error ?? new ConnectionClosed({ address }))
      }))

      // A server may say what no client understands.
      const whatever = Effect.catchAllDefect(talk, (defect) => Effect.fail(defect))

      const lose = (error: RpcClientError): Effect.Effect<void> => {
        lost = error
        changed.ring()
        return respond({ _tag: "ClientProtocolError", error })
      }
      const connected: Effect.Effect<void> = Effect.flatMap(Effect.flip(whatever), (cause) => {
        const error = errorOf(cause)
        const isTransient = options.retryTransientErrors === true && isConnectError(cause)
        return Effect.zipRight(isTransient ? Effect.void : lose(error), retries.next(error)).pipe(
          // No more attempts are made.
          Effect.matchEffect({ onFailure: () => lose(error), onSuccess: () => connected })
        )
      })
      yield* Effect.forkScoped(Effect.interruptible(connected))

      const send = (request: FromClientEncoded): Effect.Effect<void, RpcClientError> =>
        Effect.suspend(() => {
          if (current !== undefined) {
            return Effect.catchAllDefect(current.send(request), (defect) => Effect.fail(errorOf(defect)))
          }
          if (lost !== undefined) return Effect.fail(lost)
          return Effect.zipRight(changed.wait(() => current !== undefined || lost !== undefined), send(request))
        })

      return { send, supportsAck: true, supportsTransferables: false }
    })
  )

/**
 * {@link make}, for `RpcClient.make`.
 *
 * @example
 * ```ts
 * import { Rpc, RpcClient, RpcGroup, RpcSerialization } from "@effect/rpc"
 * import { NodeConnector } from "effect-switchboard"
 * import { RpcClientProtocol } from "effect-switchboard/platform"
 * import { Effect, Layer, Schema } from "effect"
 *
 * const Service = RpcGroup.make(
 *   Rpc.make("Add", { payload: { a: Schema.Number, b: Schema.Number }, success: Schema.Number })
 * )
 * const program = Effect.gen(function*() {
 *   const client = yield* RpcClient.make(Service)
 *   return yield* client.Add({ a: 22, b: 44 })
 * }).pipe(
 *   Effect.scoped,
 *   Effect.provide(RpcClientProtocol.layer({ port: 1234 })),
 *   Effect.provide([NodeConnector.layer, RpcSerialization.layerNdjson])
 * )
 * ```
 *
 * @since 0.2.0
 * @category layers
 */
export const layer = (
  options: Options = {}
): Layer.Layer<RpcClient.Protocol, never, Connector | RpcSerialization.RpcSerialization> =>
  Layer.scoped(RpcClient.Protocol, make(options))
