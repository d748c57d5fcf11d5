/** Messages in turn, over and over, as bytes: as many as `reach` in a row lie side by side, from whichever on. */
export class Tape {
  /** Messages until the first comes again. */
  readonly period: number
  private readonly bytes: Buffer
  private readonly offsets: ReadonlyArray<number>

  constructor(messages: ReadonlyArray<Uint8Array>, reach: number) {
    const copies = Array.from({ length: messages.length + reach }, (_, index) => messages[index % messages.length]!)
    const offsets = [0]
    for (const { length } of copies) offsets.push(offsets.at(-1)! + length)
    this.period = messages.length
    this.bytes = Buffer.concat(copies)
    this.offsets = offsets
  }

  /** Where the message at `index` begins. */
  offset(index: number): number {
    return this.offsets[index]!
  }

  /** The bytes of `count` messages from the one at `index` on. */
  slice(index: number, count: number): Uint8Array {
    return this.bytes.subarray(this.offset(index), this.offset(index + count))
  }

  /** The bytes from one offset to another. */
  between(from: number, to: number): Uint8Array {
    return this.bytes.subarray(from, to)
  }

  holds(chunk: Uint8Array, from: number): boolean {
    return this.bytes.compare(chunk, 0, chunk.length, from, from + chunk.length) === 0
  }
}
