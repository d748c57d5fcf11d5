/**
 * Reverse: each message comes back with its characters in the opposite order.
 *
 * @since 0.1.0
 * @module
 */
import * as Effect from "effect/Effect"
import { graphemeSegments } from "unicode-segmenter/grapheme"
import { auto } from "../../domain/framing/Auto.js"
import type { TextProtocol } from "../../domain/Protocol.js"
import { requestReply } from "../../domain/Protocol.js"

/** CR LF is the one cluster of two ASCII characters. */
const isSimple = (text: string): boolean => /^[\0-\x0c\x0e-\x7f]*$/.test(text)

/** Arguments that one call may have, with room to spare. */
const atOnce = 4_096

/** In one piece: a text put together of 65,536 characters is dear to whoever sends it. */
const written = (units: Uint16Array): string => {
  let text = ""
  for (let start = 0; start < units.length; start += atOnce) {
    text += Reflect.apply(String.fromCharCode, undefined, units.subarray(start, start + atOnce))
  }
  return text
}

/**
 * Reverses what a person calls characters: Unicode's extended grapheme clusters (UAX #29), so that an accent stays
 * on its letter and a family stays together. Its time grows with the text's length.
 *
 * @example
 * ```ts
 * import { Reverse } from "effect-switchboard"
 *
 * assert.strictEqual(Reverse.reverse("ADVANCE"), "ECNAVDA")
 * ```
 *
 * @since 0.1.0
 * @category text
 */
export const reverse = (text: string): string => {
  if (isSimple(text)) return Buffer.from(text, "latin1").reverse().toString("latin1")
  const units = new Uint16Array(text.length)
  let at = text.length
  // Not Intl.Segmenter's, whose time in V8 grows with the square of the text's length.
  for (const { segment } of graphemeSegments(text)) {
    at -= segment.length
    for (let i = 0; i < segment.length; i++) units[at + i] = segment.charCodeAt(i)
  }
  return written(units)
}

/**
 * Each message is answered with itself, the last character first. A character is what its reader takes for one: an accent
 * stays on its letter, a flag is whole.
 *
 * @since 0.1.0
 * @category protocols
 */
export const protocol: TextProtocol = requestReply({
  name: "reverse",
  framing: auto,
  reply: (text) => Effect.succeed(reverse(text))
})
