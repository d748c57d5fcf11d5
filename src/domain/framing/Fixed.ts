import { BufferedCodec } from "./BufferedCodec.js"
import type { Framing } from "./Codec.js"
import { FrameTooLong } from "./Codec.js"

class FixedCodec extends BufferedCodec<Uint8Array, Uint8Array> {
  private readonly length: number

  constructor(maxFrame: number, length: number) {
    super(maxFrame)
    this.length = length
  }

  protected decode(): Uint8Array | undefined {
    if (this.length > this.maxFrame) return this.fail(new FrameTooLong({ limit: this.maxFrame }))
    return this.bytes.length < this.at + this.length ? undefined : this.take(this.length)
  }

  encode(message: Uint8Array): Uint8Array {
    const reason = this.unsendable(message)
    if (reason === undefined) return message
    throw new RangeError(`the message cannot be sent: ${reason}`)
  }

  unsendable(message: Uint8Array): string | undefined {
    return message.length === this.length
      ? undefined
      : `its length in bytes is ${message.length}, and must be ${this.length}`
  }
}

/**
 * Each message has just `length` bytes. To send one of another length is a bug, and throws.
 *
 * `length` may not be over the server's `maxFrame`: the first byte would be too much. A fault is not explained to the peer.
 * Throws a RangeError where `length` is not a whole number from 1 on.
 *
 * @example
 * ```ts
 * import { Framing } from "effect-switchboard"
 *
 * const codec = Framing.fixed(4).open(1024)
 * codec.push(Uint8Array.of(0, 0, 0, 7, 0, 0))
 * assert.deepStrictEqual([...codec.next()!], [0, 0, 0, 7])
 * assert.strictEqual(codec.next(), undefined)
 * ```
 *
 * @since 0.1.0
 * @category framings
 */
export const fixed = (length: number): Framing<Uint8Array> => {
  if (!Number.isSafeInteger(length) || length < 1) {
    throw new RangeError(`${length} is not a length of messages: a whole number from 1 on is`)
  }
  return { name: "fixed", open: (maxFrame) => new FixedCodec(maxFrame, length), explain: () => [], encodesAlike: true }
}
