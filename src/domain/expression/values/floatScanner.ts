/**
 * How far a float reaches in a text, as C's `strtod` finds it, in one pass and without going back.
 */
import { isDigit } from "../characters.js"
import { digitsEnd } from "./decimalDigits.js"

const isSign = (code: number): boolean => code === 43 || code === 45

const startsWith = (text: string, at: number, word: string): boolean =>
  text.slice(at, at + word.length).toLowerCase() === word

/** The end of `inf`, `infinity` or `nan` with or without a sign, or `from` where there is none. */
export const namedEnd = (text: string, from: number): number => {
  const at = isSign(text.charCodeAt(from)) ? from + 1 : from
  if (startsWith(text, at, "infinity")) return at + 8
  return startsWith(text, at, "inf") || startsWith(text, at, "nan") ? at + 3 : from
}

const exponentEnd = (text: string, from: number): number => {
  const letter = text.charCodeAt(from)
  if (letter !== 101 && letter !== 69) return from
  const at = isSign(text.charCodeAt(from + 1)) ? from + 2 : from + 1
  return isDigit(text.charCodeAt(at)) ? digitsEnd(text, at) : from
}

/** The end of the float that starts there, its sign included, or `from` where there is none. */
export const floatEnd = (text: string, from: number): number => {
  const start = isSign(text.charCodeAt(from)) ? from + 1 : from
  const point = digitsEnd(text, start)
  const hasPoint = text.charCodeAt(point) === 46
  const end = hasPoint ? digitsEnd(text, point + 1) : point
  const digits = end - start - (hasPoint ? 1 : 0)
  return digits > 0 ? exponentEnd(text, end) : namedEnd(text, from)
}

/** The value of a text that is a float from end to end. */
export const floatValue = (text: string): number => {
  const lower = text.toLowerCase()
  if (!lower.includes("n")) return Number(lower)
  return lower.includes("a") ? NaN : lower.startsWith("-") ? -Infinity : Infinity
}
