/**
 * The values that number and string tokens spell.
 */
import * as integers from "../values/integers.js"
import { Complex, Float, type Value } from "../values/values.js"
import { characterNamed } from "./characterNames.js"

const short = /^[0-9]{1,15}$/

export const numberLiteral = (token: string): Value => {
  if (short.test(token)) return Number(token)
  const digits = token.includes("_") ? token.replaceAll("_", "") : token
  if (/^0[xob]/i.test(digits)) return integers.fromBigInt(BigInt(digits))
  if (/[jJ]$/.test(digits)) return new Complex(0, Number(digits.slice(0, -1)))
  if (/[.eE]/.test(digits)) return new Float(Number(digits))
  return digits.length < 16 ? Number(digits) : integers.fromBigInt(BigInt(digits))
}

const simple = new Map([
  ["\n", ""],
  ["\\", "\\"],
  ["'", "'"],
  ["\"", "\""],
  ["a", "\x07"],
  ["b", "\b"],
  ["f", "\f"],
  ["n", "\n"],
  ["r", "\r"],
  ["t", "\t"],
  ["v", "\v"]
])

const hexadecimal = new Map([["x", 2], ["u", 4], ["U", 8]])

const shape = /^([a-zA-Z]*)("""|'''|"|')([^]*)\2$/

const escape = /\\(?:([0-7]{1,3})|([xuU])([0-9a-fA-F]*)|N(\{[^}]*\}?)?|([^]))/g

/** A string token's letters before the quote, lower case, and what is between the quotes. */
export const stringParts = (token: string): { readonly prefix: string; readonly body: string } => {
  const [, prefix = "", , body = ""] = shape.exec(token) ?? []
  return { prefix: prefix.toLowerCase(), body }
}

/** How long a text is to CPython's decoder, which is given what is not ASCII as escapes. */
const decoderLength = (text: string): number => {
  let length = 0
  for (const [piece] of text.matchAll(/\\?[^]/gu)) {
    if (!piece.startsWith("\\")) length += piece <= "\x7f" ? 1 : 10
    else length += piece <= "\\\x7f" ? 2 : 16
  }
  return length
}

/** Where in a literal of bytes the first `\x` without its two digits stands, if one does. */
export const truncatedByte = (token: string): number | undefined => {
  const { body, prefix } = stringParts(token)
  if (prefix.includes("r")) return undefined
  for (const { 0: piece, index } of body.matchAll(/\\(?:x[0-9a-fA-F]{0,2}|[^])/g)) {
    if (piece.startsWith("\\x") && piece.length < 4) return index
  }
  return undefined
}

/** The text a string token spells. What is malformed is told to `fail`. */
export const stringLiteral = (token: string, fail: (message: string) => never): string => {
  const { body, prefix } = stringParts(token)
  if (prefix.includes("r")) return body
  const failFrom = (start: number, end: number, reason: string): never => {
    const first = decoderLength(body.slice(0, start))
    const last = first + decoderLength(body.slice(start, end)) - 1
    return fail(`(unicode error) 'unicodeescape' codec can't decode bytes in position ${first}-${last}: ${reason}`)
  }
  const replaced = (
    whole: string,
    octal: string | undefined,
    kind: string | undefined,
    digits = "",
    braced: string | undefined,
    other: string | undefined,
    at: number
  ): string => {
    if (octal !== undefined) return String.fromCodePoint(Number.parseInt(octal, 8))
    if (other !== undefined) return simple.get(other) ?? whole
    if (kind === undefined) {
      const end = braced === "{}" ? at + 3 : at + whole.length
      if (braced === undefined || braced === "{}" || !braced.endsWith("}")) {
        return failFrom(at, end, "malformed \\N character escape")
      }
      return characterNamed(braced.slice(1, -1)) ?? failFrom(at, end, "unknown Unicode character name")
    }
    const width = hexadecimal.get(kind) ?? 0
    if (digits.length < width) {
      return failFrom(at, at + 2 + digits.length, `truncated \\${kind}${"X".repeat(width)} escape`)
    }
    const code = Number.parseInt(digits.slice(0, width), 16)
    if (code > 0x10ffff) return failFrom(at, at + 2 + width, "illegal Unicode character")
    return String.fromCodePoint(code) + digits.slice(width)
  }
  return body.replace(escape, replaced)
}
