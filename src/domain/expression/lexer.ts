/**
 * Words of an expression, by the rules of CPython 3.11's tokenizer, in whose words and at whose columns it fails.
 * A token's kind is its own text for operators and keywords.
 */
import * as literals from "./literals.js"
import { syntaxError } from "./raise.js"

const keywords = new Set(
  ("False None True and as assert async await break class continue def del elif else except finally for from global if " +
    "import in is lambda nonlocal not or pass raise return try while with yield").split(" ")
)

const operators = new Map(
  Object.entries({
    "*": ["**=", "**", "*=", "*"],
    "/": ["//=", "//", "/=", "/"],
    "<": ["<<=", "<<", "<=", "<>", "<"],
    ">": [">>=", ">>", ">=", ">"],
    "=": ["==", "="],
    "!": ["!=", "!"],
    "-": ["->", "-=", "-"],
    "+": ["+=", "+"],
    "%": ["%=", "%"],
    "&": ["&=", "&"],
    "|": ["|=", "|"],
    "^": ["^=", "^"],
    "@": ["@=", "@"],
    ":": [":=", ":"],
    ".": ["...", "."]
  })
)

const openers = new Map([[")", "("], ["]", "["], ["}", "{"]])

const wordCharacter = /[A-Za-z0-9_\u0080-\uffff]/
const asciiWord = /[A-Za-z0-9_]/
const blank = /[ \t\f]*/y
const wordTail = /[A-Za-z0-9_\u0080-\uffff]*/y
const stringStart = /(?:[bB][rR]?|[rR][bBfF]?|[fF][rR]?|[uU])?["']/y
const identifier = /^[\p{XIDS}_][\p{XIDC}]*/u
const keywordAfterNumber = /(?:and|else|for|or|not)(?![\w\u0080-\uffff])|i[fns]/y
const printable = /^[^\p{Z}\p{C}]$/u

const isDigit = (code: number): boolean => code >= 48 && code <= 57

/** As `eval` reads a text: without the spaces before it, and with its line ends made one. */
export const normalized = (text: string): string => text.replace(/^[ \t]+/, "").replace(/\r\n?/g, "\n")

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
    if (isDigit(code)) this.number(at)
    else if (code === 46 && isDigit(text.charCodeAt(at + 1))) this.fraction(at + 1)
    else if (Number.isNaN(code)) this.finish()
    else if (code === 10) {
      this.lineStart = true
      this.start = comment ?? at
      this.token("newline", at + 1)
    } else if (wordCharacter.test(text.charAt(at))) this.word(at)
    else if (code === 34 || code === 39) this.string(at)
    else this.operator(at)
  }

  get value(): string {
    return this.text.slice(this.start, this.end)
  }

  /** Fails at a column, counted as CPython counts: in characters from the line's start, up to `consumed`. */
  fail(message: string, consumed: number): never {
    const { column, line } = this.position(consumed)
    return syntaxError(message, line, column)
  }

  position(offset: number): { readonly line: number; readonly column: number } {
    const before = this.text.slice(0, offset)
    const line = before.split("\n")
    return { line: line.length, column: Array.from(line.at(-1) ?? "").length }
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
    stringStart.lastIndex = at
    if (stringStart.test(this.text)) return this.string(stringStart.lastIndex - 1)
    wordTail.lastIndex = at
    wordTail.test(this.text)
    const end = wordTail.lastIndex
    const name = this.text.slice(at, end)
    const valid = identifier.exec(name)?.[0] ?? ""
    if (valid !== name) {
      const character = String.fromCodePoint(name.codePointAt(valid.length) ?? 0)
      this.invalidCharacter(character, at + valid.length + character.length)
    }
    this.token(keywords.has(name) ? name : "name", end)
  }

  private invalidCharacter(character: string, consumed: number): never {
    const code = (character.codePointAt(0) ?? 0).toString(16).toUpperCase().padStart(4, "0")
    return printable.test(character)
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

  private operator(at: number): void {
    const character = this.text.charAt(at)
    if ("([{".includes(character)) {
      if (this.open.length >= this.brackets) this.fail("too many nested parentheses", at + 1)
      this.open.push(at)
    } else if (openers.has(character)) this.close(character, at)
    else if (!printable.test(character)) this.invalidCharacter(character, at + 1)
    const kind = operators.get(character)?.find((operator) => this.text.startsWith(operator, at)) ?? character
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
    const { text } = this
    if (text.charAt(at) === "0") {
      const letter = text.charAt(at + 1).toLowerCase()
      if (letter === "x") return this.based(at, "hexadecimal", /[0-9a-f]/i)
      if (letter === "o") return this.based(at, "octal", /[0-7]/)
      if (letter === "b") return this.based(at, "binary", /[01]/)
      return this.zero(at)
    }
    this.decimal(this.digits(at))
  }

  private based(at: number, kind: string, digit: RegExp): void {
    const { text } = this
    let end = at + 2
    do {
      if (text.charAt(end) === "_") end++
      this.rejectDigit(end, kind, digit)
      if (!digit.test(text.charAt(end))) this.fail(`invalid ${kind} literal`, end)
      while (digit.test(text.charAt(end))) end++
    } while (text.charAt(end) === "_")
    this.rejectDigit(end, kind, digit)
    this.endNumber(end, kind)
  }

  private rejectDigit(at: number, kind: string, digit: RegExp): void {
    const character = this.text.charAt(at)
    if (isDigit(this.text.charCodeAt(at)) && !digit.test(character)) {
      this.fail(`invalid digit '${character}' in ${kind} literal`, at + 1)
    }
  }

  /** Zeros may lead a float, or stand alone, but not lead an integer. */
  private zero(at: number): void {
    const { text } = this
    let end = at + 1
    for (;;) {
      if (text.charAt(end) === "_") {
        end++
        if (!isDigit(text.charCodeAt(end))) this.fail("invalid decimal literal", end)
      }
      if (text.charAt(end) !== "0") break
      end++
    }
    const leading = isDigit(text.charCodeAt(end))
    if (leading) end = this.digits(end)
    if (leading && !/[.ej]/i.test(text.charAt(end))) {
      this.fail(
        "leading zeros in decimal integer literals are not permitted; use an 0o prefix for octal integers",
        at + 1
      )
    }
    this.decimal(end)
  }

  private digits(from: number): number {
    const { text } = this
    let at = from
    for (;;) {
      while (isDigit(text.charCodeAt(at))) at++
      if (text.charAt(at) !== "_") return at
      at++
      if (!isDigit(text.charCodeAt(at))) this.fail("invalid decimal literal", at)
    }
  }

  private decimal(end: number): void {
    if (this.text.charCodeAt(end) === 46) this.fraction(end + 1)
    else this.exponent(end)
  }

  private fraction(at: number): void {
    this.exponent(isDigit(this.text.charCodeAt(at)) ? this.digits(at) : at)
  }

  private exponent(at: number): void {
    const { text } = this
    let end = at
    const letter = text.charCodeAt(at)
    if (letter === 101 || letter === 69) {
      const signed = text.charAt(at + 1) === "+" || text.charAt(at + 1) === "-"
      end = signed ? at + 2 : at + 1
      if (!isDigit(text.charCodeAt(end))) {
        if (signed) this.fail("invalid decimal literal", end)
        return this.endNumber(at, "decimal")
      }
      end = this.digits(end)
    }
    const suffix = text.charCodeAt(end)
    if (suffix === 106 || suffix === 74) this.endNumber(end + 1, "imaginary")
    else this.endNumber(end, "decimal")
  }

  private endNumber(end: number, kind: string): void {
    if (asciiWord.test(this.text.charAt(end))) {
      keywordAfterNumber.lastIndex = end
      if (!keywordAfterNumber.test(this.text)) this.fail(`invalid ${kind} literal`, end)
    }
    this.token("number", end)
    if (kind === "decimal" && end - this.start > literals.digitLimit) this.rejectLength()
  }

  private rejectLength(): void {
    const digits = this.value.replaceAll("_", "")
    if (/^\d+$/.test(digits) && digits.length > literals.digitLimit) {
      const { line } = this.position(this.start)
      syntaxError(
        `${literals.tooManyDigits(digits.length)} - Consider hexadecimal for huge integer literals to avoid decimal ` +
          "conversion limits.",
        line,
        0
      )
    }
  }
}
