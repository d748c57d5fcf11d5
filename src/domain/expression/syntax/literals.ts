/**
 * The values that number and string tokens spell.
 */
import * as integers from "../values/integers.js"
import { Complex, Float, type Value } from "../values/values.js"

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

const escape = /\\(?:([0-7]{1,3})|([xuU])([0-9a-fA-F]*)|([^]))/g

/** A string token's letters before the quote, lower case, and what is between the quotes. */
export const stringParts = (token: string): { readonly prefix: string; readonly body: string } => {
  const [, prefix = "", , body = ""] = shape.exec(token) ?? []
  return { prefix: prefix.toLowerCase(), body }
}

/** The text a string token spells. What is malformed is told to `fail`. */
export const stringLiteral = (token: string, fail: (message: string) => never): string => {
  const { body, prefix } = stringParts(token)
  if (prefix.includes("r")) return body
  return body.replace(escape, (whole, octal: string | undefined, kind, digits = "", other = "", offset: number) => {
    if (octal !== undefined) return String.fromCodePoint(Number.parseInt(octal, 8))
    if (kind === undefined) return simple.get(other) ?? whole
    const width = hexadecimal.get(kind) ?? 0
    const where = `(unicode error) 'unicodeescape' codec can't decode bytes in position ${offset}-`
    if (digits.length < width) {
      return fail(`${where}${offset + 1 + digits.length}: truncated \\${kind}${"X".repeat(width)} escape`)
    }
    const code = Number.parseInt(digits.slice(0, width), 16)
    if (code > 0x10ffff) return fail(`${where}${offset + 1 + width}: illegal Unicode character`)
    return String.fromCodePoint(code) + digits.slice(width)
  })
}
