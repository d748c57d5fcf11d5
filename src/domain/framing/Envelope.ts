/**
 * `envelope`: a 2-byte big-endian length, a JSON object of that many bytes, then as many bytes of content as the
 * object's `content-length` says.
 *
 * @since 0.1.0
 */
import { BufferedCodec } from "./BufferedCodec.js"
import type { Framing } from "./Codec.js"
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
/**
 * A byte order mark is not left out: JSON on the wire has none (RFC 8259, section 8.1), and Python's `json.load`
 * refuses it.
 */
const utf8 = new TextDecoder("utf-8", { fatal: true, ignoreBOM: true })

class EnvelopeCodec extends BufferedCodec<Envelope, Envelope> {
  private readonly required: ReadonlyArray<string>
  private header: Readonly<Record<string, unknown>> | undefined = undefined
  /** Bytes the header takes, its length included; then bytes of the whole frame. */
  private headerLength = 0
  private frameLength = 0

  constructor(maxFrame: number, required: ReadonlyArray<string>) {
    super(maxFrame)
    this.required = required
  }

  protected decode(): Envelope | undefined {
    this.header ??= this.readHeader()
    const { header } = this
    if (header === undefined || this.bytes.length < this.at + this.frameLength) return undefined
    this.header = undefined
    this.at += this.headerLength
    return { header, content: this.take(this.frameLength - this.headerLength) }
  }

  encode({ content, header }: Envelope): Uint8Array {
    const json = Buffer.from(JSON.stringify({ ...header, "content-length": content.length }))
    const frame = Buffer.allocUnsafe(lengthBytes + json.length + content.length)
    frame.writeUInt16BE(json.length, 0)
    json.copy(frame, lengthBytes)
    frame.set(content, lengthBytes + json.length)
    return frame
  }

  private readHeader(): Readonly<Record<string, unknown>> | undefined {
    const { at, bytes, maxFrame } = this
    if (bytes.length < at + lengthBytes) return undefined
    this.headerLength = lengthBytes + bytes.readUInt16BE(at)
    if (this.headerLength > maxFrame) return this.fail(new FrameTooLong({ limit: maxFrame }))
    if (bytes.length < at + this.headerLength) return undefined
    const header = parse(bytes.subarray(at + lengthBytes, at + this.headerLength))
    if (header === undefined) return this.fail(new InvalidFrame({ reason: "the header is not a JSON object in UTF-8" }))
    const missing = this.required.find((key) => !Object.hasOwn(header, key))
    if (missing !== undefined) return this.fail(new InvalidFrame({ reason: `the header lacks "${missing}"` }))
    const length = header["content-length"]
    if (typeof length !== "number" || !Number.isSafeInteger(length) || length < 0) {
      return this.fail(new InvalidFrame({ reason: `"content-length" is not a whole number of bytes` }))
    }
    this.frameLength = this.headerLength + length
    if (this.frameLength > maxFrame) return this.fail(new FrameTooLong({ limit: maxFrame }))
    return header
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
  return {
    name: "envelope",
    open: (maxFrame) => new EnvelopeCodec(maxFrame, keys),
    explain: () => [],
    encodesAlike: true
  }
}
