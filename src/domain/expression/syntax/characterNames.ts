/**
 * Characters by their names in Unicode 14, which is CPython 3.11's, as `\N{…}` asks for them.
 */
import { brotliDecompressSync } from "node:zlib"
import { packed } from "./characterNames.data.js"

// Unpacked when first asked for: it takes some milliseconds, and a megabyte.
let unpacked: string | undefined

const lines = (): string => unpacked ??= brotliDecompressSync(Buffer.from(packed, "base64")).toString("latin1")

/** By bisection of the text itself: an index of all names would take longer to make than most searches. */
const listed = (name: string): number | undefined => {
  const text = lines()
  let low = 0
  let high = text.length
  while (low < high) {
    const middle = (low + high) >> 1
    const start = middle === 0 ? 0 : text.lastIndexOf("\n", middle - 1) + 1
    const tab = text.indexOf("\t", start)
    const found = text.slice(start, tab)
    const end = text.indexOf("\n", tab) + 1
    if (found === name) return Number.parseInt(text.slice(tab + 1, end), 16)
    if (found < name) low = end
    else high = start
  }
  return undefined
}

/** The sounds that a Hangul syllable is made of, in Unicode's order. */
const initials = "G GG N D DD R M B BB S SS  J JJ C K T P H".split(" ")
const vowels = "A AE YA YAE EO E YEO YE O WA WAE OE YO U WEO WE WI YU EU YI I".split(" ")
const finals = " G GG GS N NJ NH D L LG LM LB LS LT LP LH M B BS S SS NG J C K T P H".split(" ")

const syllable = new RegExp(`^HANGUL SYLLABLE (${initials.join("|")})(${vowels.join("|")})(${finals.join("|")})$`)

const syllableNamed = (name: string): number | undefined => {
  const [, initial, vowel, final] = syllable.exec(name) ?? []
  if (initial === undefined || vowel === undefined || final === undefined) return undefined
  const place = initials.indexOf(initial) * vowels.length + vowels.indexOf(vowel)
  return 0xac00 + place * finals.length + finals.indexOf(final)
}

const ideographs = [
  [0x3400, 0x4dbf],
  [0x4e00, 0x9fff],
  [0x20000, 0x2a6df],
  [0x2a700, 0x2b738],
  [0x2b740, 0x2b81d],
  [0x2b820, 0x2cea1],
  [0x2ceb0, 0x2ebe0],
  [0x30000, 0x3134a]
] as const

const ideographNamed = (name: string): number | undefined => {
  const [, digits = ""] = /^CJK UNIFIED IDEOGRAPH-([0-9A-F]{4,5})$/.exec(name) ?? []
  const code = Number.parseInt(digits, 16)
  return ideographs.some(([first, last]) => code >= first && code <= last) ? code : undefined
}

/** The character of that name. Capitals make no difference but in names that are made by rule. */
export const characterNamed = (name: string): string | undefined => {
  if (!/^[ -z]+$/.test(name)) return undefined
  const code = syllableNamed(name) ?? ideographNamed(name) ?? listed(name.toUpperCase())
  return code === undefined ? undefined : String.fromCodePoint(code)
}
