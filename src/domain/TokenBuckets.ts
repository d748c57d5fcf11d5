/** Clock times that are no more than this many milliseconds apart are the same: sums of fractions are not exact. */
const grain = 0.001

/**
 * A bucket of tokens for each of any number of keys, in bounded memory. A full bucket holds `size` tokens, and an empty one is
 * full again after `period` milliseconds.
 *
 * Of a bucket only the time is kept at which it will be full (the virtual scheduling of ITU-T I.371): one that is full need
 * not be kept at all. Those touched longest ago are forgotten where there are more than `most`.
 */
export class TokenBuckets {
  private readonly interval: number
  private readonly period: number
  private readonly half: number
  /** Those touched since `turnedAt`, and those touched before. */
  private recent = new Map<string, number>()
  private older = new Map<string, number>()
  private turnedAt = -Infinity

  constructor({ most, period, size }: { readonly size: number; readonly period: number; readonly most: number }) {
    this.interval = period / size
    this.period = period
    this.half = Math.ceil(most / 2)
  }

  /** How many are kept. */
  get kept(): number {
    return this.recent.size + this.older.size
  }

  /** Takes a token, if there is one. */
  take(key: string, now: number): boolean {
    if (now - this.turnedAt >= this.period || this.recent.size >= this.half) {
      // What was touched a period ago is full again.
      this.older = now - this.turnedAt >= 2 * this.period ? new Map() : this.recent
      this.recent = new Map()
      this.turnedAt = now
    }
    const fullAt = Math.max(now, this.recent.get(key) ?? this.older.get(key) ?? now) + this.interval
    if (fullAt - now > this.period + grain) return false
    this.recent.set(key, fullAt)
    return true
  }
}
