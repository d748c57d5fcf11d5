import { BufferedCodec } from "./BufferedCodec.js"
import type { Framing } from "./Codec.js"
import { FrameTooLong, InvalidFrame } from "./Codec.js"

/**
 * How the length of a message is written before it.
 *
 * @since 0.1.0
 * @category models
 */
export interface LengthPrefix {
  /** Bytes of the length: an unsigned integer. */
  readonly size: 1 | 2 | 4 | 8
  /** Default: `"big"`, the network's order (RFC 1700). */
  readonly byteOrder?: "big" | "little" | undefined
  /** Whether the length counts its own bytes, too. Default: false. */
  readonly headerIncluded?: boolean | undefined
}

const word = 2 ** 32

class LengthPrefixedCodec extends BufferedCodec<Uint8Array, Uint8Array> {
  private readonly size: 1 | 2 | 4 | 8
  private readonly isBig: boolean
  /** What the length counts besides the message. */
  private readonly extra: number
  /** The length of the message in hand, -1 while it is not known. */
  private length = -1

  constructor(maxFrame: number, prefix: LengthPrefix) {
    super(maxFrame, prefix.size)
    this.size = prefix.size
    this.isBig = prefix.byteOrder !== "little"
    this.extra = prefix.headerIncluded === true ? prefix.size : 0
  }

  protected decode(): Uint8Array | undefined {
    const { size } = this
    if (this.length < 0) {
      if (this.bytes.length < this.at + size) return undefined
      const length = this.readLength() - this.extra
      if (length < 0) {
        return this.fail(new InvalidFrame({ reason: `its length is less than the ${size} bytes of itself` }))
      }
      if (length > this.maxFrame) return this.fail(new FrameTooLong({ limit: this.maxFrame }))
      this.length = length
    }
    if (this.bytes.length < this.at + size + this.length) return undefined
    this.at += size
    const message = this.take(this.length)
    this.length = -1
    return message
  }

  encode(message: Uint8Array): Uint8Array {
    const { extra, isBig, size } = this
    const reason = this.unsendable(message)
    if (reason !== undefined) throw new RangeError(`the message cannot be sent: ${reason}`)
    const length = message.length + extra
    const frame = Buffer.allocUnsafe(size + message.length)
    frame.set(message, size)
    if (size < 8) {
      if (isBig) frame.writeUIntBE(length, 0, size)
      else frame.writeUIntLE(length, 0, size)
    } else {
      this.writeWord(frame, Math.floor(length / word), isBig ? 0 : 4)
      this.writeWord(frame, length % word, isBig ? 4 : 0)
    }
    return frame
  }

  unsendable(message: Uint8Array): string | undefined {
    return message.length + this.extra < 256 ** this.size
      ? undefined
      : `its length, ${message.length}, does not fit in ${this.size === 1 ? "a byte" : `${this.size} bytes`}`
  }

  /** Of 8 bytes, a number over 2 ** 53 comes out not exact, but over every limit. */
  private readLength(): number {
    const { at, bytes, isBig, size } = this
    switch (size) {
      case 1:
        return bytes[at]!
      case 2:
        return isBig ? bytes.readUInt16BE(at) : bytes.readUInt16LE(at)
      case 4:
        return isBig ? bytes.readUInt32BE(at) : bytes.readUInt32LE(at)
      default:
        return isBig
          ? bytes.readUInt32BE(at) * word + bytes.readUInt32BE(at + 4)
          : bytes.readUInt32LE(at + 4) * word + bytes.readUInt32LE(at)
    }
  }

  private writeWord(frame: Buffer, value: number, offset: number): void {
    if (this.isBig) frame.writeUInt32BE(value, offset)
    else frame.writeUInt32LE(value, offset)
  }
}

/**
 * Each message comes behind its length.
 *
 * `maxFrame` counts the message without its length, and a length over it is refused as soon as it is read. To send a
 * message whose length does not fit in `size` bytes is a bug, and throws. A fault is not explained to the peer.
 *
 * @example
 * ```ts
 * import { Framing } from "effect-switchboard"
 *
 * const codec = Framing.lengthPrefixed({ size: 2 }).open(1024)
 * codec.push(Uint8Array.of(0, 2, 104, 105))
 * assert.strictEqual(String(codec.next()), "hi")
 * assert.deepStrictEqual([...Buffer.from(codec.encode(Uint8Array.of(1)))], [0, 1, 1])
 *
 * // As some systems write it: little-endian, and counting itself.
 * const other = Framing.lengthPrefixed({ size: 4, byteOrder: "little", headerIncluded: true })
 * assert.deepStrictEqual([...Buffer.from(other.open(1024).encode(Uint8Array.of(1)))], [5, 0, 0, 0, 1])
 *
 * // As text.
 * const words = Framing.asText(Framing.lengthPrefixed({ size: 1 }))
 * assert.deepStrictEqual([...Buffer.from(words.open(1024).encode("é"))], [2, 0xc3, 0xa9])
 * ```
 *
 * @since 0.1.0
 * @category framings
 */
export const lengthPrefixed = (prefix: LengthPrefix): Framing<Uint8Array> => ({
  name: "lengthPrefixed",
  open: (maxFrame) => new LengthPrefixedCodec(maxFrame, prefix),
  explain: () => [],
  encodesAlike: true
})
