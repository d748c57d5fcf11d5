/** Latencies in an HDR histogram: three significant digits, from a microsecond to an hour. */
import type { Histogram } from "hdr-histogram-js"
// Not the package's door, which brings WebAssembly and a compressor with it.
import Int32 from "hdr-histogram-js/dist/Int32Histogram.js"

/** Milliseconds. */
export interface Summary {
  readonly mean: number
  readonly min: number
  readonly max: number
  /** By percentage, such as `"99.9"`. */
  readonly percentiles: Readonly<Record<string, number>>
  /** The whole distribution: at each step, the percentage of the replies that took at most so long. */
  readonly distribution: ReadonlyArray<readonly [percentage: number, milliseconds: number]>
}

/** The percentages in every summary. */
export const percentages = [50, 75, 90, 99, 99.9, 99.99]

const hour = 3_600_000_000

/** Steps of the distribution for each further nine. */
const stepsPerNine = 8

export class Latency {
  private readonly histogram: Histogram = new Int32.default(1, hour, 3)

  record(microseconds: number, count: number): void {
    this.histogram.recordValueWithCount(Math.min(Math.round(microseconds), hour), count)
  }

  get count(): number {
    return this.histogram.totalCount
  }

  /** In milliseconds; 0 while nothing is recorded. */
  at(percentage: number): number {
    return this.histogram.getValueAtPercentile(percentage) / 1000
  }

  get min(): number {
    return this.count === 0 ? 0 : this.histogram.minNonZeroValue / 1000
  }

  get max(): number {
    return this.histogram.maxValue / 1000
  }

  summary(): Summary {
    const { max, min } = this
    return {
      mean: this.count === 0 ? 0 : this.histogram.mean / 1000,
      min,
      max,
      percentiles: Object.fromEntries(percentages.map((percentage) => [percentage, this.at(percentage)])),
      distribution: this.distribution()
    }
  }

  /** As far as there are replies to tell the next step from the last. */
  private distribution(): Array<readonly [number, number]> {
    const steps: Array<readonly [number, number]> = []
    for (let step = 0; 10 ** (step / stepsPerNine) <= this.count; step++) {
      const percentage = 100 * (1 - 10 ** (-step / stepsPerNine))
      steps.push([percentage, this.at(percentage)])
    }
    return steps
  }
}
