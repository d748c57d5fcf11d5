// The content of a mail, as it follows DATA (RFC 5321, 4.5.2): a dot more before each line that begins with one, and a line
// of one dot for the end. Nothing but CRLF ends a line: to take less is how mails are smuggled within others.
import { Framing } from "effect-switchboard"

/** So many bytes of the content, as they come, or its end. */
export type Piece = Uint8Array | "end"

const dot = 0x2e
const CR = 0x0d
const LF = 0x0a

class ContentCodec extends Framing.BufferedCodec<Piece, never> {
  private isLineBegun = false

  /** All that has come, without the dots that are not the mail's. */
  protected decode(): Piece | undefined {
    const { bytes } = this
    const piece = Buffer.allocUnsafe(bytes.length - this.at)
    let length = 0
    for (;;) {
      if (!this.isLineBegun && bytes[this.at] === dot) {
        const line = bytes.toString("latin1", this.at, this.at + 3)
        if (line === ".\r\n" && length === 0) {
          this.at += 3
          return "end"
        }
        if (".\r\n".startsWith(line)) break
        this.at++
        this.isLineBegun = true
      }
      const dotted = bytes.indexOf("\r\n.", this.at)
      // Whether a CR at the end belongs to a CRLF is to be seen.
      const last = bytes.at(-1) === CR ? bytes.length - 1 : bytes.length
      const end = dotted < 0 ? last : dotted + 2
      length += bytes.copy(piece, length, this.at, end)
      if (end > this.at) this.isLineBegun = bytes[end - 1] !== LF || bytes[end - 2] !== CR
      this.at = end
      if (dotted < 0) break
    }
    return length === 0 ? undefined : piece.subarray(0, length)
  }

  encode(message: never): never {
    return message
  }
}

/** Any bytes, up to the line of one dot. */
export const content: Framing.Framing<Piece, never> = {
  name: "content",
  open: (maxFrame) => new ContentCodec(maxFrame),
  explain: () => []
}
