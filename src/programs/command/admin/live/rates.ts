/** What two looks at a server's figures say of the time between them. */
import type { Figures, Spread } from "./Frame.js"

/** What has come to be counted between two looks; undefined where it was counted anew, by another process. */
const since = (before: Spread, after: Spread): ReadonlyArray<number> | undefined => {
  const counts = after.counts.map((count, at) => count - (before.counts[at] ?? 0))
  return counts.some((count) => count < 0) ? undefined : counts
}

/**
 * What so great a part of all was at most, in the unit of the bounds: within a bucket they are taken to be spread evenly.
 * Undefined where nothing was counted; what is above all bounds counts as the last of them.
 */
export const quantile = (
  bounds: ReadonlyArray<number>,
  counts: ReadonlyArray<number>,
  part: number
): number | undefined => {
  const all = counts.reduce((sum, count) => sum + count, 0)
  if (all === 0) return undefined
  const rank = part * all
  let below = 0
  for (const [at, upper] of bounds.entries()) {
    const count = counts[at] ?? 0
    if (count > 0 && below + count >= rank) {
      const lower = bounds[at - 1] ?? 0
      return lower + (upper - lower) * ((rank - below) / count)
    }
    below += count
  }
  return bounds.at(-1)
}

const sum = (values: Readonly<Record<string, number>>): number =>
  Object.values(values).reduce((sum, value) => sum + value, 0)

/** Requests that were whole. */
export const requestsOf = ({ requests }: Figures): number => sum(requests) - (requests["malformed"] ?? 0)
export const refusedOf = ({ refused }: Figures): number => sum(refused)

/** A look, in milliseconds since 1970. */
export interface Look {
  readonly at: number
  readonly figures: Figures
}

/** By the second; times are milliseconds, and undefined where there was nothing to take them of. */
export interface Rates {
  readonly accepted: number
  readonly refused: number
  readonly requests: number
  readonly bytesIn: number
  readonly bytesOut: number
  /** CPU time of a second's: 1 is a whole core. */
  readonly cpu: number
  readonly p50: number | undefined
  readonly p99: number | undefined
  readonly lag: number | undefined
}

const millis = (seconds: number | undefined): number | undefined => seconds === undefined ? undefined : seconds * 1000

export const rates = (before: Look, after: Look): Rates => {
  const seconds = Math.max(0.001, (after.at - before.at) / 1000)
  const [from, to] = [before.figures, after.figures]
  const each = (of: (figures: Figures) => number): number => Math.max(0, of(to) - of(from)) / seconds
  const durations = since(from.durations, to.durations) ?? to.durations.counts
  const lags = since(from.lag, to.lag) ?? to.lag.counts
  return {
    accepted: each(({ accepted }) => accepted),
    refused: each(refusedOf),
    requests: each(requestsOf),
    bytesIn: each(({ bytesIn }) => bytesIn),
    bytesOut: each(({ bytesOut }) => bytesOut),
    cpu: each(({ cpu }) => cpu),
    p50: millis(quantile(to.durations.bounds, durations, 0.5)),
    p99: millis(quantile(to.durations.bounds, durations, 0.99)),
    lag: millis(quantile(to.lag.bounds, lags, 0.99))
  }
}
