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

  /** What is earliest. */
  get first(): A | undefined {
    return this.heap[0]?.item
  }

  add(at: number, item: A): Entry<A> {
    const entry = { at, order: this.order++, item, slot: this.heap.length }
    this.heap.push(entry)
    this.rise(entry, entry.slot)
    return entry
  }

  /** Takes the first item, if it is due at `now` and was put down before `order`. */
  take(now: number, order: number = Infinity): A | undefined {
    const first = this.heap[0]
    if (first === undefined || first.at > now || first.order >= order) return undefined
    this.remove(first)
    return first.item
  }

  /** Takes an entry out that is still in it, wherever it is. */
  remove({ slot }: Entry<A>): void {
    const last = this.heap.pop()!
    if (slot === this.heap.length) return
    this.rise(last, slot)
    this.sink(last, last.slot)
  }

  /** Puts an entry at a free slot, or as far before it as it goes. */
  private rise(entry: Entry<A>, free: number): void {
    let slot = free
    while (slot > 0) {
      const parent = (slot - 1) >> 1
      if (isBefore(this.heap[parent]!, entry)) break
      this.put(this.heap[parent]!, slot)
      slot = parent
    }
    this.put(entry, slot)
  }

  /** The same, behind it. */
  private sink(entry: Entry<A>, free: number): void {
    let slot = free
    for (;;) {
      let child = 2 * slot + 1
      if (child >= this.heap.length) break
      if (child + 1 < this.heap.length && isBefore(this.heap[child + 1]!, this.heap[child]!)) child++
      if (isBefore(entry, this.heap[child]!)) break
      this.put(this.heap[child]!, slot)
      slot = child
    }
    this.put(entry, slot)
  }

  private put(entry: Entry<A>, slot: number): void {
    this.heap[slot] = entry
    entry.slot = slot
  }
}

/** Something put down. Where it is in the heap is the Agenda's own. */
export interface Entry<A> {
  readonly at: number
  readonly order: number
  readonly item: A
  slot: number
}

const isBefore = (a: Entry<unknown>, b: Entry<unknown>): boolean => a.at < b.at || (a.at === b.at && a.order < b.order)
