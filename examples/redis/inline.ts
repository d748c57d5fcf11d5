// Inline commands, which people type: `SET greeting "hello world"`. The rules of quotes are redis-server's.

/** A word of an inline command: plain, quoted, or first the one and then the other, up to a space or the end. */
const word = /([^\t-\r "']*)(?:"((?:[^"\\]|\\.)*)"|'((?:[^'\\]|\\(?:'|(?!')))*)')?(?![^\t-\r ])/ys
const escape = /\\(?:x([\da-f]{2})|(.))/gis
const escapes: Readonly<Record<string, string>> = { n: "\n", r: "\r", t: "\t", b: "\b", a: "\x07" }

const unescape = (text: string): string =>
  text.replaceAll(
    escape,
    (_, hex: string | undefined, letter: string) =>
      hex === undefined ? escapes[letter] ?? letter : String.fromCharCode(Number.parseInt(hex, 16))
  )

/** The words of an inline command; undefined where a quote is not closed. */
export const wordsOf = (line: string): ReadonlyArray<string> | undefined => {
  const words: Array<string> = []
  for (let at = 0;;) {
    while (line[at] === " " || (line[at]! >= "\t" && line[at]! <= "\r")) at++
    if (at === line.length) return words
    word.lastIndex = at
    const match = word.exec(line)
    if (match === null) return undefined
    const [, plain = "", double = "", single = ""] = match
    words.push(plain + unescape(double) + single.replaceAll("\\'", "'"))
    at = word.lastIndex
  }
}
