import { BufferedCodec } from "./BufferedCodec.js"
import type { Framing } from "./Codec.js"
import { FrameTooLong, InvalidFrame } from "./Codec.js"

const zero = 0x30
const colon = 0x3a
const comma = 0x2c

/** Bytes of a netstring besides its content. */
const overhead = (length: number): number => String(length).length + 2

class NetstringCodec extends BufferedCodec<Uint8Array, Uint8Array> {
  /** Of the netstring in hand: bytes of its length and colon, 0 while they are not whole; bytes of its content. */
  private prefix = 0
  private length = 0

  constructor(maxFrame: number) {
    super(maxFrame, overhead(maxFrame))
  }

  protected decode(): Uint8Array | undefined {
    if (this.prefix === 0 && !this.readLength()) return undefined
    const end = this.at + this.prefix + this.length
    if (this.bytes.length <= end) return undefined
    if (this.bytes[end] !== comma) return this.fail(new InvalidFrame({ reason: "no comma stands behind the content" }))
    this.at += this.prefix
    const message = this.take(this.length)
    this.at++
    this.prefix = 0
    return message
  }

  encode(message: Uint8Array): Uint8Array {
    const length = `${message.length}:`
    const frame = Buffer.allocUnsafe(length.length + message.length + 1)
    frame.write(length, "latin1")
    frame.set(message, length.length)
    frame[frame.length - 1] = comma
    return frame
  }

  private readLength(): boolean {
    const { at, bytes } = this
    let length = 0
    for (let index = at; index < bytes.length; index++) {
      const digit = bytes[index]! - zero
      if (bytes[index] === colon && index > at) {
        this.prefix = index + 1 - at
        this.length = length
        return true
      }
      if (digit < 0 || digit > 9 || (index === at + 1 && length === 0)) {
        this.fail(new InvalidFrame({ reason: "its length and a colon do not stand before it" }))
        return false
      }
      length = length * 10 + digit
      if (length > this.maxFrame) {
        this.fail(new FrameTooLong({ limit: this.maxFrame }))
        return false
      }
    }
    return false
  }
}

/**
 * Each message is a netstring: its length in decimal digits, without leading zeros, a colon, its bytes, a comma.
 *
 * `maxFrame` counts the bytes between colon and comma, and a length over it is refused as soon as it is read. A fault is
 * not explained to the peer.
 *
 * @example
 * ```ts
 * import { Framing } from "effect-switchboard"
 *
 * const codec = Framing.netstring.open(1024)
 * codec.push(Buffer.from("5:hello,0:,"))
 * assert.strictEqual(String(codec.next()), "hello")
 * assert.strictEqual(String(codec.next()), "")
 * assert.strictEqual(String(codec.encode(Buffer.from("hi"))), "2:hi,")
 * ```
 *
 * @since 0.1.0
 * @category framings
 */
export const netstring: Framing<Uint8Array> = {
  name: "netstring",
  open: (maxFrame) => new NetstringCodec(maxFrame),
  explain: () => [],
  encodesAlike: true
}
