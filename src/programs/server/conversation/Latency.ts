import type { Timings } from "../../../services/Observer.js"

/**
 * How long the requests of a conversation take: from when their last bytes came, as far as that is known of what waits for
 * the next slice, until their replies are handed to the connection. The clock is read once a chunk and once a slice.
 */
export class Latency {
  private readonly timings: Timings
  private readonly server: string
  private readonly millis: () => number
  /** When the oldest chunk came that no slice has seen, and when the youngest did; negative where there is none. */
  private since = -1
  private latest = -1
  private counted = 0

  constructor(timings: Timings, server: string, millis: () => number) {
    this.timings = timings
    this.server = server
    this.millis = millis
  }

  /** A chunk has come. */
  came(): void {
    this.latest = this.millis()
    if (this.since < 0) this.since = this.latest
  }

  /** So many requests are answered by now, and others may be waiting. */
  answered(requests: number, isMore: boolean): void {
    const count = requests - this.counted
    if (count > 0) {
      this.counted = requests
      const now = this.millis()
      this.timings.requests(this.server, count, this.since < 0 ? 0 : now - this.since)
    }
    this.since = isMore ? this.latest : -1
  }
}
