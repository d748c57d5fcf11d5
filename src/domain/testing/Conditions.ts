/**
 * What a virtual network does to the bytes it carries.
 *
 * @since 0.1.0
 * @module
 */
import * as Duration from "effect/Duration"

/**
 * Which way bytes go: from the client that connected to the server, or back.
 *
 * @since 0.1.0
 * @category models
 */
export type Direction = "toServer" | "toClient"

/** Something in the middle cuts connection `connection` with RST, both ways, once it has carried `byte` bytes in one direction. @since 0.1.0 @category models */
export interface Cut {
  readonly _tag: "Cut"
  /** Connections count from 1, in the order they were asked for. */
  readonly connection: number
  readonly direction: Direction
  readonly byte: number
}

/** One direction stands still for a time, once it has carried `byte` bytes; nothing is lost. @since 0.1.0 @category models */
export interface Stall {
  readonly _tag: "Stall"
  readonly connection: number
  readonly direction: Direction
  readonly byte: number
  readonly duration: Duration.DurationInput
}

/** Two hosts cannot reach each other for a time, from `at` after the network began. What they sent in order arrives afterwards. @since 0.1.0 @category models */
export interface Partition {
  readonly _tag: "Partition"
  readonly hosts: readonly [string, string]
  readonly at: Duration.DurationInput
  readonly duration: Duration.DurationInput
}

/**
 * An accident that is sure to happen, at a byte or at a time.
 *
 * @since 0.1.0
 * @category models
 */
export type Fault = Cut | Stall | Partition

/**
 * Conditions as people write them down: any left out has its default, and all defaults together are a good network.
 *
 * @since 0.1.0
 * @category models
 */
export interface Options {
  /** Decides every cut and delay. Default: drawn from Effect's Random. */
  readonly seed?: number | undefined
  /** Every segment is at least so long on its way. Default: none. */
  readonly latency?: Duration.DurationInput | undefined
  /** And up to this much longer, each by chance; the order is kept, as TCP does. Default: none. */
  readonly jitter?: Duration.DurationInput | undefined
  /** Bytes a second, each way of each connection. Default: unlimited. */
  readonly bandwidth?: number | undefined
  /**
   * Bytes of a segment: streams are cut anywhere into segments of 1 to this many, and what is on its way together may be
   * glued. Default: what is written together arrives together, up to 64 KiB.
   */
  readonly segment?: number | undefined
  /** Bytes that may be on their way or unread at the receiver; then the writer waits. Default: 65,536. */
  readonly window?: number | undefined
  /** Default: none. */
  readonly faults?: ReadonlyArray<Fault> | undefined
}

/**
 * Conditions as the network has them: times in milliseconds.
 *
 * @internal
 */
export interface Conditions {
  readonly latency: number
  readonly jitter: number
  readonly bandwidth: number
  readonly segment: number | undefined
  readonly window: number
  readonly faults: ReadonlyArray<Fault>
}

/** @internal */
export const make = (options: Options): Conditions => ({
  latency: Duration.toMillis(options.latency ?? 0),
  jitter: Duration.toMillis(options.jitter ?? 0),
  bandwidth: options.bandwidth ?? Infinity,
  segment: options.segment,
  window: options.window ?? 65_536,
  faults: options.faults ?? []
})
