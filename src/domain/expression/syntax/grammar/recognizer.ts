/**
 * What it takes to run a grammar of ordered choices, as CPython's parser does: a place in the tokens to go back to,
 * a memory of what each rule found, and rules whose only purpose is to say what is wrong.
 */
import type { Tokens } from "../tokens.js"

/** A part of the text: what Python calls it, its first token, and the one after it. */
export interface Part {
  readonly kind: string
  readonly first: number
  readonly next: number
}

export type Rule = () => Part | undefined

type Remembered =
  | "expression"
  | "disjunction"
  | "inversion"
  | "sum"
  | "factor"
  | "primary"
  | "strings"
  | "named"
  | "arguments"

/** What each rule found at each token: null where it was nothing. */
type Memory = { readonly [rule in Remembered]: Array<Part | null | undefined> }

const blank = (): Memory => ({
  expression: [],
  disjunction: [],
  inversion: [],
  sum: [],
  factor: [],
  primary: [],
  strings: [],
  named: [],
  arguments: []
})

/** Remembered rules inside one another, a bracket being some seven: what a small stack holds. */
const deepest = 400

/** Thrown by a text nested too deep to judge. */
export const tooDeep = Symbol("too deep")

/** An error that the compiler finds at one token, having met its cause at another. */
interface Late {
  readonly message: string
  readonly at: number
  readonly met: number
}

export abstract class Recognizer {
  protected readonly tokens: Tokens
  private memory = blank()
  protected mark = 0
  private depth = 0
  protected explain = false
  /** What the compiler, not the parser, would reject. */
  protected readonly late: Array<Late> = []

  protected abstract readonly expression: Rule

  constructor(tokens: Tokens) {
    this.tokens = tokens
  }

  /** Returns if the text is an expression, and otherwise fails as CPython would. */
  judge(): void {
    if (!this.input()) {
      this.mark = 0
      this.memory = blank()
      return this.explainAt(this.tokens.last)
    }
    const [first] = this.late.toSorted((left, right) => left.met - right.met)
    if (first !== undefined) this.tokens.failLate(first.message, first.at)
  }

  /** Fails as CPython does where the first token it can make nothing of starts at `stop`. */
  explainAt(stop: number): never {
    this.explain = true
    this.input()
    return this.tokens.failPlainly(this.tokens.indexOf(stop))
  }

  protected at(kind: string): boolean {
    return this.tokens.at(this.mark).kind === kind
  }

  protected take(kind: string): boolean {
    if (!this.at(kind)) return false
    this.mark++
    return true
  }

  protected part(kind: string, first: number): Part {
    return { kind, first, next: this.mark }
  }

  /** Goes back where it fails. */
  protected attempt(rule: Rule): Part | undefined {
    const start = this.mark
    const part = rule()
    if (part === undefined) this.mark = start
    return part
  }

  protected choice(...rules: ReadonlyArray<Rule>): Part | undefined {
    for (const rule of rules) {
      const part = this.attempt(rule)
      if (part !== undefined) return part
    }
    return undefined
  }

  protected remembered(name: Remembered, rule: Rule): Part | undefined {
    const parts = this.memory[name]
    const { mark } = this
    const known = parts[mark]
    if (known !== undefined) {
      if (known !== null) this.mark = known.next
      return known ?? undefined
    }
    if (++this.depth > deepest) throw tooDeep
    const part = rule()
    if (part === undefined) this.mark = mark
    this.depth--
    parts[mark] = part ?? null
    return part
  }

  /** Whether a rule would match here. */
  protected sees(rule: Rule): boolean {
    const start = this.mark
    const seen = rule() !== undefined
    this.mark = start
    return seen
  }

  /** A rule that matches only to raise. */
  protected diagnose(rule: () => void): void {
    if (!this.explain) return
    const start = this.mark
    rule()
    this.mark = start
  }

  protected separated(item: Rule): boolean {
    if (item() === undefined) return false
    for (;;) {
      const before = this.mark
      if (!this.take(",") || this.attempt(item) === undefined) {
        this.mark = before
        return true
      }
    }
  }

  private input(): boolean {
    if (!this.separated(this.expression)) return false
    this.take(",")
    while (this.take("newline"));
    return this.at("end")
  }

  protected readonly name: Rule = () => {
    const first = this.mark
    return this.take("name") ? this.part("name", first) : undefined
  }
}
