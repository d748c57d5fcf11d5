/**
 * The decimal digits and the spaces of all scripts, as `int`, `float` and `complex` read them.
 */
import { isDigit } from "../characters.js"

/** The zeros of Unicode 14, the one of CPython 3.11, in hexadecimal: digits are assigned in runs of ten. */
const zeros = (
  "660 6f0 7c0 966 9e6 a66 ae6 b66 be6 c66 ce6 d66 de6 e50 ed0 f20 1040 1090 17e0 1810 1946 19d0 1a80 1a90 1b50 1bb0 " +
  "1c40 1c50 a620 a8d0 a900 a9d0 a9f0 aa50 abf0 ff10 104a0 10d30 11066 110f0 11136 111d0 112f0 11450 114d0 11650 116c0 " +
  "11730 118e0 11950 11c50 11d50 11da0 16a60 16ac0 16b50 1d7ce 1d7d8 1d7e2 1d7ec 1d7f6 1e140 1e2f0 1e950 1fbf0"
).split(" ").map((zero) => Number.parseInt(zero, 16))

/** The last of those zeros that is not above a code point, or -1. */
const zeroBelow = (code: number): number => {
  let low = 0
  let high = zeros.length
  while (low < high) {
    const middle = (low + high) >> 1
    if (zeros[middle]! <= code) low = middle + 1
    else high = middle
  }
  return zeros[low - 1] ?? -1
}

// Past ASCII, `\s` is what Python's `isspace` is, but for two.
const space = /^[\s\x85]$/u

const isForeignSpace = (code: number): boolean => code !== 0xfeff && space.test(String.fromCodePoint(code))

const ascii = /^[\0-\x7e]*$/

/**
 * The text with the digits of all scripts as ASCII's, and spaces past ASCII as the space. At any other character past
 * ASCII, none of which stands in a number, it ends with a question mark.
 */
export const asciiOf = (text: string): string => {
  if (ascii.test(text)) return text
  let written = ""
  // Digits mostly follow others of their script.
  let zero = -1
  for (let at = 0; at < text.length; at++) {
    const code = text.codePointAt(at)!
    if (code > 0xffff) at++
    if (code < 127) written += String.fromCharCode(code)
    else {
      if (!(code >= zero && code < zero + 10)) zero = zeroBelow(code)
      if (zero >= 0 && code < zero + 10) written += String.fromCharCode(48 + code - zero)
      else if (isForeignSpace(code)) written += " "
      else return `${written}?`
    }
  }
  return written
}

/** C's `isspace`. */
export const isSpace = (code: number): boolean => code === 32 || (code >= 9 && code <= 13)

/** Where the spaces from there on end. */
export const spacesEnd = (text: string, from: number): number => {
  let at = from
  while (isSpace(text.charCodeAt(at))) at++
  return at
}

/** Where the digits from there on end. */
export const digitsEnd = (text: string, from: number): number => {
  let at = from
  while (isDigit(text.charCodeAt(at))) at++
  return at
}

/** The text without the spaces around it. */
export const stripped = (text: string): string => {
  const start = spacesEnd(text, 0)
  let end = text.length
  while (end > start && isSpace(text.charCodeAt(end - 1))) end--
  return text.slice(start, end)
}

/**
 * The text without underscores, or undefined where one does not stand between two digits, or a NUL comes after it. Behind a
 * NUL, where C takes a text to end, none is seen.
 */
export const withoutUnderscores = (text: string): string | undefined => {
  const end = text.indexOf("\0")
  if (end !== -1 && text.includes("_")) return text.indexOf("_") < end ? undefined : text
  for (let at = text.indexOf("_"); at !== -1; at = text.indexOf("_", at + 1)) {
    if (!isDigit(text.charCodeAt(at - 1)) || !isDigit(text.charCodeAt(at + 1))) return undefined
  }
  return text.replaceAll("_", "")
}
