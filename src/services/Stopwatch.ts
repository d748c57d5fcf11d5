/**
 * What the work of a server is measured by: clients share time, and this says how much each has used.
 *
 * @since 0.2.0
 * @module
 */
import * as Context from "effect/Context"

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
 * The stopwatch of the servers started under it. Default: the process's own (`performance.now`). In a `Simulation`, where
 * work takes no time, it stands still; a test may let it go by whatever it counts as work.
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
  defaultValue: (): Shape => ({ millis: () => performance.now() })
}) {}
