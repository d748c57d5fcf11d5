/**
 * Words of an expression, by the rules of CPython 3.11's tokenizer, in whose words and at whose columns it fails.
 * A token's kind is its own text for operators and keywords.
 */
import { unassigned } from "../assignedCharacters.js"
import { isDigit, isPrintable, isWord } from "../characters.js"
import { syntaxError } from "../raise.js"
import * as numberParsing from "../values/numberParsing.js"
import { numeralEnd } from "./numberTokens.js"

const keywords = new Set(
  ("False None True and as assert async await break class continue def del elif else except finally for from global if " +
    "import in is lambda nonlocal not or pass raise return try while with yield").split(" ")
)

/** Those that a first character may go on to, longest first. */
const longer = new Map(
  [
    "**= ** *=",
    "//= // /=",
    "<<= << <= <>",
    ">>= >> >=",
    "==",
    "!=",
    "-> -=",
    "+=",
    "%=",
    "&=",
    "|=",
    "^=",
    "@=",
    ":=",
    "..."
  ].map((operators) => [operators.charCodeAt(0), operators.split(" ")])
)

const openers = new Map([[")", "("], ["]", "["], ["}", "{"]])

const blank = /[ \t\f]*/y
const stringPrefix = /^(?:br?|r[bf]?|fr?|u)$/i
// Four characters may stand in names since Unicode 15.1.
const identifier = new RegExp(
  `^(?![${unassigned}])[\\p{XIDS}_](?:(?![${unassigned}\\u200c\\u200d\\u30fb\\uff65])\\p{XIDC})*`,
  "u"
)

/** As `eval` reads a text: without the spaces before it, and with its line ends made one. */
export const normalized = (text: string): string => {
  const stripped = text.startsWith(" ") || text.startsWith("\t") ? text.replace(/^[ \t]+/, "") : text
  return stripped.includes("\r") ? stripped.replace(/\r\n?/g, "\n") : stripped
}

export class Lexer {
  readonly text: string
  kind = ""
  start = 0
  end = 0
  /** Brackets open here, as offsets of their own. */
  readonly open: Array<number> = []
  private readonly brackets: number
  /** Raises what a token of the kind "trouble" or "indent" stands for. */
  raiseTrouble: () => never = () => this.fail("invalid syntax", this.start)
  private lineStart = true

  /** `text` is {@link normalized}. */
  constructor(text: string, brackets: number) {
    this.text = text
    this.brackets = brackets
  }

  /** Moves to the next token. */
  next(): void {
    const { text } = this
    const from = this.lineStart ? this.indentation(this.end) : this.end
    if (from === undefined) return
    let at = from
    let comment: number | undefined
    for (;;) {
      const code = text.charCodeAt(at)
      if (code === 32 || code === 9 || code === 12) at++
      else if (code === 35) {
        comment = at
        at = this.lineEnd(at)
      } else if (code === 10 && this.open.length > 0) at++
      else if (code === 92) {
        const next = this.continuation(at)
        if (next === undefined) return
        at = next
      } else break
    }
    this.start = at
    const code = text.charCodeAt(at)
    if (isDigit(code) || (code === 46 && isDigit(text.charCodeAt(at + 1)))) this.number(at)
    else if (isWord(code)) this.word(at)
    else if (code === 34 || code === 39) this.string(at)
    else if (Number.isNaN(code)) this.finish()
    else if (code === 10) {
      this.lineStart = true
      this.start = comment ?? at
      this.token("newline", at + 1)
    } else this.operator(at, code)
  }

  get value(): string {
    return this.text.slice(this.start, this.end)
  }

  /** Fails at a column, counted as CPython counts: in characters from the line's start, up to `consumed`. */
  fail(message: string, consumed: number, unit?: "bytes"): never {
    const { column, line } = this.position(consumed)
    return syntaxError(message, line, unit === undefined ? column : this.byteColumn(consumed))
  }

  position(offset: number): { readonly line: number; readonly column: number } {
    const before = this.text.slice(0, offset)
    const line = before.split("\n")
    return { line: line.length, column: Array.from(line.at(-1) ?? "").length }
  }

  /** The column in bytes of UTF-8, as CPython tells it where it forgets to make characters of them. */
  byteColumn(offset: number): number {
    return Buffer.byteLength(this.text.slice(this.text.lastIndexOf("\n", offset - 1) + 1, offset))
  }

  private token(kind: string, end: number): void {
    this.kind = kind
    this.end = end
  }

  private lineEnd(at: number): number {
    const end = this.text.indexOf("\n", at)
    return end === -1 ? this.text.length : end
  }

  /** Where the next line begins, blank ones left out, or undefined where it is indented: that is a token. */
  private indentation(from: number): number | undefined {
    const next = this.text.charCodeAt(from)
    if (next > 35) {
      this.lineStart = false
      return from
    }
    let at = from
    while (at < this.text.length) {
      blank.lastIndex = at
      const space = blank.exec(this.text)?.[0] ?? ""
      const first = at + space.length
      const character = this.text.charAt(first)
      if (character !== "\n" && character !== "#") {
        this.lineStart = false
        // A form feed starts the line anew.
        if (space.slice(space.lastIndexOf("\f") + 1) === "" || character === "\\") return first
        this.trouble("unexpected indent", first)
        this.kind = "indent"
        return undefined
      }
      at = this.lineEnd(first) + 1
    }
    return this.text.length
  }

  /** Where a line goes on, or undefined where it does not. */
  private continuation(at: number): number | undefined {
    const next = at + 1
    const { length } = this.text
    if (this.text.charAt(next) === "\n" && next + 1 < length) return next + 1
    if (next < length && this.text.charAt(next) === "\n") this.trouble("unexpected EOF while parsing", next, 1)
    else this.trouble("unexpected character after line continuation character", Math.min(next + 1, length))
    return undefined
  }

  /** An error only for whoever needs this token; for others the text ends here. */
  private trouble(message: string, consumed: number, beyond = 0): void {
    this.raiseTrouble = () => {
      const { column, line } = this.position(consumed)
      return syntaxError(message, line, column + beyond)
    }
    this.token("trouble", consumed)
  }

  /** The text ends with a newline, its own or implied, and then the end; or inside a bracket. */
  private finish(): void {
    if (this.open.length > 0) {
      this.raiseTrouble = () => this.unclosed()
      this.token("trouble", this.start)
    } else {this.token(
        this.kind === "newline" || this.kind === "end" || this.kind === "" ? "end" : "newline",
        this.start
      )}
  }

  unclosed(): never {
    const opener = this.open.at(-1) ?? 0
    return this.fail(`'${this.text.charAt(opener)}' was never closed`, opener + 1)
  }

  private word(at: number): void {
    const { text } = this
    let end = at
    let isAscii = true
    for (let code = text.charCodeAt(at); isWord(code); code = text.charCodeAt(++end)) isAscii &&= code < 128
    const name = text.slice(at, end)
    const next = text.charCodeAt(end)
    if ((next === 34 || next === 39) && stringPrefix.test(name)) return this.string(end)
    if (!isAscii) this.requireIdentifier(name, at)
    this.token(keywords.has(name) ? name : "name", end)
  }

  private requireIdentifier(name: string, at: number): void {
    const valid = identifier.exec(name)?.[0] ?? ""
    if (valid === name) return
    const character = String.fromCodePoint(name.codePointAt(valid.length) ?? 0)
    this.invalidCharacter(character, at + valid.length + character.length)
  }

  private invalidCharacter(character: string, consumed: number): never {
    const code = (character.codePointAt(0) ?? 0).toString(16).toUpperCase().padStart(4, "0")
    return isPrintable(character)
      ? this.fail(`invalid character '${character}' (U+${code})`, consumed)
      : this.fail(`invalid non-printable character U+${code}`, consumed)
  }

  private string(quoteAt: number): void {
    const { text } = this
    const quote = text.charAt(quoteAt)
    const triple = text.startsWith(quote.repeat(3), quoteAt)
    const close = triple ? quote.repeat(3) : quote
    let at = quoteAt + close.length
    while (!text.startsWith(close, at)) {
      if (at >= text.length || (!triple && text.charAt(at) === "\n")) {
        const { line } = this.position(Math.min(at, text.length))
        this.fail(
          `unterminated ${triple ? "triple-quoted " : ""}string literal (detected at line ${line})`,
          this.start + 1
        )
      }
      at += text.charAt(at) === "\\" ? 2 : 1
    }
    this.token("string", at + close.length)
  }

  private operator(at: number, code: number): void {
    const { text } = this
    const first = text.charAt(at)
    const kind = longer.get(code)?.find((operator) => text.startsWith(operator, at)) ?? first
    switch (first) {
      case "(":
      case "[":
      case "{":
        if (this.open.length >= this.brackets) this.fail("too many nested parentheses", at + 1)
        this.open.push(at)
        break
      case ")":
      case "]":
      case "}":
        this.close(first, at)
        break
      default:
        if (code < 32 || code === 127) this.invalidCharacter(first, at + 1)
    }
    this.token(kind, at + kind.length)
  }

  private close(closer: string, at: number): void {
    const openAt = this.open.pop()
    if (openAt === undefined) return this.fail(`unmatched '${closer}'`, at + 1)
    const opener = this.text.charAt(openAt)
    if (openers.get(closer) === opener) return
    const line = this.position(openAt).line
    const where = line === this.position(at).line ? "" : ` on line ${line}`
    this.fail(`closing parenthesis '${closer}' does not match opening parenthesis '${opener}'${where}`, at + 1)
  }

  private number(at: number): void {
    const end = numeralEnd(this.text, at, (message, consumed, unit) => this.fail(message, consumed, unit))
    this.token("number", end)
    if (end - at > numberParsing.digitLimit) this.rejectLength()
  }

  private rejectLength(): void {
    const digits = this.value.replaceAll("_", "")
    if (/^\d+$/.test(digits) && digits.length > numberParsing.digitLimit) {
      const { line } = this.position(this.start)
      syntaxError(
        `${
          numberParsing.tooManyDigits(digits.length)
        } - Consider hexadecimal for huge integer literals to avoid decimal ` +
          "conversion limits.",
        line,
        0
      )
    }
  }
}
