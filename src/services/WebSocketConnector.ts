/**
 * The Connector to servers that speak WebSocket (RFC 6455), on whatever Connector it is given: TCP, or a virtual network.
 * `Client` works over it as it is.
 *
 * @since 0.2.0
 * @module
 */
import * as Deferred from "effect/Deferred"
import * as Duration from "effect/Duration"
import * as Effect from "effect/Effect"
import * as FiberId from "effect/FiberId"
import * as FiberRef from "effect/FiberRef"
import * as Layer from "effect/Layer"
import type * as Scope from "effect/Scope"
import { randomBytes, randomFillSync } from "node:crypto"
import type { Address } from "../domain/Address.js"
import { format } from "../domain/Address.js"
import type { ConnectError } from "../domain/NetworkError.js"
import { ConnectFailed, ConnectionRefused, ConnectTimeout } from "../domain/NetworkError.js"
import type { MaskKey } from "../domain/websocket/frames.js"
import { objection, request } from "../domain/websocket/Handshake.js"
import { HeadReader } from "../domain/websocket/HttpHead.js"
import type { Connection } from "./Connection.js"
import { Connector } from "./Connector.js"
import * as Timers from "./Timers.js"
import { acceptKey } from "./websocket/acceptKey.js"
import type { Stage } from "./websocket/Stage.js"
import { Lower } from "./websocket/Stage.js"
import type { Manners } from "./websocket/WebSocketConnection.js"
import { WebSocketConnection } from "./websocket/WebSocketConnection.js"

/**
 * What is asked for; what is left out has its default.
 *
 * @since 0.2.0
 * @category models
 */
export interface Options {
  /** The path and the query that are asked for. Default: that of the address, or `/`. */
  readonly path?: string | undefined
  /** The host that is asked for, where it is another than that of the address. */
  readonly host?: string | undefined
  /** Subprotocols that are offered, the best one first. Default: none. */
  readonly protocols?: ReadonlyArray<string> | undefined
  /** Default: none, as is right for who is no browser. */
  readonly origin?: string | undefined
  /** Bytes of the server's response. Default: 8,192. */
  readonly maxHandshake?: number | undefined
  /** Bytes of one message, whatever the framing: a client's `maxFrame` is within it. Default: 1 MiB. */
  readonly maxMessage?: number | undefined
  /**
   * How often is looked whether the server has been silent since the last time: then it is asked for a sign of life (ping),
   * and given up if it has given none the next time. Infinity for never. Default: 30 seconds.
   */
  readonly pingInterval?: Duration.DurationInput | undefined
}

const pool = Buffer.alloc(4096)
let poolAt = pool.length

/**
 * Not Effect's Random, which can be guessed: a mask is there so that nobody who chooses a message also chooses the bytes on
 * the wire (RFC 6455, section 10.3). It changes no length, so a run on a virtual network is the same whatever it is.
 */
const maskKey: MaskKey = () => {
  if (poolAt === pool.length) {
    randomFillSync(pool)
    poolAt = 0
  }
  return pool.subarray(poolAt, poolAt += 4)
}

/** Asks the server for a WebSocket, and takes its answer. */
class Asking implements Stage {
  readonly answer = Deferred.unsafeMake<WebSocketConnection, ConnectError>(FiberId.none)
  private readonly reader: HeadReader
  private readonly fail = (error: ConnectError): void => Deferred.unsafeDone(this.answer, Effect.fail(error))
  private readonly lower: Lower
  private readonly below: Connection
  private readonly address: Address
  private readonly options: Options
  private readonly manners: Manners
  private readonly key = randomBytes(16).toString("base64")

  constructor(lower: Lower, below: Connection, address: Address, options: Options, manners: Manners) {
    this.lower = lower
    this.below = below
    this.address = address
    this.options = options
    this.manners = manners
    this.reader = new HeadReader(options.maxHandshake ?? 8192)
  }

  ask(): void {
    const { host, origin, path, protocols } = this.options
    this.below.write(request({
      host: host ?? (this.address.path === undefined ? format(this.address) : "localhost"),
      path: path ?? this.address.webSocket ?? "/",
      key: this.key,
      protocols: protocols ?? [],
      origin
    }))
  }

  received(chunk: Uint8Array): void {
    const read = this.reader.push(chunk)
    if (read === undefined) return
    if (read === "too long" || read === "invalid") return this.object("it speaks no HTTP, or too much of it")
    const reason = objection(read.head, acceptKey(this.key), this.options.protocols ?? [])
    if (reason !== undefined) {
      if (read.head.start[1] !== "503") return this.object(reason)
      return this.fail(new ConnectionRefused({ address: this.address, reason: "turned away" }))
    }
    this.below.pause()
    const connection = new WebSocketConnection(this.below, this.manners, read.rest)
    this.lower.stage = connection
    Deferred.unsafeDone(this.answer, Effect.succeed(connection))
  }

  ended(): void {
    this.object("it hangs up before it answers")
  }

  drained(): void {}

  lost(error: Error | undefined): void {
    if (error === undefined) this.ended()
    else this.fail(new ConnectionRefused({ address: this.address, reason: "turned away" }))
  }

  private object(reason: string): void {
    this.fail(new ConnectFailed({ address: this.address, cause: new Error(`it is no WebSocket server: ${reason}`) }))
  }
}

const open = (
  below: Connection,
  address: Address,
  timeout: Duration.Duration,
  options: Options
): Effect.Effect<Connection, ConnectError, Scope.Scope> =>
  Effect.gen(function*() {
    const scheduler = yield* FiberRef.get(FiberRef.currentScheduler)
    const timers = yield* Timers.make(Effect.sleep(0))
    const lower = new Lower()
    const asking = new Asking(lower, below, address, options, {
      key: maskKey,
      maxMessage: options.maxMessage ?? 1_048_576,
      pingInterval: Duration.toMillis(options.pingInterval ?? "30 seconds"),
      closeTimeout: Duration.toMillis(timeout),
      timers,
      soon: (act) => scheduler.scheduleTask(act, 0)
    })
    lower.stage = asking
    below.open(lower)
    asking.ask()
    const connection = yield* Deferred.await(asking.answer)
    yield* Effect.addFinalizer(() => Effect.sync(() => connection.end()))
    return connection
  })

/**
 * The Connector below it, to servers that speak WebSocket. The time for a connection is that for the handshake, too.
 *
 * A server that answers 503, or closes with 1013, has refused the connection; any other that does not open a WebSocket is a
 * `ConnectFailed` that says what it answered.
 *
 * @example
 * ```ts
 * import { Client, NodeConnector, TextClient, WebSocketConnector } from "effect-switchboard"
 * import { Effect, Layer } from "effect"
 *
 * const program = Client.ask(TextClient.protocol, "22 + 44", { port: 8080 }).pipe(
 *   Effect.provide(Layer.provide(WebSocketConnector.layer(), NodeConnector.layer))
 * )
 * ```
 *
 * @since 0.2.0
 * @category layers
 */
export const layer = (options: Options = {}): Layer.Layer<Connector, never, Connector> =>
  Layer.effect(
    Connector,
    Effect.map(Connector, (below) =>
      Connector.of({
        connect: (address, timeout) =>
          Effect.flatMap(below.connect(address, timeout), (connection) => open(connection, address, timeout, options))
            .pipe(
              Effect.timeoutFail({ duration: timeout, onTimeout: () => new ConnectTimeout({ address, timeout }) })
            )
      }))
  )
