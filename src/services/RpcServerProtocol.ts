/**
 * The server's protocol of `@effect/rpc` over a {@link SocketServer} of this package: TCP, unix sockets, WebSocket, several
 * places at once, or the virtual network.
 *
 * It counts the requests under way. So whoever has finished is still answered, the stop answers what was received, and a
 * client that floods the server is not read while `maxRequests` of its own are at work.
 *
 * @since 0.2.0
 * @module
 */
import type { FromClientEncoded } from "@effect/rpc/RpcMessage"
import * as RpcSerialization from "@effect/rpc/RpcSerialization"
import * as RpcServer from "@effect/rpc/RpcServer"
import * as Duration from "effect/Duration"
import * as Effect from "effect/Effect"
import * as FiberRef from "effect/FiberRef"
import * as Layer from "effect/Layer"
import * as Mailbox from "effect/Mailbox"
import { receive } from "./platform/reception.js"
import { RpcGuest } from "./rpc/RpcGuest.js"
import { SocketServer } from "./SocketServer.js"

/**
 * What clients may take; what is left out has its default.
 *
 * @since 0.2.0
 * @category models
 */
export interface Options {
  /** Clients served at once; the next one waits its turn, unread. Default: 10,000, or what the transport can hold. */
  readonly maxConnections?: number | undefined
  /**
   * Requests of one client under way at once; more wait, and the client is not read meanwhile. One that streams counts
   * until its first chunk. Default: 1,000.
   */
  readonly maxRequests?: number | undefined
  /**
   * Bytes of a message, for serializations without ends of their own, such as JSON; NDJSON and MessagePack have a limit of
   * theirs, `maxBufferSize`. Default: 16 MiB.
   */
  readonly maxMessage?: number | undefined
  /** A client that takes nothing for this long, while replies wait for it, is cut. Default: 30 seconds. */
  readonly writeTimeout?: Duration.DurationInput | undefined
  /** How long the stop waits for what was received to be answered. Default: 10 seconds. */
  readonly drainTimeout?: Duration.DurationInput | undefined
}

/**
 * A protocol for one `RpcServer`. When that is stopped, who had connected is still taken in, what was received is answered,
 * what streams is streamed to its end, and what takes longer than `drainTimeout` is cut.
 *
 * A message that cannot be read is answered with a defect, and its connection closed.
 *
 * @since 0.2.0
 * @category constructors
 */
export const make = (
  options: Options = {}
): Effect.Effect<RpcServer.Protocol["Type"], never, SocketServer | RpcSerialization.RpcSerialization> =>
  Effect.gen(function*() {
    const socketServer = yield* SocketServer
    const manners = {
      serialization: yield* RpcSerialization.RpcSerialization,
      scheduler: yield* FiberRef.get(FiberRef.currentScheduler),
      writeTimeout: Duration.decode(options.writeTimeout ?? "30 seconds"),
      maxMessage: options.maxMessage ?? 16_777_216
    }
    const terms = {
      maxConnections: options.maxConnections ?? 10_000,
      drainTimeout: Duration.decode(options.drainTimeout ?? "10 seconds")
    }
    const disconnects = yield* Mailbox.make<number>()
    const guests = new Map<number, RpcGuest>()
    const clientIds = new Set<number>()
    let clients = 0

    const run = (handle: (clientId: number, message: FromClientEncoded) => Effect.Effect<void>) =>
      receive(socketServer, terms, (connection) => {
        const id = clients++
        const guest = new RpcGuest(connection, manners, options.maxRequests ?? 1000, (message) => handle(id, message))
        guests.set(id, guest)
        clientIds.add(id)
        const leave = Effect.sync(() => {
          guests.delete(id)
          clientIds.delete(id)
          disconnects.unsafeOffer(id)
        })
        return { serve: Effect.ensuring(guest.serve, leave), stop: () => guest.stop() }
      })

    return RpcServer.Protocol.of({
      run,
      disconnects,
      send: (clientId, response) => guests.get(clientId)?.send(response) ?? Effect.void,
      end: (clientId) => Effect.sync(() => guests.get(clientId)?.end()),
      clientIds: Effect.succeed(clientIds),
      initialMessage: Effect.succeedNone,
      supportsAck: true,
      supportsTransferables: false,
      supportsSpanPropagation: true
    })
  })

/**
 * {@link make}, for `RpcServer.layer`.
 *
 * @example
 * ```ts
 * import { Rpc, RpcGroup, RpcSerialization, RpcServer } from "@effect/rpc"
 * import { NodeSocketServer } from "effect-switchboard"
 * import { RpcServerProtocol } from "effect-switchboard/platform"
 * import { Effect, Layer, Schema } from "effect"
 *
 * const Service = RpcGroup.make(
 *   Rpc.make("Add", { payload: { a: Schema.Number, b: Schema.Number }, success: Schema.Number })
 * )
 * const server = RpcServer.layer(Service).pipe(
 *   Layer.provide(Service.toLayer({ Add: ({ a, b }) => Effect.succeed(a + b) })),
 *   Layer.provide(RpcServerProtocol.layer()),
 *   Layer.provide([NodeSocketServer.layer({ port: 1234 }), RpcSerialization.layerNdjson])
 * )
 * ```
 *
 * @since 0.2.0
 * @category layers
 */
export const layer = (
  options: Options = {}
): Layer.Layer<RpcServer.Protocol, never, SocketServer | RpcSerialization.RpcSerialization> =>
  Layer.effect(RpcServer.Protocol, make(options))
