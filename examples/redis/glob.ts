// The patterns of KEYS: `*`, `?`, `[a-c]`, `[^a]`, and `\` before what is meant as it is.

/** What one character of the text may be. */
type Part = "*" | ((character: string) => boolean)

const piece = /\*+|\?|\[(\^?)((?:\\.|[^\]\\])*)\]?|\\(.)|./gs
const range = /\\(.)|(.)-(.)|./gs

/**
 * Compiles a pattern. Matching takes the product of both lengths at the most: a pattern made into a regular expression
 * could hold up everybody.
 */
export const glob = (pattern: string): (text: string) => boolean => {
  if (pattern === "*") return () => true
  const parts = Array.from(pattern.matchAll(piece), (match): Part => {
    const [whole, not, set, escaped] = match
    if (whole.startsWith("*")) return "*"
    if (whole === "?") return () => true
    if (set !== undefined) return oneOf(set, not === "^")
    const exact = escaped ?? whole
    return (character) => character === exact
  })
  return (text) => matches(parts, text)
}

const oneOf = (set: string, isNot: boolean): (character: string) => boolean => {
  const ranges = Array.from(set.matchAll(range), ([whole, escaped, from, to]): readonly [string, string] => {
    if (from !== undefined && to !== undefined) return from < to ? [from, to] : [to, from]
    const exact = escaped ?? whole
    return [exact, exact]
  })
  return (character) => ranges.some(([from, to]) => from <= character && character <= to) !== isNot
}

const matches = (parts: ReadonlyArray<Part>, text: string): boolean => {
  let at = 0
  let part = 0
  /** Behind the last star, and where in the text it was last taken to end: an earlier one need never take more. */
  let behindStar = -1
  let taken = 0
  while (at < text.length) {
    const wanted = parts[part]
    if (wanted === "*") {
      behindStar = ++part
      taken = at
    } else if (wanted?.(text[at]!) === true) {
      part++
      at++
    } else if (behindStar >= 0) {
      part = behindStar
      at = ++taken
    } else {
      return false
    }
  }
  while (parts[part] === "*") part++
  return part === parts.length
}
