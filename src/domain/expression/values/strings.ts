/**
 * Python's strings are sequences of code points, JavaScript's of UTF-16 units. They differ only where a text
 * has surrogates, so the cheap way is taken wherever it has none.
 */
const surrogate = /[\ud800-\udfff]/

export const points = (text: string): ReadonlyArray<string> => Array.from(text)

export const length = (text: string): number => surrogate.test(text) ? points(text).length : text.length

/** Less than, equal or greater, by code point. */
export const compare = (left: string, right: string): number => {
  if (!surrogate.test(left) && !surrogate.test(right)) return left < right ? -1 : left > right ? 1 : 0
  const [ours, theirs] = [points(left), points(right)]
  const index = ours.findIndex((point, index) => point !== theirs[index])
  if (index === -1) return ours.length - theirs.length
  return (ours[index]?.codePointAt(0) ?? 0) - (theirs[index]?.codePointAt(0) ?? -1)
}

const named = new Map([["\\", "\\\\"], ["\n", "\\n"], ["\r", "\\r"], ["\t", "\\t"]])

// The categories Python does not print: separators but the space, control, format, surrogate, private, unassigned.
const unprintable = /[\\\n\r\t]|(?! )[\p{Z}\p{C}]/gu

const escape = (point: string): string => {
  const code = (point.codePointAt(0) ?? 0).toString(16)
  if (code.length <= 2) return `\\x${code.padStart(2, "0")}`
  return code.length <= 4 ? `\\u${code.padStart(4, "0")}` : `\\U${code.padStart(8, "0")}`
}

/** `repr` of a string. */
export const repr = (text: string): string => {
  const quote = text.includes("'") && !text.includes("\"") ? "\"" : "'"
  const escaped = text.replace(unprintable, (point) => named.get(point) ?? escape(point))
  return quote + (quote === "'" ? escaped.replaceAll("'", "\\'") : escaped) + quote
}

/** With escapes for all that is not ASCII. */
export const ascii = (text: string): string => text.replace(/[^\0-\x7f]/gu, escape)
