import type { Distribution, Labels } from "./Family.js"

/** Counts how often something was at most how large. */
export class Histogram {
  private readonly bounds: ReadonlyArray<number>
  private readonly counts: Array<number>
  private sum = 0

  /** The bounds are upper ones, each included, from small to large. */
  constructor(bounds: ReadonlyArray<number>) {
    this.bounds = bounds
    this.counts = Array.from({ length: bounds.length + 1 }, () => 0)
  }

  /** It was so large, as often as `times` says. */
  observe(value: number, times = 1): void {
    let [low, high] = [0, this.bounds.length]
    while (low < high) {
      const middle = (low + high) >> 1
      if (value <= this.bounds[middle]!) high = middle
      else low = middle + 1
    }
    this.counts[low]! += times
    this.sum += value * times
  }

  read(labels: Labels): Distribution {
    return { labels, counts: [...this.counts], sum: this.sum }
  }
}
