/**
 * `line`: a message is a line of UTF-8 text, ended by LF or CRLF; replies end with LF.
 *
 * @since 0.1.0
 */
import { isUtf8 } from "node:buffer"
import type { Codec, Framing, FramingError } from "./Codec.js"
import { asBuffer, FrameTooLong, InvalidText, text } from "./Codec.js"

const LF = 0x0a
const CR = 0x0d
const nothing = Buffer.alloc(0)

/** A buffer of at most so many bytes is kept for the next line: one long line should not cost a quiet client its length for ever. */
const keptBuffer = 4096

/** @internal */
export class LineCodec implements Codec<string, string> {
  error: FramingError | undefined = undefined
  readonly quiet = undefined
  readonly delimited = true
  private readonly maxFrame: number
  /** Whole lines, decoded and not yet taken: from `at` on, each with its LF. */
  private lines = ""
  private at = 0
  /** The fault that follows the lines above. */
  private fault: FramingError | undefined = undefined
  /** The first `held` bytes are the beginning of a line. */
  private rest: Buffer = nothing
  private held = 0

  constructor(maxFrame: number) {
    this.maxFrame = maxFrame
  }

  get partial(): boolean {
    return this.held > 0
  }

  push(chunk: Uint8Array): void {
    const bytes = asBuffer(chunk)
    const end = bytes[bytes.length - 1] === LF ? bytes.length : bytes.lastIndexOf(LF) + 1
    if (end > 0) {
      if (this.held === 0) this.take(bytes, end)
      else this.take(Buffer.concat([this.release(), bytes.subarray(0, end)]))
    }
    if (end < bytes.length && this.fault === undefined) this.hold(bytes.subarray(end))
  }

  end(): void {
    if (this.held > 0) this.take(Buffer.concat([this.release(), Buffer.of(LF)]))
  }

  settle(): void {}

  next(): string | undefined {
    const end = this.lines.indexOf("\n", this.at)
    if (end < 0) {
      this.lines = ""
      this.at = 0
      this.error = this.fault
      return undefined
    }
    const from = this.at
    this.at = end + 1
    return this.lines.slice(from, this.lines.charCodeAt(end - 1) === CR && end > from ? end - 1 : end)
  }

  /** A reply is one line: what would break it in two is sent as the two characters `\n`. */
  encode(message: string): string {
    return message.includes("\n") ? `${message.replaceAll("\n", "\\n")}\n` : `${message}\n`
  }

  /** Gives up the beginning of a line; valid until the next `push`. */
  release(): Buffer {
    const beginning = this.rest.subarray(0, this.held)
    this.held = 0
    if (this.rest.length > keptBuffer) this.rest = nothing
    return beginning
  }

  /** Makes the whole lines of the first `end` bytes available, up to the first that is too long or not text. */
  private take(bytes: Buffer, end = bytes.length): void {
    const lines = bytes.toString("utf8", 0, end)
    const isText = !lines.includes("\uFFFD") || isUtf8(bytes.subarray(0, end))
    this.lines = isText && end <= this.maxFrame
      ? lines
      : bytes.toString("utf8", 0, this.sound(bytes.subarray(0, end), isText))
  }

  /** Where the first faulty line begins. */
  private sound(bytes: Buffer, isText: boolean): number {
    let from = 0
    while (from < bytes.length) {
      const end = bytes.indexOf(LF, from)
      const length = end - from - (end > from && bytes[end - 1] === CR ? 1 : 0)
      if (length > this.maxFrame) this.fault = new FrameTooLong({ limit: this.maxFrame })
      else if (!isText && !isUtf8(bytes.subarray(from, end))) this.fault = new InvalidText()
      if (this.fault !== undefined) break
      from = end + 1
    }
    return from
  }

  /** Keeps the beginning of a line, in a buffer that doubles: a peer that dribbles costs what it has sent. */
  private hold(bytes: Buffer): void {
    const held = this.held + bytes.length
    if (held > this.maxFrame + (bytes[bytes.length - 1] === CR ? 1 : 0)) {
      this.fault = new FrameTooLong({ limit: this.maxFrame })
      this.rest = nothing
      this.held = 0
      return
    }
    if (held > this.rest.length) {
      const grown = Buffer.allocUnsafeSlow(Math.min(Math.max(held, this.rest.length * 2, 64), this.maxFrame + 1))
      this.rest.copy(grown, 0, 0, this.held)
      this.rest = grown
    }
    bytes.copy(this.rest, this.held)
    this.held = held
  }
}

/**
 * A message is a line. A last line without its newline is a message when the peer finishes.
 *
 * `maxFrame` counts the line's bytes without LF or CRLF.
 *
 * @since 0.1.0
 * @category framings
 */
export const line: Framing<string> = text("line", (maxFrame) => new LineCodec(maxFrame))
