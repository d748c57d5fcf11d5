/** What is to happen, or whose turn it is, in the order of a time; equal times in the order they were put down. */
export class Agenda<A> {
  private readonly heap: Array<Entry<A>> = []
  /** How many entries were ever made: the order of the next one. */
  order = 0

  /** The earliest time; Infinity if there is nothing. */
  get next(): number {
    return this.heap[0]?.at ?? Infinity
  }

  get size(): number {
    return this.heap.length
  }

  add(at: number, item: A): void {
    const entry = { at, order: this.order++, item }
    let slot = this.heap.push(entry) - 1
    while (slot > 0) {
      const parent = (slot - 1) >> 1
      if (isBefore(this.heap[parent]!, entry)) break
      this.heap[slot] = this.heap[parent]!
      slot = parent
    }
    this.heap[slot] = entry
  }

  /** Takes the first item, if it is due at `now` and was put down before `order`. */
  take(now: number, order: number = Infinity): A | undefined {
    const first = this.heap[0]
    if (first === undefined || first.at > now || first.order >= order) return undefined
    const last = this.heap.pop()!
    if (last !== first) this.sink(last)
    return first.item
  }

  private sink(entry: Entry<A>): void {
    let slot = 0
    for (;;) {
      let child = 2 * slot + 1
      if (child >= this.heap.length) break
      if (child + 1 < this.heap.length && isBefore(this.heap[child + 1]!, this.heap[child]!)) child++
      if (isBefore(entry, this.heap[child]!)) break
      this.heap[slot] = this.heap[child]!
      slot = child
    }
    this.heap[slot] = entry
  }
}

interface Entry<A> {
  readonly at: number
  readonly order: number
  readonly item: A
}

const isBefore = (a: Entry<unknown>, b: Entry<unknown>): boolean => a.at < b.at || (a.at === b.at && a.order < b.order)
