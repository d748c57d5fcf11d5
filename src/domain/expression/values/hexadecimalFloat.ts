/**
 * `float.hex` and `float.fromhex`.
 */
import { isDigit } from "../characters.js"
import { bitsOf } from "../elementary/bits.js"
import { domainError, overflow } from "../raise.js"
import { digitsEnd, spacesEnd } from "./decimalDigits.js"
import * as floats from "./floats.js"
import { namedEnd } from "./floatScanner.js"
import { Float } from "./values.js"

/** C's `%a`: one hexadecimal digit, a point, thirteen more and a power of two. */
export const hex = (value: number): string => {
  if (!Number.isFinite(value)) return floats.repr(value)
  const bits = bitsOf(value)
  const field = Number(bits >> 52n & 0x7ffn)
  const sign = bits < 0n ? "-" : ""
  if (value === 0) return `${sign}0x0.0p+0`
  const exponent = Math.max(field, 1) - 1023
  const fraction = (bits & 0xfffffffffffffn).toString(16).padStart(13, "0")
  return `${sign}0x${field === 0 ? 0 : 1}.${fraction}p${exponent < 0 ? "-" : "+"}${Math.abs(exponent)}`
}

const isHexadecimal = (code: number): boolean => isDigit(code) || ((code | 32) >= 97 && (code | 32) <= 102)

const hexadecimalEnd = (text: string, from: number): number => {
  let at = from
  while (isHexadecimal(text.charCodeAt(at))) at++
  return at
}

/** More binary places than any float has, written in more digits than any text has. */
const furthest = 10 ** 15

/** The power of two from the `p` on, and where it ends; undefined where the `p` has no digits. */
const exponentFrom = (text: string, from: number): { readonly exponent: number; readonly end: number } | undefined => {
  if ((text.charCodeAt(from) | 32) !== 112) return { exponent: 0, end: from }
  const sign = text.charAt(from + 1)
  const start = sign === "+" || sign === "-" ? from + 2 : from + 1
  const end = digitsEnd(text, start)
  if (end === start) return undefined
  const size = Math.min(Number(text.slice(start, end)), furthest)
  return { exponent: sign === "-" ? -size : size, end }
}

const malformed = (): never => domainError("invalid hexadecimal floating-point string")

export const fromHexCost = (text: string): number => 60 + text.length / 4

/** `float.fromhex`, in one pass over the text. */
export const fromHex = (text: string): Float => {
  const first = spacesEnd(text, 0)
  const isNegative = text.charAt(first) === "-"
  const signed = (value: number): Float => new Float(isNegative ? -value : value)
  const wordEnd = namedEnd(text, first)
  if (wordEnd > first) {
    if (spacesEnd(text, wordEnd) < text.length) return malformed()
    return signed(text.slice(first, wordEnd).toLowerCase().includes("a") ? NaN : Infinity)
  }
  let start = isNegative || text.charAt(first) === "+" ? first + 1 : first
  if (text.charAt(start) === "0" && text.charAt(start + 1).toLowerCase() === "x") start += 2
  const point = hexadecimalEnd(text, start)
  const fractionEnd = text.charAt(point) === "." ? hexadecimalEnd(text, point + 1) : point
  const fraction = text.slice(point + 1, fractionEnd)
  const digits = text.slice(start, point) + fraction
  const power = exponentFrom(text, fractionEnd)
  if (digits === "" || power === undefined) return malformed()
  const mantissa = BigInt(`0x${digits}`)
  const value = mantissa === 0n ? 0 : floats.scaled(mantissa, BigInt(power.exponent - 4 * fraction.length))
  // As CPython has it, what follows is looked at only behind a number that is one.
  if (value === Infinity) return overflow("hexadecimal value too large to represent as a float")
  if (spacesEnd(text, power.end) < text.length) return malformed()
  return signed(value)
}
