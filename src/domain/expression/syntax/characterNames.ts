/**
 * Characters by their names in Unicode 14, which is CPython 3.11's, as `\N{…}` asks for them.
 */
import { brotliDecompressSync } from "node:zlib"
import { packed } from "./characterNames.data.js"

/** Where names that begin with the same word begin, one behind the other, and the code before the first. */
interface Run {
  readonly start: number
  readonly code: number
}

/** So many of a name's words, with a space behind each. */
const firstWords = (name: string, count: number): string => {
  const words = `${name} `
  let length = 0
  for (let i = 0; i < count; i++) length = words.indexOf(" ", length) + 1
  return words.slice(0, length)
}

/** The list, read as far as it is asked for: to make an index of all of it would take longer than an expression may. */
class Listing {
  private readonly text = brotliDecompressSync(Buffer.from(packed, "base64")).toString("latin1")
  private readonly runs = new Map<string, Array<Run>>()
  private readonly read = new Map<string, ReadonlyMap<string, number>>()

  constructor() {
    let code = -1
    for (let start = 0, end = 0; end < this.text.length; start = end + 1) {
      end = this.endOf(start)
      const shared = this.sharedAt(start)
      if (shared === undefined) {
        code += this.stepAt(start, end)
        continue
      }
      if (shared === 0) {
        const [word = ""] = this.text.slice(start + 1, end).split(" ", 1)
        const runs = this.runs.get(word)
        if (runs === undefined) this.runs.set(word, [{ start, code }])
        else runs.push({ start, code })
      }
      code++
    }
  }

  codeOf(name: string): number | undefined {
    const [word = ""] = name.split(" ", 1)
    const known = this.read.get(word)
    if (known !== undefined) return known.get(name)
    const names = new Map<string, number>()
    for (const run of this.runs.get(word) ?? []) this.readRun(run, names)
    // A word that no name begins with is asked for once: there is no end of those.
    if (names.size > 0) this.read.set(word, names)
    return names.get(name)
  }

  private readRun(run: Run, names: Map<string, number>): void {
    let name = ""
    let { code } = run
    for (let start = run.start, end = 0; end < this.text.length; start = end + 1) {
      end = this.endOf(start)
      const shared = this.sharedAt(start)
      if (shared === undefined) {
        code += this.stepAt(start, end)
        continue
      }
      if (shared === 0 && start > run.start) break
      name = firstWords(name, shared) + this.text.slice(start + 1, end)
      code++
      if (name.endsWith("-")) name += code.toString(16).toUpperCase()
      names.set(name, code)
    }
  }

  private endOf(start: number): number {
    const end = this.text.indexOf("\n", start)
    return end < 0 ? this.text.length : end
  }

  /** How many words the name of this line has in common with the one before; `undefined` for a line that has none. */
  private sharedAt(start: number): number | undefined {
    const mark = this.text.charCodeAt(start)
    return mark < 0x30 ? mark - 0x21 : undefined
  }

  /** How many codes are left out before the next name. */
  private stepAt(start: number, end: number): number {
    return Number.parseInt(this.text.slice(start, end), 36) - 1
  }
}

// Unpacked when first asked for: it takes some milliseconds, and a megabyte.
let listing: Listing | undefined

const listed = (name: string): number | undefined => (listing ??= new Listing()).codeOf(name)

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
