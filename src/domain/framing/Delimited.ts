import { BufferedCodec } from "./BufferedCodec.js"
import type { Framing } from "./Codec.js"
import { asBuffer, FrameTooLong, InvalidText, text } from "./Codec.js"
import type { Encoding } from "./Encoding.js"
import { decodeText, encodeText, expressible, inexpressible } from "./Encoding.js"

/** What ends each message, as text and as bytes. */
export class Delimiter {
  readonly text: string
  readonly encoding: Encoding
  readonly bytes: Buffer
  /** What to look for: a single byte is found faster by its number. */
  readonly needle: number | Buffer
  /** Whether one may begin within another, as in `aa`. Then the last that can be seen need not be one. */
  readonly overlaps: boolean

  constructor(text: string, encoding: Encoding) {
    this.text = text
    this.encoding = encoding
    this.bytes = encodeText(text, encoding)
    if (text === "" || decodeText(this.bytes, 0, this.bytes.length, encoding) !== text) {
      throw new RangeError(`${JSON.stringify(text)} cannot end a message of ${encoding} text`)
    }
    this.needle = this.bytes.length === 1 ? this.bytes[0]! : this.bytes
    this.overlaps = Array.from({ length: text.length - 1 }).some((_, at) => text.startsWith(text.slice(at + 1)))
  }
}

/** @internal */
export class DelimitedCodec extends BufferedCodec<string, string> {
  private readonly by: Delimiter
  /** Whole messages, decoded and not yet taken: from `cursor` on, each with its delimiter. */
  protected messages = ""
  readonly delimiter: string | undefined
  private cursor = 0
  /** In so many bytes from `at` on no delimiter begins. */
  private searched = 0
  /** Up to here messages are decoded one by one: the bytes before it are not text as a whole. */
  private doubtful = 0

  constructor(maxFrame: number, by: Delimiter, overhead = by.bytes.length) {
    super(maxFrame, overhead)
    this.by = by
    this.delimiter = by.encoding === "utf8" ? by.text : undefined
  }

  override push(chunk: Uint8Array): void {
    if (!this.partial && this.decodeWhole(asBuffer(chunk))) return
    super.push(chunk)
    // At once, so that the chunk is not held beside what is made of it.
    if (this.decodeMany()) this.own()
  }

  override next(): string | undefined {
    for (;;) {
      const end = this.messages.indexOf(this.by.text, this.cursor)
      if (end >= 0) {
        const start = this.cursor
        this.cursor = end + this.by.text.length
        return this.cut(start, end)
      }
      if (this.cursor > 0) {
        this.messages = ""
        this.cursor = 0
      }
      if (this.isStarved || this.error !== undefined || this.at < this.doubtful) return super.next()
      this.decodeMany()
      if (this.messages === "") return super.next()
    }
  }

  override release(): Uint8Array {
    const untaken = Buffer.from(this.messages.slice(this.cursor), this.by.encoding)
    this.messages = ""
    return untaken.length === 0 ? super.release() : Buffer.concat([untaken, super.release()])
  }

  /** The message with its delimiter. One that has the delimiter in it would be two: that is a bug, and throws. */
  encode(message: string): string | Uint8Array {
    const { encoding, text } = this.by
    const content = expressible(message, encoding)
    const reason = this.misread(content)
    if (reason !== undefined) throw new RangeError(`the message cannot be sent: ${reason}`)
    return encoding === "utf8" ? content + text : Buffer.from(content + text, encoding)
  }

  unsendable(message: string): string | undefined {
    return inexpressible(message, this.by.encoding) ?? this.misread(message)
  }

  /** Why a peer would find another end of the message; undefined if it would not. */
  protected misread(message: string): string | undefined {
    const { text } = this.by
    return (message + text).indexOf(text) < message.length
      ? `it has its delimiter, ${JSON.stringify(text)}, in it`
      : undefined
  }

  /** One of `messages`. */
  protected cut(start: number, end: number): string {
    return this.messages.slice(start, end)
  }

  /** Where the message ends whose delimiter begins at `end`. */
  protected endOf(_start: number, end: number): number {
    return end
  }

  protected decode(): string | undefined {
    const end = this.bytes.indexOf(this.by.needle, this.at + this.searched)
    if (end < 0) {
      this.hasSearched(this.bytes.length)
      return undefined
    }
    return this.decodeOne(end, end + this.by.bytes.length)
  }

  protected override finish(): string | undefined {
    return this.partial ? this.decodeOne(this.bytes.length, this.bytes.length) : undefined
  }

  /** A message within the limit may be followed by the beginning of its delimiter. */
  protected override isTooLong(length: number): boolean {
    const { bytes } = this.by
    if (length <= this.maxFrame || super.isTooLong(length)) return length > this.maxFrame
    for (let start = Math.max(0, length - bytes.length + 1); start <= this.maxFrame; start++) {
      if (this.bytes.compare(bytes, 0, length - start, this.at + start, this.at + length) === 0) return false
    }
    return true
  }

  protected override own(): void {
    this.doubtful = 0
    super.own()
  }

  private decodeOne(end: number, behind: number): string | undefined {
    const { at, by } = this
    const stop = this.endOf(at, end)
    if (stop - at > this.maxFrame) return this.fail(new FrameTooLong({ limit: this.maxFrame }))
    this.searched = 0
    const message = decodeText(this.bytes, at, stop, by.encoding)
    if (message === undefined) return this.fail(new InvalidText(), behind)
    this.at = behind
    return message
  }

  /** Decodes a chunk of whole messages, as most are, if it is one and cannot be over the limit. */
  private decodeWhole(chunk: Buffer): boolean {
    const { by } = this
    if (chunk[chunk.length - 1] !== by.needle || chunk.length > this.maxFrame) return false
    const messages = decodeText(chunk, 0, chunk.length, by.encoding)
    if (messages === undefined) return false
    this.messages = messages
    return true
  }

  /**
   * Decodes as many whole messages as cannot be over the limit, all at once. Gives whether there is no other among the
   * bytes.
   */
  private decodeMany(): boolean {
    const { at, by, bytes } = this
    const limit = Math.min(bytes.length, at + this.maxFrame + by.bytes.length)
    const end = this.lastEnd(limit)
    if (end > at) {
      const messages = decodeText(bytes, at, end, by.encoding)
      if (messages === undefined) {
        this.doubtful = end
        return false
      }
      this.messages = messages
      this.at = end
      this.searched = 0
    }
    this.hasSearched(limit)
    return limit === bytes.length && this.hasAll
  }

  private hasSearched(end: number): void {
    this.searched = Math.max(this.searched, end - this.at - this.by.bytes.length + 1)
  }

  /** Where the last delimiter before `limit` ends; `at` if there is none. */
  private lastEnd(limit: number): number {
    const { at, by, bytes } = this
    const from = at + this.searched
    if (from >= limit) return at
    if (by.needle === bytes[limit - 1]) return limit
    const part = bytes.subarray(from, limit)
    if (!by.overlaps) {
      const last = part.lastIndexOf(by.needle)
      return last < 0 ? at : from + last + by.bytes.length
    }
    let end = at
    for (let next = part.indexOf(by.needle); next >= 0; next = part.indexOf(by.needle, end - from)) {
      end = from + next + by.bytes.length
    }
    return end
  }
}

/**
 * A message is the text before each `by`; a last one without it is a message when the peer finishes. Replies end with
 * `by`, and may not have it in them.
 *
 * `maxFrame` counts the message's bytes without the delimiter. The encoding is UTF-8 by default. Throws a RangeError where
 * `by` is empty, or is not text of that encoding.
 *
 * @example
 * ```ts
 * import { Framing } from "effect-switchboard"
 *
 * const records = Framing.delimited("\0", { encoding: "latin1" })
 * const codec = records.open(1024)
 * codec.push(Uint8Array.of(0x63, 0x61, 0x66, 0xe9, 0))
 * assert.strictEqual(codec.next(), "café")
 * ```
 *
 * @since 0.1.0
 * @category framings
 */
export const delimited = (by: string, options: { readonly encoding?: Encoding | undefined } = {}): Framing<string> => {
  const delimiter = new Delimiter(by, options.encoding ?? "utf8")
  return { ...text("delimited", (maxFrame) => new DelimitedCodec(maxFrame, delimiter)), encodesAlike: true }
}
