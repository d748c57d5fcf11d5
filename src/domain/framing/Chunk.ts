/**
 * `chunk`: each read is a message and each reply is bare, as programs talk that call `recv` once for a message.
 *
 * @since 0.1.0
 */
import type { Codec, Framing, FramingError } from "./Codec.js"
import { asBuffer, FrameTooLong, InvalidText, text } from "./Codec.js"
import { decodeText, inexpressible } from "./Encoding.js"

const nothing = Buffer.alloc(0)

/** How many bytes at the end belong to a character whose rest has not come yet: 0 to 3. */
const unfinished = (bytes: Buffer): number => {
  const length = bytes.length
  for (let back = 1; back <= 3 && back <= length; back++) {
    const byte = bytes[length - back]!
    if (byte < 0x80) return 0
    if (byte >= 0xc0) {
      const size = byte >= 0xf0 ? 4 : byte >= 0xe0 ? 3 : 2
      return size > back && mayBegin(byte, back === 1 ? undefined : bytes[length - back + 1]!) ? back : 0
    }
  }
  return 0
}

/** Whether a character may begin with these bytes: what cannot is not worth waiting for (The Unicode Standard, table 3-7). */
const mayBegin = (lead: number, second: number | undefined): boolean =>
  lead >= 0xc2 && lead <= 0xf4 && (second === undefined ||
    (second >= (lead === 0xe0 ? 0xa0 : lead === 0xf0 ? 0x90 : 0x80) &&
      second <= (lead === 0xed ? 0x9f : lead === 0xf4 ? 0x8f : 0xbf)))

/** @internal */
export class ChunkCodec implements Codec<string, string> {
  error: FramingError | undefined = undefined
  readonly quiet = undefined
  readonly delimited = false
  readonly delimiter = undefined
  private readonly maxFrame: number
  private message: string | undefined = undefined
  private tail: Buffer = nothing

  constructor(maxFrame: number) {
    this.maxFrame = maxFrame
  }

  get partial(): boolean {
    return this.tail.length > 0
  }

  push(chunk: Uint8Array): void {
    const bytes = this.tail.length === 0
      ? asBuffer(chunk)
      : Buffer.concat([this.tail, chunk])
    const whole = bytes.length - unfinished(bytes)
    this.tail = whole === bytes.length ? nothing : Buffer.from(bytes.subarray(whole))
    if (whole > this.maxFrame) {
      this.error = new FrameTooLong({ limit: this.maxFrame })
    } else if (whole > 0) {
      this.message = decodeText(bytes, 0, whole, "utf8")
      if (this.message === undefined) this.error = new InvalidText()
    }
  }

  end(): void {
    if (!this.partial) return
    this.tail = nothing
    this.error = new InvalidText()
  }

  settle(): void {}

  next(): string | undefined {
    const message = this.message
    this.message = undefined
    return message
  }

  recover(): boolean {
    if (this.error?._tag !== "InvalidText") return false
    this.error = undefined
    return true
  }

  release(): Uint8Array {
    return Buffer.concat([Buffer.from(this.next() ?? ""), this.tail])
  }

  encode(message: string): string {
    return message
  }

  unsendable(message: string): string | undefined {
    return inexpressible(message, "utf8")
  }
}

/**
 * Each read is one message of UTF-8 text; replies are sent without a delimiter.
 *
 * TCP keeps no boundaries: two messages sent close together may arrive as one. Use `line` where both sides can.
 * A character split between two reads is kept until it is whole.
 *
 * @since 0.1.0
 * @category framings
 */
export const chunk: Framing<string> = {
  ...text("chunk", (maxFrame) => new ChunkCodec(maxFrame)),
  encodesAlike: true
}
