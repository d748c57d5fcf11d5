/**
 * What a peer may take: connections, bytes, time.
 *
 * @since 0.1.0
 * @module
 */
import * as Duration from "effect/Duration"

/**
 * What happens to a client that comes when `maxConnections` are being served: it waits its turn, unread, or it
 * is refused with a reset.
 *
 * @since 0.1.0
 * @category models
 */
export type AtLimit = "wait" | "refuse"

/**
 * What breaks a client's silence: what it sends (`"client"`), or also what it is sent (`"both"`), as far as the network takes
 * it.
 *
 * @since 0.2.0
 * @category models
 */
export type Idle = "client" | "both"

/**
 * What a peer may take, complete: {@link make} fills in what {@link Options} leave out.
 *
 * @since 0.1.0
 * @category models
 */
export interface Limits {
  /** Connections served at once, under the models that take many. Default: 10,000. */
  readonly maxConnections: number
  /** Default: `"wait"`. */
  readonly atLimit: AtLimit
  /** Bytes of one message. Default: 65,536. */
  readonly maxFrame: number
  /** A client silent for this long is closed; one that waits for its reply is not silent. Default: never. */
  readonly idleTimeout: Duration.Duration
  /** Default: `"client"`. */
  readonly idle: Idle
  /** A message once begun must be whole within this time. Default: 30 seconds. */
  readonly requestTimeout: Duration.Duration
  /** A client must take some of what it is sent within this time, or it is reset. Default: 30 seconds. */
  readonly writeTimeout: Duration.Duration
  /** At the stop, how long the clients have to take their replies. Default: 10 seconds. */
  readonly drainTimeout: Duration.Duration
}

/**
 * Limits as people write them down: any left out has its default.
 *
 * @since 0.1.0
 * @category models
 */
export interface Options {
  readonly maxConnections?: number | undefined
  readonly atLimit?: AtLimit | undefined
  readonly maxFrame?: number | undefined
  readonly idleTimeout?: Duration.DurationInput | undefined
  readonly idle?: Idle | undefined
  readonly requestTimeout?: Duration.DurationInput | undefined
  readonly writeTimeout?: Duration.DurationInput | undefined
  readonly drainTimeout?: Duration.DurationInput | undefined
}

/**
 * The limits that a running server may be given others of.
 *
 * @since 0.2.0
 * @category models
 */
export type Changes = Pick<
  Options,
  "maxConnections" | "idleTimeout" | "requestTimeout" | "writeTimeout" | "drainTimeout"
>

/**
 * Fills in the defaults.
 *
 * @example
 * ```ts
 * import { Limits } from "effect-switchboard"
 *
 * const limits = Limits.make({ maxConnections: 100, idleTimeout: "5 minutes" })
 * assert.strictEqual(limits.maxFrame, 65_536)
 * ```
 *
 * @since 0.1.0
 * @category constructors
 */
export const make = (options: Options = {}): Limits => ({
  maxConnections: options.maxConnections ?? 10_000,
  atLimit: options.atLimit ?? "wait",
  maxFrame: options.maxFrame ?? 65_536,
  idleTimeout: Duration.decode(options.idleTimeout ?? Duration.infinity),
  idle: options.idle ?? "client",
  requestTimeout: Duration.decode(options.requestTimeout ?? "30 seconds"),
  writeTimeout: Duration.decode(options.writeTimeout ?? "30 seconds"),
  drainTimeout: Duration.decode(options.drainTimeout ?? "10 seconds")
})
