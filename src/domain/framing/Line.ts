/**
 * `line`: a message is a line of UTF-8 text, ended by LF or CRLF; replies end with LF.
 *
 * @since 0.1.0
 */
import type { Framing } from "./Codec.js"
import { text } from "./Codec.js"
import { DelimitedCodec, Delimiter } from "./Delimited.js"

const CR = 0x0d
const newline = new Delimiter("\n", "utf8")

/** @internal */
export class LineCodec extends DelimitedCodec {
  constructor(maxFrame: number) {
    super(maxFrame, newline, 2)
  }

  /** A reply is one line: what would break it in two is sent as the two characters `\n`. */
  override encode(message: string): string {
    return message.includes("\n") ? `${message.replaceAll("\n", "\\n")}\n` : `${message}\n`
  }

  protected override misread(message: string): string | undefined {
    if (message.includes("\n")) return "a line cannot hold a newline"
    return message.endsWith("\r") ? "a line cannot end with a carriage return" : undefined
  }

  protected override cut(start: number, end: number): string {
    const { messages } = this
    return messages.slice(start, messages.charCodeAt(end - 1) === CR && end > start ? end - 1 : end)
  }

  protected override endOf(start: number, end: number): number {
    return this.bytes[end - 1] === CR && end > start ? end - 1 : end
  }

  protected override isTooLong(length: number): boolean {
    return length > this.maxFrame + (this.bytes[this.at + this.maxFrame] === CR ? 1 : 0)
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
export const line: Framing<string> = {
  ...text("line", (maxFrame) => new LineCodec(maxFrame)),
  encodesAlike: true
}
