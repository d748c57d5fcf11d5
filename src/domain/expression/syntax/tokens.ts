/**
 * The tokens of a text as a parser that looks ahead and goes back sees them, and the errors told at them.
 */
import { syntaxError } from "../raise.js"
import type { Lexer } from "./lexer.js"

export interface Token {
  readonly kind: string
  readonly value: string
  readonly start: number
  /** Brackets open after it. */
  readonly level: number
}

export class Tokens {
  private readonly lexer: Lexer
  private readonly read: Array<Token> = []

  constructor(lexer: Lexer) {
    this.lexer = lexer
  }

  /** Where the furthest token looked at starts. */
  get last(): number {
    return this.read.at(-1)?.start ?? 0
  }

  indexOf(start: number): number {
    let index = 0
    while (this.at(index).start !== start) index++
    return index
  }

  at(index: number): Token {
    for (;;) {
      const token = this.read[index]
      if (token !== undefined) return token
      this.lexer.next()
      if (this.lexer.kind === "trouble" || this.lexer.kind === "indent") this.lexer.raiseTrouble()
      this.read.push({
        kind: this.lexer.kind,
        value: this.lexer.value,
        start: this.lexer.start,
        level: this.lexer.open.length
      })
    }
  }

  range(first: number, next: number): ReadonlyArray<Token> {
    return this.read.slice(first, next)
  }

  /** The newline and the end that were not written have no column. */
  private isImplied({ kind, start }: Token): boolean {
    return (kind === "newline" || kind === "end") && start === this.lexer.text.length
  }

  private raise(message: string, offset: number, column: number): never {
    const position = this.lexer.position(offset)
    if (!this.reachesEnd) this.readToEnd()
    return syntaxError(message, position.line, column)
  }

  /**
   * Whether the furthest token is the last. CPython's tokenizer, which looks one character ahead, has met the end of the text
   * then, and an error that says what is wrong stands, whatever bracket is open.
   */
  private get reachesEnd(): boolean {
    const { start, value } = this.at(this.read.length - 1)
    return start + value.length >= this.lexer.text.length
  }

  /** Fails at the start of a token, over nothing in particular. */
  failPlainly(index: number): never {
    this.readToEnd()
    return this.failAt("invalid syntax", index)
  }

  /** Fails at the start of a token. What is wrong with a token further on is told instead. */
  failAt(message: string, index: number): never {
    const token = this.at(index)
    if (this.isImplied(token)) return this.raise(message, this.lexer.text.replace(/\n$/, "").length, 0)
    return this.raise(message, token.start, this.lexer.position(token.start).column + 1)
  }

  /** Fails at the start of a token as the compiler does, which comes after the parser. */
  failLate(message: string, index: number): never {
    const { start } = this.at(index)
    return this.raise(message, start, this.lexer.byteColumn(start) + 1)
  }

  /** Fails at the last character before a token. */
  failBefore(message: string, index: number): never {
    const { start, value } = this.at(index - 1)
    const end = start + value.length
    return this.raise(message, end, this.lexer.position(end).column)
  }

  /** Fails at the last token looked at. */
  fail(message: string): never {
    const token = this.at(this.read.length - 1)
    const { column } = this.lexer.position(token.start)
    return this.raise(message, token.start, this.isImplied(token) ? column : column + 1)
  }

  private readToEnd(): void {
    const last = this.lexer.position(this.read.at(-1)?.start ?? 0).line
    while (this.lexer.kind !== "end" && this.lexer.kind !== "trouble") this.lexer.next()
    const opener = this.lexer.open.at(-1)
    if (opener !== undefined && last > this.lexer.position(opener).line) this.lexer.unclosed()
  }
}
