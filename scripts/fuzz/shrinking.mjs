// Smaller texts that differ in the same way.

const token =
  /'''(?:\\[^]|[^\\])*?'''|'(?:\\[^]|[^'\\])*'|"(?:\\[^]|[^"\\])*"|\d[\w.]*|\w+|\s+|\*\*|\/\/|<<|>>|[<>=!]=|[^]/gu

const closers = new Map([["(", ")"], ["[", "]"], ["{", "}"]])

/** Where the bracket that opens at a token closes. */
const closing = (tokens, at) => {
  let depth = 0
  for (let index = at; index < tokens.length; index++) {
    if (closers.has(tokens[index])) depth++
    else if ([...closers.values()].includes(tokens[index]) && --depth === 0) return index
  }
  return undefined
}

const simpler = (piece) => {
  if (/^\d/.test(piece)) {
    const digits = piece.length
    return ["0", "1", "1.5", piece.slice(0, digits >> 1), piece.slice(0, -1)].filter((text) => text.length < digits)
  }
  if (/^['"]/.test(piece) && piece.length > 2) {
    const body = Array.from(piece.slice(1, -1))
    const fewer = body.map((_, at) => body.toSpliced(at, 1)).concat([body.slice(body.length >> 1)])
    return fewer.map((left) => piece.charAt(0) + left.join("") + piece.charAt(0))
  }
  return []
}

function* candidates(text) {
  const tokens = text.match(token) ?? []
  const without = (from, to, ...pieces) => tokens.toSpliced(from, to - from, ...pieces).join("")
  for (let at = 0; at < tokens.length; at++) {
    const end = closing(tokens, at)
    if (closers.has(tokens[at]) && end !== undefined) {
      const inner = tokens.slice(at + 1, end)
      const start = /^\w+$/.test(tokens[at - 1] ?? "") ? at - 1 : at
      yield inner.join("")
      yield tokens.slice(start, end + 1).join("")
      yield without(start, end + 1, "(", ...inner, ")")
      yield without(start, end + 1, ...inner)
      for (const leaf of ["0", "1", "''", "[]", "None"]) yield without(start, end + 1, leaf)
    }
    for (const piece of simpler(tokens[at])) yield without(at, at + 1, piece)
  }
  for (let size = Math.max(1, tokens.length >> 1);; size >>= 1) {
    for (let at = 0; at < tokens.length; at += Math.max(1, size >> 1)) yield without(at, at + size)
    if (size <= 1) return
  }
}

const most = 600

/**
 * The smallest difference that can be reached from this one. `ask` gives the differences among some texts, and
 * `isSame` tells which of them are of the kind in question.
 */
export const shrunk = async (difference, ask, isSame) => {
  let smallest = difference
  for (;;) {
    const texts = [...new Set(candidates(smallest.text))]
      .filter((text) => text !== "" && text.length < smallest.text.length && text.isWellFormed())
      .toSorted((left, right) => left.length - right.length)
      .slice(0, most)
    const smaller = (await ask(texts)).find(isSame)
    if (smaller === undefined) return smallest
    smallest = smaller
  }
}
