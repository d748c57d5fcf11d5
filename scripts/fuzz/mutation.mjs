// Texts that were expressions, with a piece changed.
import { callables } from "./grammar.mjs"
import { float, whole } from "./numbers.mjs"

const pieces =
  ("( ) [ ] { } , : . + - * ** / // % @ << >> & | ^ ~ < > <= == != = := and or not in is if else for lambda 0x 1e 1_ 08 " +
    "1j ' \" \\ # ! $ ? ; None True 1if 0_0 .e 1.e5 0b2 f'{1}' b'' u'\\N' '\\x4' \u00e9 \u0660 \u{1f600} \x0c \t \n")
    .split(
      " "
    )

const token = /\d[\w.]*|\w+|\s+|\*\*|\/\/|<<|>>|[<>=!]=|[^]/gu

const tokens = (text) => text.match(token) ?? []

const ways = [
  (text, random) => {
    const start = random.below(text.length + 1)
    return text.slice(0, start) + text.slice(start + 1 + random.few(8))
  },
  (text, random) => {
    const at = random.below(text.length + 1)
    return text.slice(0, at) + random.pick(pieces) + text.slice(at)
  },
  (text, random) => {
    const parts = tokens(text)
    const at = random.below(parts.length)
    parts[at] = random.pick([random.pick(pieces), random.pick(parts) ?? "", whole(random), float(random)])
    return parts.join("")
  },
  (text, random) => {
    const numbers = [...text.matchAll(/(?<![\w.])\d[\d.]*(?:e[+-]?\d+)?(?![\w.])/g)]
    if (numbers.length === 0) return `${text}+${whole(random)}`
    const { 0: number, index } = random.pick(numbers)
    const other = random.pick([float, whole])(random)
    return text.slice(0, index) + other + text.slice(index + number.length)
  },
  (text, random) => {
    const names = [...text.matchAll(/\b(?:math\.)?[a-z]\w+/g)]
    if (names.length === 0) return `(${text})`
    const { 0: name, index } = random.pick(names)
    return text.slice(0, index) + random.pick(callables) + text.slice(index + name.length)
  },
  (text, random) => {
    const parts = tokens(text)
    const [one, two] = [random.below(parts.length), random.below(parts.length)]
    ;[parts[one], parts[two]] = [parts[two], parts[one]]
    return parts.join("")
  },
  (text, random) => text.replace(/'[^']*'/, (whole) => `'${random.pick(pieces)}${whole.slice(1)}`)
]

/** A text like this one, of whole characters: python3 reads no others. */
export const mutated = (text, random) => {
  let changed = text
  do changed = random.pick(ways)(changed, random)
  while (random.chance(0.25))
  return changed.toWellFormed()
}
