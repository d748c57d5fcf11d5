// Texts as Python spells them: of every kind of character, and such as read like numbers.
import { float, whole } from "./numbers.mjs"

const characters = Array.from(
  "aAbzZ09 _-+.%'\"\\\n\r\t\0\x07\x0b\x0c\x1b\x1c\x1d\x1e\x1f\x7f\x80\x85\xa0\xad\xb2\xdf\xe9\u01c5\u0300\u0378\u0660\u0669\u0966" +
    "\u1680\u180e\u2003\u2007\u200b\u200d\u2028\u2029\u202f\u205f\u3000\ufeff\uff11\uff3a\ufffd\uffff\ue000\u{1d7ce}\u{1f468}" +
    "\u{1f600}\u{10ffff}"
)

const surrogates = ["\\ud800", "\\udc00", "\\ud83d\\ude00"]

const escapes = new Map([["\n", "\\n"], ["\r", "\\r"], ["\0", "\\0"], ["\\", "\\\\"]])

const escaped = (character, random) => {
  const code = character.codePointAt(0).toString(16)
  if (code.length <= 2) return `\\x${code.padStart(2, "0")}`
  return code.length <= 4 && random.chance(0.7) ? `\\u${code.padStart(4, "0")}` : `\\U${code.padStart(8, "0")}`
}

/** A literal of these characters. */
export const literal = (content, random) => {
  const quote = random.pick(["'", "'", "\"", "'''"])
  const body = Array.from(content, (character) => {
    if (escapes.has(character)) return escapes.get(character)
    if (character === quote.charAt(0)) return `\\${character}`
    return random.chance(0.2) ? escaped(character, random) : character
  }).join("")
  return quote + body + quote
}

const spaces = [" ", "\t", "\n", "\x0b", "\x1c", "\x1f", "\x85", "\xa0", "\u2003", "\u3000", "\ufeff", "\u200b"]

const foreign = (text, random) => {
  const zero = random.pick([0x660, 0x966, 0xff10, 0x1d7ce])
  return text.replace(/[0-9]/g, (digit) => random.chance(0.5) ? String.fromCodePoint(zero + Number(digit)) : digit)
}

const disturbed = (text, random) => {
  const points = Array.from(text)
  const piece = random.pick(["_", " ", "+", "-", ".", "e", "j", "0x", "0", "n", ...spaces])
  return points.toSpliced(random.below(points.length + 1), 0, piece).join("")
}

const hexadecimal = (random) => {
  const digits = (count) => Array.from({ length: count }, () => random.below(16).toString(16)).join("")
  const point = random.chance(0.7) ? `.${digits(random.below(18))}` : ""
  const power = random.chance(0.7) ? `p${random.pick(["", "+", "-"])}${random.pick([0, 1, 52, 1022, 1023, 1074])}` : ""
  return `${random.pick(["", "-", "+"])}${random.pick(["0x", "0X", ""])}${digits(1 + random.below(16))}${point}${power}`
}

const plainFloat = (random) => float(random).replace("math.", "")

const readable = [
  (random) => whole(random),
  (random) => String(random.below(1_000)),
  plainFloat,
  plainFloat,
  (random) => random.pick(["inf", "-Infinity", "nan", "iNf", "infinit", "1e", "", "0", "-0", "1e400", "1e-400"]),
  (random) => `${plainFloat(random)}${random.pick(["+", "-", ""])}${plainFloat(random)}j`,
  (random) => `(${plainFloat(random)}j)`,
  hexadecimal
]

/** What `int`, `float`, `complex` or `float.fromhex` might read. */
export const numeral = (random) => {
  let content = random.pick(readable)(random)
  if (random.chance(0.15)) content = foreign(content, random)
  if (random.chance(0.2)) content = random.pick(spaces) + content
  if (random.chance(0.2)) content += random.pick(spaces)
  if (random.chance(0.15)) content = disturbed(content, random)
  return literal(content, random)
}

export const text = (random) => {
  const kind = random.below(20)
  if (kind === 0) return `'${random.pick(surrogates)}'`
  if (kind === 1) return `${random.pick(["r", "u", "R", "U"])}'${random.pick(["\\d", "\\\\", "a", "\\x41", "\\N"])}'`
  const length = random.few(8)
  return literal(Array.from({ length }, () => random.pick(characters)).join(""), random)
}

const types = "d d i o u x X e e e E f f F g g g G c r s a % ld z".split(" ")

/** What stands left of `%`, without its quotes, and how many values it wants. */
export const directive = (random) => {
  const flags = random.pick(["", "", "-", "0", "+", " ", "#", "#0", "+-", " +"])
  const width = random.pick(["", "", "", String(random.below(30)), "*"])
  const precision = random.pick(["", "", ".", `.${random.below(25)}`, ".*", `.${random.below(4) * 100}`])
  const type = random.pick(types)
  return { template: `%${flags}${width}${precision}${type}`, stars: `${width}${precision}`.split("*").length - 1, type }
}
