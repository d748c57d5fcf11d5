/**
 * Reverse: each message comes back with its characters in the opposite order.
 *
 * @since 0.1.0
 * @module
 */
import * as Effect from "effect/Effect"
import { auto } from "../../domain/framing/Auto.js"
import type { TextProtocol } from "../../domain/Protocol.js"
import { requestReply } from "../../domain/Protocol.js"

const graphemes = new Intl.Segmenter(undefined, { granularity: "grapheme" })

/** CR LF is the one cluster of two ASCII characters. */
const isSimple = (text: string): boolean => /^[\0-\x0c\x0e-\x7f]*$/.test(text)

/**
 * Reverses what a person calls characters: Unicode's extended grapheme clusters (UAX #29), so that an accent stays
 * on its letter and a family stays together.
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
  if (!isSimple(text)) return Array.from(graphemes.segment(text), ({ segment }) => segment).reverse().join("")
  let reversed = ""
  for (let i = text.length - 1; i >= 0; i--) reversed += text[i]
  return reversed
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
