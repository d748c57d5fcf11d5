import type { Framing } from "./Codec.js"
import { text } from "./Codec.js"
import { DelimitedCodec, Delimiter } from "./Delimited.js"

const newline = new Delimiter("\r\n", "utf8")

class CrlfCodec extends DelimitedCodec {
  /** A reply is one line: a CRLF in it is sent as the four characters `\r\n`. */
  override encode(message: string): string {
    return message.includes("\r\n") ? `${message.replaceAll("\r\n", "\\r\\n")}\r\n` : `${message}\r\n`
  }
}

/**
 * A message is a line of UTF-8 text, ended by CRLF and by nothing else: a CR or an LF alone is a part of it, as SMTP
 * asks (RFC 5321, section 2.3.8). Replies end with CRLF. A last line without it is a message when the peer finishes.
 *
 * `maxFrame` counts the line's bytes without CRLF. For Latin-1 take `delimited("\r\n", { encoding: "latin1" })`; for peers
 * that may end their lines with LF, `line`.
 *
 * @example
 * ```ts
 * import { Framing } from "effect-switchboard"
 *
 * const codec = Framing.crlf.open(1024)
 * codec.push(Buffer.from("MAIL\nFROM\r\nQUIT\r"))
 * assert.strictEqual(codec.next(), "MAIL\nFROM")
 * assert.strictEqual(codec.next(), undefined)
 * assert.strictEqual(codec.encode("221 bye"), "221 bye\r\n")
 * ```
 *
 * @since 0.1.0
 * @category framings
 */
export const crlf: Framing<string> = {
  ...text("crlf", (maxFrame) => new CrlfCodec(maxFrame, newline)),
  encodesAlike: true
}
