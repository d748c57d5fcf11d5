/**
 * What the work of a server is measured by: clients share time, and this says how much each has used.
 *
 * @since 0.2.0
 * @module
 */
import * as Context from "effect/Context"
import { performance } from "node:perf_hooks"

/**
 * Reads a time that goes by while the server works.
 *
 * @since 0.2.0
 * @category models
 */
export interface Shape {
  /** Milliseconds since some moment, with fractions; never less than before. It is read twice a slice: it must be cheap. */
  readonly millis: () => number
}

/**
 * The process's own, by `performance.now`.
 *
 * @since 0.2.0
 * @category constants
 */
export const real: Shape = { millis: () => performance.now() }

/**
 * One that stands still, for a run that must not depend on how fast the machine is: work takes no time.
 *
 * @since 0.2.0
 * @category constants
 */
export const still: Shape = { millis: () => 0 }

/**
 * The stopwatch of the servers started under it. Default: {@link real}. In a `Simulation`, and for a server on
 * `VirtualNetwork.layer`, it is {@link still}; a test may let it go by whatever it counts as work.
 *
 * @example
 * ```ts
 * import { Stopwatch } from "effect-switchboard"
 * import { Layer } from "effect"
 *
 * let spent = 0
 * const byFuel = Layer.succeed(Stopwatch.Stopwatch, { millis: () => spent })
 * ```
 *
 * @since 0.2.0
 * @category tags
 */
export class Stopwatch extends Context.Reference<Stopwatch>()("effect-switchboard/Stopwatch", {
  defaultValue: () => real
}) {}
