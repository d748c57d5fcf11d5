/** After having served so long, in milliseconds, a worker's end says nothing about that of the next. */
const settled = 10_000

const shortest = 100

const longest = 10_000

/** How long to wait before a worker that has died is replaced: not at all, at first. */
export class Backoff {
  private deaths = 0

  /** In milliseconds, after a worker that had lived for so many. */
  next(lived: number): number {
    if (lived >= settled) this.deaths = 0
    const wait = this.deaths === 0 ? 0 : Math.min(longest, shortest * 2 ** (this.deaths - 1))
    this.deaths++
    return wait
  }
}
