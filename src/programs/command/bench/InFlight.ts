/** When the requests without a reply were due, the oldest first. Those that were sent together are kept together. */
export class InFlight {
  /** Requests without a reply. */
  count = 0
  private readonly times: Float64Array
  private readonly counts: Int32Array
  private head = 0
  private batches = 0

  constructor(depth: number) {
    this.times = new Float64Array(depth)
    this.counts = new Int32Array(depth)
  }

  add(time: number, count: number): void {
    const slot = (this.head + this.batches) % this.times.length
    this.times[slot] = time
    this.counts[slot] = count
    this.batches++
    this.count += count
  }

  /** Takes the `count` oldest, and tells the due times of them. */
  take(count: number, each: (time: number, count: number) => void): void {
    this.count -= count
    while (count > 0) {
      const head = this.head
      const taken = Math.min(count, this.counts[head]!)
      each(this.times[head]!, taken)
      this.counts[head]! -= taken
      count -= taken
      if (this.counts[head] === 0) {
        this.head = (head + 1) % this.times.length
        this.batches--
      }
    }
  }
}
