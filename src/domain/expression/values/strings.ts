/**
 * Python's strings are sequences of code points, JavaScript's of UTF-16 units. They differ only where a text
 * has surrogates, so the cheap way is taken wherever it has none. Beside each function stands what it costs.
 */
import { unassigned } from "../assignedCharacters.js"

const surrogate = /[\ud800-\udfff]/

const isHigh = (code: number): boolean => (code & 0xfc00) === 0xd800

const isLow = (code: number): boolean => (code & 0xfc00) === 0xdc00

/** Of finding out how many code points there are, or that each is a unit. */
export const lengthCost = (text: string): number => text.length / 12

export const length = (text: string): number => {
  if (!surrogate.test(text)) return text.length
  let pairs = 0
  for (let at = 1; at < text.length; at++) {
    if (isLow(text.charCodeAt(at)) && isHigh(text.charCodeAt(at - 1))) pairs++
  }
  return text.length - pairs
}

/** The code points of a text that is not made of single units, else the text itself: either has its length and items. */
export const points = (text: string): string | ReadonlyArray<string> => surrogate.test(text) ? Array.from(text) : text

export const pointsCost = (text: string): number => surrogate.test(text) ? text.length / 2 : text.length / 12

export const compareCost = (left: string, right: string): number => 2 + Math.min(left.length, right.length) / 32

/** Above all lone units, where the unit is half of a pair. */
const rank = (text: string, at: number): number => {
  const code = text.charCodeAt(at)
  const isPaired = isHigh(code) ? isLow(text.charCodeAt(at + 1)) : isLow(code) && isHigh(text.charCodeAt(at - 1))
  return isPaired ? code + 0x10000 : code
}

const part = 512

/** Less than, equal or greater, by code point. */
export const compare = (left: string, right: string): number => {
  const least = Math.min(left.length, right.length)
  let at = 0
  // JavaScript compares parts faster than one unit after the other.
  while (least - at > part && left.slice(at, at + part) === right.slice(at, at + part)) at += part
  while (at < least && left.charCodeAt(at) === right.charCodeAt(at)) at++
  return at === least ? left.length - right.length : rank(left, at) - rank(right, at)
}

export const equalCost = (left: string, right: string): number => left.length === right.length ? left.length / 64 : 0

/** Up to here JavaScript's own search takes no longer than its product with the text. */
const short = 8

export const includesCost = (text: string, part: string): number =>
  part.length > text.length ? 0 : text.length / 4 + part.length / 4

/** Whether a part is in the text, in time that grows with their sum: V8's own search may take their product. */
export const includes = (text: string, part: string): boolean => {
  if (part.length >= text.length) return text === part
  const first = part.charCodeAt(0)
  const last = part.charCodeAt(part.length - 1)
  // A part that begins or ends with half a character is in no text that has the whole of it there.
  const isHalf = isLow(first) || isHigh(last)
  if (part.length <= short && !isHalf) return text.includes(part)
  const isThere = (end: number): boolean =>
    !isHalf || !(isLow(first) && isHigh(text.charCodeAt(end - part.length))) &&
      !(isHigh(last) && isLow(text.charCodeAt(end + 1)))
  // Knuth, Morris and Pratt: how much of the part is matched still where the next unit does not.
  const border = new Uint32Array(part.length)
  for (let at = 1, matched = 0; at < part.length; at++) {
    const code = part.charCodeAt(at)
    while (matched > 0 && part.charCodeAt(matched) !== code) matched = border[matched - 1]!
    if (part.charCodeAt(matched) === code) matched++
    border[at] = matched
  }
  for (let at = 0, matched = 0; at < text.length; at++) {
    const code = text.charCodeAt(at)
    while (matched > 0 && part.charCodeAt(matched) !== code) matched = border[matched - 1]!
    if (part.charCodeAt(matched) === code) matched++
    if (matched < part.length) continue
    if (isThere(at)) return true
    matched = border[matched - 1]!
  }
  return false
}

const named = new Map([["\\", "\\\\"], ["\n", "\\n"], ["\r", "\\r"], ["\t", "\\t"]])

/** What is its own `repr` but for quotes. */
const plain = /^[ -[\]-~]*$/

// The categories Python does not print: separators but the space, control, format, surrogate, private, unassigned.
const unprintable = new RegExp(`[\\\\\\n\\r\\t]|(?! )[\\p{Z}\\p{C}${unassigned}]`, "gu")

const escape = (point: string): string => {
  const code = (point.codePointAt(0) ?? 0).toString(16)
  if (code.length <= 2) return `\\x${code.padStart(2, "0")}`
  return code.length <= 4 ? `\\u${code.padStart(4, "0")}` : `\\U${code.padStart(8, "0")}`
}

export const reprCost = (text: string): number => plain.test(text) ? text.length / 16 : 2 * text.length

/** `repr` of a string. */
export const repr = (text: string): string => {
  const quote = text.includes("'") && !text.includes("\"") ? "\"" : "'"
  const escaped = plain.test(text) ? text : text.replace(unprintable, (point) => named.get(point) ?? escape(point))
  return quote + (quote === "'" ? escaped.replaceAll("'", "\\'") : escaped) + quote
}

const ofAscii = /^[\0-\x7f]*$/

export const asciiCost = (text: string): number => ofAscii.test(text) ? text.length / 64 : 3 * text.length

/** With escapes for all that is not ASCII. */
export const ascii = (text: string): string => ofAscii.test(text) ? text : text.replace(/[^\0-\x7f]/gu, escape)
