/**
 * Python 3.11's grammar of expressions as CPython runs it: ordered choices with memory, then, where they fail, once
 * more with the rules whose only purpose is to say what is wrong. It accepts more than the evaluator does, and only
 * judges.
 *
 * Source: docs.python.org/3.11/reference/grammar.html, and the messages CPython 3.11 gives.
 */
import { stringLiteral } from "./spelling.js"
import type { Tokens } from "./tokens.js"

/** A part of the text: what Python calls it, its first token, and the one after it. */
export interface Part {
  readonly kind: string
  readonly first: number
  readonly next: number
}

type Rule = () => Part | undefined

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

const levels = new Map(
  [["|"], ["^"], ["&"], ["<<", ">>"], ["+", "-"], ["*", "/", "//", "%", "@"]].flatMap((symbols, index) =>
    symbols.map((symbol) => [symbol, index + 1] as const)
  )
)

const isBytes = (literal: string): boolean => /^[a-z]*b[a-z]*["']/i.test(literal)

const isFormatted = (literal: string): boolean => /^[a-z]*f[a-z]*["']/i.test(literal)

const relations = new Set(["==", "!=", "<", "<=", ">", ">=", "in", "not", "is"])

const targets = new Set(["name", "attribute", "subscript", "tuple", "list", "starred"])

/** Remembered rules inside one another, a bracket being some seven: what a small stack holds. */
const deepest = 400

/** Thrown by a text nested too deep to judge. */
export const tooDeep = Symbol("too deep")

export class Grammar {
  private readonly tokens: Tokens
  private memory = blank()
  private mark = 0
  private depth = 0
  private explain = false
  private lastArgument: number | undefined
  /** What the compiler, not the parser, would reject. */
  private readonly late: Array<{ readonly message: string; readonly at: number }> = []

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
    const [first] = this.late.toSorted((left, right) => left.at - right.at)
    if (first !== undefined) this.tokens.failAt(first.message, first.at)
  }

  /** Fails as CPython does where the first token it can make nothing of starts at `stop`. */
  explainAt(stop: number): never {
    this.explain = true
    this.input()
    return this.tokens.failAt("invalid syntax", this.tokens.indexOf(stop))
  }

  private at(kind: string): boolean {
    return this.tokens.at(this.mark).kind === kind
  }

  private take(kind: string): boolean {
    if (!this.at(kind)) return false
    this.mark++
    return true
  }

  private part(kind: string, first: number): Part {
    return { kind, first, next: this.mark }
  }

  /** Goes back where it fails. */
  private attempt(rule: Rule): Part | undefined {
    const start = this.mark
    const part = rule()
    if (part === undefined) this.mark = start
    return part
  }

  private choice(...rules: ReadonlyArray<Rule>): Part | undefined {
    for (const rule of rules) {
      const part = this.attempt(rule)
      if (part !== undefined) return part
    }
    return undefined
  }

  private remembered(name: Remembered, rule: Rule): Part | undefined {
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
  private sees(rule: Rule): boolean {
    const start = this.mark
    const seen = rule() !== undefined
    this.mark = start
    return seen
  }

  /** A rule that matches only to raise. */
  private diagnose(rule: () => void): void {
    if (!this.explain) return
    const start = this.mark
    rule()
    this.mark = start
  }

  private separated(item: Rule): boolean {
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

  private readonly name: Rule = () => {
    const first = this.mark
    return this.take("name") ? this.part("name", first) : undefined
  }

  private readonly expression: Rule = () =>
    this.remembered("expression", () => {
      this.diagnose(this.explainExpression)
      this.diagnose(this.explainPrint)
      return this.plainExpression()
    })

  private plainExpression(): Part | undefined {
    const first = this.mark
    const value = this.disjunction()
    if (value === undefined) return this.lambda()
    if (
      this.take("if") && this.disjunction() !== undefined && this.take("else") && this.expression() !== undefined
    ) return this.part("conditional expression", first)
    this.mark = value.next
    return value
  }

  private lambda(): Part | undefined {
    const first = this.mark
    if (!this.take("lambda")) return undefined
    while (!this.at(":")) {
      const doubled = this.take("**")
      const starred = doubled || this.take("*")
      if (!starred && this.mark > first + 1 && this.take("/")) {
        if (!this.take(",")) break
        continue
      }
      const named = this.take("name")
      if (!named && (doubled || !starred)) return undefined
      if (named && this.take("=") && this.expression() === undefined) return undefined
      if (!this.take(",")) break
    }
    return this.take(":") && this.expression() !== undefined ? this.part("lambda", first) : undefined
  }

  private readonly explainExpression = (): void => {
    const first = this.mark
    const { kind, value } = this.tokens.at(first)
    // CPython compares no further than the name goes, so `ma` counts as `match`.
    const isSoft = ["_", "case", "match"].some((keyword) => keyword.startsWith(value))
    if (kind !== "name" || (!isSoft && this.tokens.at(first + 1).kind !== "string")) {
      const left = this.disjunction()
      if (left !== undefined) {
        const explain = this.explain
        this.explain = false
        const right = this.attempt(() => this.plainExpression())
        this.explain = explain
        if (right !== undefined && !this.isPrint(left) && this.tokens.at(this.mark - 1).level > 0) {
          this.tokens.failAt("invalid syntax. Perhaps you forgot a comma?", left.first)
        }
      }
    }
    this.mark = first
    const chosen = this.disjunction()
    if (
      chosen !== undefined && this.take("if") && this.disjunction() !== undefined && !this.at("else") && !this.at(":")
    ) this.tokens.failAt("expected 'else' after 'if' expression", chosen.first)
  }

  private isPrint({ first, kind }: Part): boolean {
    return kind === "name" && ["print", "exec"].includes(this.tokens.at(first).value)
  }

  private readonly explainPrint = (): void => {
    const name = this.name()
    if (name === undefined || this.at("(") || !this.separated(this.starExpression) || !this.isPrint(name)) return
    const { value } = this.tokens.at(name.first)
    this.tokens.failAt(`Missing parentheses in call to '${value}'. Did you mean ${value}(...)?`, name.first)
  }

  /** `item (word item)*`, which is itself if there is but one. */
  private joined(word: string, item: Rule): Part | undefined {
    const first = this.mark
    let result = item()
    while (result !== undefined && this.take(word)) {
      if (item() === undefined) {
        this.mark = result.next
        break
      }
      result = this.part("expression", first)
    }
    return result
  }

  private readonly disjunction: Rule = () => this.remembered("disjunction", this.alternatives)

  private readonly alternatives: Rule = () => this.joined("or", this.conjunction)

  private readonly conjunction: Rule = () => this.joined("and", this.inversion)

  private readonly inversion: Rule = () =>
    this.remembered("inversion", () => {
      const first = this.mark
      if (this.take("not")) return this.inversion() === undefined ? undefined : this.part("expression", first)
      return this.comparison()
    })

  private comparison(): Part | undefined {
    const first = this.mark
    let result = this.sum()
    while (result !== undefined && this.relation()) {
      if (this.sum() === undefined) {
        this.mark = result.next
        break
      }
      result = this.part("comparison", first)
    }
    return result
  }

  private relation(): boolean {
    const start = this.mark
    const { kind } = this.tokens.at(start)
    if (!relations.has(kind)) return false
    this.mark++
    if (kind === "is") this.take("not")
    if (kind !== "not" || this.take("in")) return true
    this.mark = start
    return false
  }

  /** `bitwise_or`, and all that binds tighter. */
  private readonly sum: Rule = () => this.remembered("sum", this.whole)

  private readonly whole: Rule = () => this.binary(0)

  private binary(least: number): Part | undefined {
    const first = this.mark
    let result = this.factor()
    while (result !== undefined) {
      const operator = this.mark
      const level = levels.get(this.tokens.at(operator).kind) ?? 0
      if (level <= least) break
      this.mark++
      if (this.binary(level) === undefined) {
        this.mark = operator
        break
      }
      result = this.part("expression", first)
    }
    return result
  }

  private readonly factor: Rule = () => this.remembered("factor", this.signed)

  private readonly signed: Rule = () => {
    const first = this.mark
    if (this.take("+") || this.take("-") || this.take("~")) {
      return this.factor() === undefined ? undefined : this.part("expression", first)
    }
    const base = this.awaited()
    if (base === undefined || !this.take("**")) return base
    if (this.factor() !== undefined) return this.part("expression", first)
    this.mark = base.next
    return base
  }

  private awaited(): Part | undefined {
    const first = this.mark
    if (!this.take("await")) return this.primary()
    if (this.primary() === undefined) return undefined
    this.late.push({ message: "'await' outside function", at: first })
    return this.part("await expression", first)
  }

  private readonly primary: Rule = () => this.remembered("primary", this.trailed)

  private readonly trailed: Rule = () => {
    const first = this.mark
    let result = this.atom()
    while (result !== undefined) {
      const kind = this.trailer()
      if (kind === undefined) {
        this.mark = result.next
        break
      }
      result = this.part(kind, first)
    }
    return result
  }

  /** What comes after an atom, by the name of the whole. */
  private trailer(): string | undefined {
    switch (this.tokens.at(this.mark).kind) {
      case ".":
        this.mark++
        return this.take("name") ? "attribute" : undefined
      case "(": {
        const start = this.mark
        if (this.generator() !== undefined) return "function call"
        this.mark = start + 1
        this.arguments()
        return this.take(")") ? "function call" : undefined
      }
      case "[":
        this.diagnose(this.explainComprehension)
        this.mark++
        return this.slices() && this.take("]") ? "subscript" : undefined
      case "{":
        this.diagnose(this.explainComprehension)
    }
    return undefined
  }

  private atom(): Part | undefined {
    const first = this.mark
    switch (this.tokens.at(first).kind) {
      case "name":
        return this.name()
      case "True":
      case "False":
      case "None":
        this.mark++
        return this.part(this.tokens.at(first).kind, first)
      case "number":
        this.mark++
        return this.part("literal", first)
      case "...":
        this.mark++
        return this.part("ellipsis", first)
      case "string":
        return this.strings()
      case "(":
        return this.choice(this.tuple, this.group, this.generator)
      case "[":
        return this.choice(this.list, this.listComprehension)
      case "{":
        return this.choice(this.dict, this.set, this.dictComprehension, this.setComprehension)
      default:
        return undefined
    }
  }

  private strings(): Part | undefined {
    return this.remembered("strings", () => {
      const first = this.mark
      while (this.take("string"));
      const literals = this.tokens.range(first, this.mark).map(({ value }) => value)
      if (literals.some(isBytes) && !literals.every(isBytes)) {
        this.tokens.fail("cannot mix bytes and nonbytes literals")
      }
      for (const literal of literals) {
        if (isBytes(literal)) {
          if (/[^\0-\x7f]/.test(literal)) {
            this.tokens.failAt("bytes can only contain ASCII literal characters", first)
          }
        } else if (!isFormatted(literal)) stringLiteral(literal, (message) => this.tokens.fail(message))
      }
      return this.part(literals.some(isFormatted) ? "f-string expression" : "literal", first)
    })
  }

  private readonly tuple: Rule = () => {
    const first = this.mark
    this.mark++
    this.attempt(() => {
      if (this.starNamed() === undefined || !this.take(",")) return undefined
      this.starNamedList()
      return this.part("tuple", first)
    })
    return this.take(")") ? this.part("tuple", first) : undefined
  }

  private readonly group: Rule = () => {
    const first = this.mark
    this.mark++
    const inner = this.attempt(() => this.yielded() ?? this.named())
    if (inner !== undefined && this.take(")")) return { ...inner, next: this.mark }
    this.mark = first
    this.diagnose(() => {
      this.mark++
      const star = this.mark
      if (this.starred() !== undefined && this.at(")")) this.tokens.failAt("cannot use starred expression here", star)
      this.mark = star
      if (this.take("**") && this.expression() !== undefined && this.at(")")) {
        this.tokens.failAt("cannot use double starred expression here", star)
      }
    })
    return undefined
  }

  private yielded(): Part | undefined {
    const first = this.mark
    if (!this.take("yield")) return undefined
    this.late.push({ message: "'yield' outside function", at: first })
    if (this.take("from")) return this.expression() === undefined ? undefined : this.part("yield expression", first)
    if (this.attempt(() => this.separated(this.starExpression) ? this.part("tuple", first) : undefined)) this.take(",")
    return this.part("yield expression", first)
  }

  private readonly generator: Rule = () => {
    const first = this.mark
    if (this.take("(") && this.argument() !== undefined && this.clauses() && this.take(")")) {
      return this.part("generator expression", first)
    }
    this.mark = first
    this.diagnose(this.explainComprehension)
    return undefined
  }

  private readonly list: Rule = () => {
    const first = this.mark
    this.mark++
    this.starNamedList()
    return this.take("]") ? this.part("list", first) : undefined
  }

  private readonly listComprehension: Rule = () => {
    const first = this.mark
    this.mark++
    if (this.named() !== undefined && this.clauses() && this.take("]")) return this.part("list comprehension", first)
    this.mark = first
    this.diagnose(this.explainComprehension)
    return undefined
  }

  private readonly set: Rule = () => {
    const first = this.mark
    this.mark++
    return this.starNamedList() && this.take("}") ? this.part("set display", first) : undefined
  }

  private readonly setComprehension: Rule = () => {
    const first = this.mark
    this.mark++
    if (this.named() !== undefined && this.clauses() && this.take("}")) return this.part("set comprehension", first)
    this.mark = first
    this.diagnose(this.explainComprehension)
    return undefined
  }

  private readonly dict: Rule = () => {
    const first = this.mark
    this.mark++
    this.attempt(() => this.separated(this.pair) ? (this.take(","), this.part("dict literal", first)) : undefined)
    if (this.take("}")) return this.part("dict literal", first)
    this.mark = first
    this.diagnose(this.explainPairs)
    return undefined
  }

  private readonly dictComprehension: Rule = () => {
    const first = this.mark
    this.mark++
    if (this.keyValue() !== undefined && this.clauses() && this.take("}")) {
      return this.part("dict comprehension", first)
    }
    this.mark = first
    this.diagnose(() => {
      this.mark++
      const star = this.mark
      if (this.take("**") && this.sum() !== undefined && this.clauses() && this.at("}")) {
        this.tokens.failAt("dict unpacking cannot be used in dict comprehension", star)
      }
    })
    return undefined
  }

  private readonly pair: Rule = () => {
    const first = this.mark
    if (this.take("**")) return this.sum() === undefined ? undefined : this.part("pair", first)
    return this.keyValue()
  }

  private keyValue(): Part | undefined {
    const first = this.mark
    return this.expression() !== undefined && this.take(":") && this.expression() !== undefined
      ? this.part("pair", first)
      : undefined
  }

  private readonly explainPairs = (): void => {
    const first = ++this.mark
    if (this.attempt(() => this.separated(this.pair) ? this.part("pairs", first) : undefined) && this.take(",")) {
      this.explainPair()
    }
    this.mark = first
    this.explainValue()
  }

  private explainPair(): void {
    const first = this.mark
    if (this.expression() !== undefined && !this.at(":")) {
      this.tokens.failBefore("':' expected after dictionary key", this.mark)
    }
    this.mark = first
    this.explainValue()
  }

  private explainValue(): void {
    if (this.expression() === undefined || !this.take(":")) return
    const value = this.mark
    if (this.take("*") && this.sum() !== undefined) {
      this.tokens.failAt("cannot use a starred expression in a dictionary value", value)
    }
    this.mark = value
    if (this.at("}") || this.at(",")) {
      this.tokens.failAt("expression expected after dictionary key and ':'", value - 1)
    }
  }

  private starred(): Part | undefined {
    const first = this.mark
    return this.take("*") && this.expression() !== undefined ? this.part("starred", first) : undefined
  }

  private readonly starExpression: Rule = () => {
    const first = this.mark
    if (this.take("*")) return this.sum() === undefined ? undefined : this.part("starred", first)
    return this.expression()
  }

  private readonly starNamed: Rule = () => {
    const first = this.mark
    if (this.take("*")) return this.sum() === undefined ? undefined : this.part("starred", first)
    return this.named()
  }

  private starNamedList(): boolean {
    const first = this.mark
    const items = this.attempt(() => this.separated(this.starNamed) ? this.part("list", first) : undefined)
    if (items !== undefined) this.take(",")
    return items !== undefined
  }

  /** `name := value`, from which there is no way back. */
  private assignment(): Part | undefined | null {
    const first = this.mark
    if (this.take("name") && this.take(":=")) {
      return this.expression() === undefined ? null : this.part("named expression", first)
    }
    this.mark = first
    return undefined
  }

  private readonly named: Rule = () => {
    const assigned = this.assignment()
    if (assigned !== undefined) return assigned ?? undefined
    this.diagnose(this.explainNamed)
    const value = this.expression()
    return value === undefined || this.at(":=") ? undefined : value
  }

  private readonly explainNamed = (): void => {
    this.remembered("named", () => {
      const first = this.mark
      const value = this.expression()
      if (value !== undefined && this.take(":=") && this.expression() !== undefined) {
        this.tokens.failAt(`cannot use assignment expressions with ${value.kind}`, value.first)
      }
      this.mark = first
      const noFurther = (): boolean => !this.at("=") && !this.at(":=")
      if (this.take("name") && this.take("=") && this.sum() !== undefined && noFurther()) {
        this.tokens.failAt("invalid syntax. Maybe you meant '==' or ':=' instead of '='?", first)
      }
      this.mark = first
      const { kind } = this.tokens.at(first)
      if (["True", "False", "None"].includes(kind)) return undefined
      if (kind === "[" && this.sees(this.list)) return undefined
      if (kind === "(" && (this.sees(this.tuple) || this.sees(this.generator))) return undefined
      const target = this.sum()
      if (target !== undefined && this.take("=") && this.sum() !== undefined && noFurther()) {
        this.tokens.failAt(
          `cannot assign to ${target.kind} here. Maybe you meant '==' instead of '='?`,
          target.first
        )
      }
      return undefined
    })
  }

  private slices(): boolean {
    const first = this.mark
    if (this.attempt(this.slice) !== undefined && !this.at(",")) return true
    this.mark = first
    const item: Rule = () => this.choice(this.slice, () => this.starred())
    if (!this.separated(item)) return false
    this.take(",")
    return true
  }

  private readonly slice: Rule = () => {
    const first = this.mark
    this.attempt(this.expression)
    if (this.take(":")) {
      this.attempt(this.expression)
      if (this.take(":")) this.attempt(this.expression)
      return this.part("slice", first)
    }
    this.mark = first
    return this.named()
  }

  /** A positional argument that may be a generator's element. */
  private argument(): Part | undefined {
    const assigned = this.assignment()
    if (assigned !== undefined) return assigned ?? undefined
    const value = this.expression()
    return value === undefined || this.at(":=") ? undefined : value
  }

  private readonly positional: Rule = () => {
    if (this.at("*")) return this.starred()
    const value = this.argument()
    return value === undefined || this.at("=") ? undefined : value
  }

  private readonly keyword: Rule = () => {
    this.diagnose(this.explainKeyword)
    const first = this.mark
    if (this.at("*")) return this.starred()
    return this.take("name") && this.take("=") && this.expression() !== undefined
      ? this.part("keyword", first)
      : undefined
  }

  private readonly doubleKeyword: Rule = () => {
    this.diagnose(this.explainKeyword)
    const first = this.mark
    if (this.take("**") ? this.expression() : this.take("name") && this.take("=") && this.expression()) {
      return this.part("keyword", first)
    }
    return undefined
  }

  private readonly explainKeyword = (): void => {
    const first = this.mark
    const { kind } = this.tokens.at(first)
    if (["True", "False", "None"].includes(kind) && this.tokens.at(first + 1).kind === "=") {
      this.tokens.failAt(`cannot assign to ${kind}`, first)
    }
    if (this.take("name") && this.take("=")) {
      if (this.expression() !== undefined && this.clauses()) {
        this.tokens.failAt("invalid syntax. Maybe you meant '==' or ':=' instead of '='?", first)
      }
      return
    }
    this.mark = first
    const value = this.expression()
    if (value !== undefined && this.at("=")) {
      this.tokens.failAt("expression cannot contain assignment, perhaps you meant \"==\"?", value.first)
    }
  }

  private keywords(): boolean {
    const first = this.mark
    const plain = this.attempt(() => this.separated(this.keyword) ? this.part("keywords", first) : undefined)
    const afterPlain = this.mark
    if (plain !== undefined && !this.take(",")) return true
    const double = this.attempt(() => this.separated(this.doubleKeyword) ? this.part("keywords", first) : undefined)
    if (plain !== undefined && double === undefined) this.mark = afterPlain
    return plain !== undefined || double !== undefined
  }

  private readonly argumentList: Rule = () => {
    const first = this.mark
    const positional: Rule = () => {
      const part = this.positional()
      if (part !== undefined) this.lastArgument = part.first
      return part
    }
    const some = this.attempt(() => this.separated(positional) ? this.part("arguments", first) : undefined)
    if (some === undefined) return this.keywords() ? this.part("arguments", first) : undefined
    this.attempt(() => this.take(",") && this.keywords() ? this.part("arguments", first) : undefined)
    return this.part("arguments", first)
  }

  private arguments(): Part | undefined {
    return this.remembered("arguments", () => {
      const first = this.mark
      const given = this.attempt(this.argumentList)
      if (given !== undefined) {
        this.take(",")
        if (this.at(")")) {
          this.noteRepeated(first, this.mark)
          return this.part("arguments", first)
        }
      }
      this.mark = first
      this.diagnose(this.explainArguments)
      return undefined
    })
  }

  private noteRepeated(first: number, next: number): void {
    const level = this.tokens.at(first - 1).level
    const seen = new Set<string>()
    for (let index = first; index < next; index++) {
      const { kind, level: here, value } = this.tokens.at(index)
      if (kind !== "name" || here !== level || this.tokens.at(index + 1).kind !== "=") continue
      if (seen.has(value)) this.late.push({ message: `keyword argument repeated: ${value}`, at: index })
      seen.add(value)
    }
  }

  private readonly explainArguments = (): void => {
    const first = this.mark
    const again = (): void => {
      this.mark = first
    }
    const given = this.argumentList()
    if (given !== undefined && this.take(",") && this.at("*")) {
      this.tokens.failAt("iterable argument unpacking follows keyword argument unpacking", this.mark)
    }
    again()
    const element = this.expression()
    if (element !== undefined && this.clauses() && this.take(",")) {
      const more = this.attempt(this.argumentList)
      if (more !== undefined || this.at(")")) {
        this.tokens.failAt("Generator expression must be parenthesized", element.first)
      }
    }
    again()
    if (this.take("name") && this.take("=") && this.expression() !== undefined && this.clauses()) {
      this.tokens.failAt("invalid syntax. Maybe you meant '==' or ':=' instead of '='?", first)
    }
    again()
    if (this.argumentList() !== undefined && this.lastArgument !== undefined) {
      const { lastArgument } = this
      if (lastArgument !== first && this.clauses()) {
        this.tokens.failAt("Generator expression must be parenthesized", lastArgument)
      }
    }
    again()
    if (this.argumentList() !== undefined && this.take(",")) {
      const item = this.expression()
      if (item !== undefined && this.clauses()) {
        this.tokens.failAt("Generator expression must be parenthesized", item.first)
      }
    }
    again()
    if (this.argumentList() !== undefined && this.take(",") && this.argumentList() !== undefined) {
      const unpacked = this.tokens.range(first, this.mark).some(({ kind }) => kind === "**")
      this.tokens.fail(`positional argument follows keyword argument${unpacked ? " unpacking" : ""}`)
    }
  }

  private clauses(): boolean {
    let count = 0
    while (this.attempt(this.clause) !== undefined) count++
    return count > 0
  }

  private readonly clause: Rule = () => {
    const first = this.mark
    this.take("async")
    if (!this.take("for")) return undefined
    const start = this.mark
    if (this.targets() && this.take("in")) {
      if (this.disjunction() === undefined) return undefined
      while (
        this.attempt(() => this.take("if") && this.disjunction() !== undefined ? this.part("if", first) : undefined)
      );
      return this.part("clause", first)
    }
    this.mark = start
    this.diagnose(() => {
      if (!this.separated(this.starExpression)) return
      this.mark = start
      this.separated(() => {
        const target = this.sum()
        if (target !== undefined && !targets.has(target.kind)) {
          this.tokens.failAt(`cannot assign to ${target.kind}`, target.first)
        }
        return target
      })
    })
    return undefined
  }

  private targets(): boolean {
    const target: Rule = () => {
      this.take("*")
      const part = this.primary()
      return part !== undefined && targets.has(part.kind) ? part : undefined
    }
    if (!this.separated(target)) return false
    this.take(",")
    return true
  }

  private readonly explainComprehension = (): void => {
    const opener = this.tokens.at(this.mark).kind
    if (!["(", "[", "{"].includes(opener)) return
    this.mark++
    const first = this.mark
    if (this.starred() !== undefined && this.clauses()) {
      this.tokens.failAt("iterable unpacking cannot be used in comprehension", first)
    }
    this.mark = first
    if (opener === "(" || this.starNamed() === undefined || !this.take(",")) return
    this.starNamedList()
    if (this.clauses()) {
      this.tokens.failAt("did you forget parentheses around the comprehension target?", first)
    }
  }
}
