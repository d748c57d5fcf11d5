/**
 * `envelope`: a 2-byte big-endian length, a JSON object of that many bytes, then as many bytes of content as the
 * object's `content-length` says.
 *
 * @since 0.1.0
 */
import type { Codec, Framing, FramingError } from "./Codec.js"
import { FrameTooLong, InvalidFrame } from "./Codec.js"

/**
 * One message: a header and its content. `content-length` is the framing's own: it is written from the content.
 *
 * @since 0.1.0
 * @category models
 */
export interface Envelope {
  readonly header: Readonly<Record<string, unknown>>
  readonly content: Uint8Array
}

const lengthBytes = 2
/** A byte order mark is not left out: JSON on the wire has none (RFC 8259, section 8.1), and Python's `json.load` refuses it. */
const utf8 = new TextDecoder("utf-8", { fatal: true, ignoreBOM: true })
const nothing = Buffer.alloc(0)

class EnvelopeCodec implements Codec<Envelope, Envelope> {
  error: FramingError | undefined = undefined
  readonly quiet = undefined
  readonly delimited = true
  private readonly maxFrame: number
  private readonly required: ReadonlyArray<string>
  /** The bytes from `start` to `stop` are what has come of the frames not yet taken. */
  private buffer: Buffer = nothing
  private start = 0
  private stop = 0
  private header: Readonly<Record<string, unknown>> | undefined = undefined
  /** Bytes the header takes, its length included; then bytes of the whole frame. */
  private headerLength = 0
  private frameLength = 0

  constructor(maxFrame: number, required: ReadonlyArray<string>) {
    this.maxFrame = maxFrame
    this.required = required
  }

  get partial(): boolean {
    return this.stop > this.start
  }

  push(chunk: Uint8Array): void {
    const held = this.stop - this.start
    const needed = held + chunk.length
    const room = needed <= this.buffer.length
      ? this.buffer
      : Buffer.allocUnsafeSlow(Math.max(needed, Math.min(this.buffer.length * 2, this.maxFrame)))
    this.buffer.copy(room, 0, this.start, this.stop)
    room.set(chunk, held)
    this.buffer = room
    this.start = 0
    this.stop = needed
  }

  end(): void {
    if (this.partial) this.error = new InvalidFrame({ reason: "it ends before its content does" })
  }

  settle(): void {}

  next(): Envelope | undefined {
    if (this.error !== undefined || (this.header === undefined && !this.readHeader())) return undefined
    const header = this.header
    if (header === undefined || this.stop - this.start < this.frameLength) return undefined
    const content = new Uint8Array(this.buffer.subarray(this.start + this.headerLength, this.start + this.frameLength))
    this.start += this.frameLength
    this.header = undefined
    if (!this.partial) {
      this.buffer = nothing
      this.start = this.stop = 0
    }
    return { header, content }
  }

  encode({ content, header }: Envelope): Uint8Array {
    const json = Buffer.from(JSON.stringify({ ...header, "content-length": content.length }))
    const frame = Buffer.allocUnsafe(lengthBytes + json.length + content.length)
    frame.writeUInt16BE(json.length, 0)
    json.copy(frame, lengthBytes)
    frame.set(content, lengthBytes + json.length)
    return frame
  }

  private readHeader(): boolean {
    const held = this.stop - this.start
    if (held < lengthBytes) return false
    this.headerLength = lengthBytes + this.buffer.readUInt16BE(this.start)
    if (this.headerLength > this.maxFrame) return this.fail(new FrameTooLong({ limit: this.maxFrame }))
    if (held < this.headerLength) return false
    const header = parse(this.buffer.subarray(this.start + lengthBytes, this.start + this.headerLength))
    if (header === undefined) return this.fail(new InvalidFrame({ reason: "the header is not a JSON object in UTF-8" }))
    const missing = this.required.find((key) => !Object.hasOwn(header, key))
    if (missing !== undefined) return this.fail(new InvalidFrame({ reason: `the header lacks "${missing}"` }))
    const length = header["content-length"]
    if (typeof length !== "number" || !Number.isSafeInteger(length) || length < 0) {
      return this.fail(new InvalidFrame({ reason: `"content-length" is not a whole number of bytes` }))
    }
    this.frameLength = this.headerLength + length
    if (this.frameLength > this.maxFrame) return this.fail(new FrameTooLong({ limit: this.maxFrame }))
    this.header = header
    return true
  }

  private fail(error: FramingError): false {
    this.error = error
    return false
  }
}

const parse = (bytes: Uint8Array): Readonly<Record<string, unknown>> | undefined => {
  try {
    const value: unknown = JSON.parse(utf8.decode(bytes))
    return typeof value === "object" && value !== null && !Array.isArray(value)
      ? (value as Record<string, unknown>)
      : undefined
  } catch {
    return undefined
  }
}

/**
 * A framing of envelopes whose header must have the keys in `required`; `content-length` is always required.
 *
 * `maxFrame` counts the whole envelope. A fault is not explained to the peer: there is no envelope for it.
 *
 * @since 0.1.0
 * @category framings
 */
export const envelope = (required: ReadonlyArray<string> = []): Framing<Envelope> => {
  const keys = [...new Set([...required, "content-length"])]
  return { name: "envelope", open: (maxFrame) => new EnvelopeCodec(maxFrame, keys), explain: () => [] }
}
