import type * as Clock from "effect/Clock"

/**
 * A Clock's time since some moment, in whole milliseconds, for whatever is to happen after a while: who sets the wall clock,
 * or the network that corrects it, does not move it. Effect's own Clock counts nanoseconds by `process.hrtime`; those of
 * tests have but one time.
 */
export const millis = (clock: Clock.Clock): () => number => () => Number(clock.unsafeCurrentTimeNanos() / 1_000_000n)
