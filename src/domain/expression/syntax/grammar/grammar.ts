/**
 * Python 3.11's grammar of expressions as CPython runs it: once to accept, then, where it does not, once more with the
 * rules that say what is wrong. It accepts more than the evaluator does, and only judges.
 *
 * Source: docs.python.org/3.11/reference/grammar.html, and the messages CPython 3.11 gives.
 */
import { stringLiteral, truncatedByte } from "../literals.js"
import { Calls } from "./calls.js"
import type { Part, Rule } from "./recognizer.js"

const levels = new Map(
  [["|"], ["^"], ["&"], ["<<", ">>"], ["+", "-"], ["*", "/", "//", "%", "@"]].flatMap((symbols, index) =>
    symbols.map((symbol) => [symbol, index + 1] as const)
  )
)

const isBytes = (literal: string): boolean => /^[a-z]*b[a-z]*["']/i.test(literal)

const isFormatted = (literal: string): boolean => /^[a-z]*f[a-z]*["']/i.test(literal)

const relations = new Set(["==", "!=", "<", "<=", ">", ">=", "in", "not", "is"])

export class Grammar extends Calls {
  protected readonly expression: Rule = () =>
    this.remembered("expression", () => {
      this.diagnose(this.explainExpression)
      this.diagnose(this.explainPrint)
      return this.plainExpression()
    })

  protected plainExpression(): Part | undefined {
    const first = this.mark
    const value = this.disjunction()
    if (value === undefined) return this.lambda()
    if (
      this.take("if") && this.disjunction() !== undefined && this.take("else") && this.expression() !== undefined
    ) return this.part("conditional expression", first)
    this.mark = value.next
    return value
  }

  protected lambda(): Part | undefined {
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

  protected readonly explainExpression = (): void => {
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

  protected isPrint({ first, kind }: Part): boolean {
    return kind === "name" && ["print", "exec"].includes(this.tokens.at(first).value)
  }

  protected readonly explainPrint = (): void => {
    const name = this.name()
    if (name === undefined || this.at("(") || !this.separated(this.starExpression) || !this.isPrint(name)) return
    const { value } = this.tokens.at(name.first)
    this.tokens.failAt(`Missing parentheses in call to '${value}'. Did you mean ${value}(...)?`, name.first)
  }

  /** `item (word item)*`, which is itself if there is but one. */
  protected joined(word: string, item: Rule): Part | undefined {
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

  protected readonly disjunction: Rule = () => this.remembered("disjunction", this.alternatives)

  protected readonly alternatives: Rule = () => this.joined("or", this.conjunction)

  protected readonly conjunction: Rule = () => this.joined("and", this.inversion)

  protected readonly inversion: Rule = () =>
    this.remembered("inversion", () => {
      const first = this.mark
      if (this.take("not")) return this.inversion() === undefined ? undefined : this.part("expression", first)
      return this.comparison()
    })

  protected comparison(): Part | undefined {
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

  protected relation(): boolean {
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
  protected readonly sum: Rule = () => this.remembered("sum", this.whole)

  protected readonly whole: Rule = () => this.binary(0)

  protected binary(least: number): Part | undefined {
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

  protected readonly factor: Rule = () => this.remembered("factor", this.signed)

  protected readonly signed: Rule = () => {
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

  protected awaited(): Part | undefined {
    const first = this.mark
    if (!this.take("await")) return this.primary()
    if (this.primary() === undefined) return undefined
    this.late.push({ message: "'await' outside function", at: first, met: first })
    return this.part("await expression", first)
  }

  protected readonly primary: Rule = () => this.remembered("primary", this.trailed)

  protected readonly trailed: Rule = () => {
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
  protected trailer(): string | undefined {
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

  protected atom(): Part | undefined {
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

  private explainBytes(literal: string, index: number): void {
    if (/[^\0-\x7f]/.test(literal)) this.tokens.failAt("bytes can only contain ASCII literal characters", index)
    const place = truncatedByte(literal)
    if (place !== undefined) this.tokens.fail(`(value error) invalid \\x escape at position ${place}`)
  }

  protected strings(): Part | undefined {
    return this.remembered("strings", () => {
      const first = this.mark
      while (this.take("string"));
      const literals = this.tokens.range(first, this.mark).map(({ value }) => value)
      for (const [index, literal] of literals.entries()) {
        if (isBytes(literal)) this.explainBytes(literal, first + index)
        else if (!isFormatted(literal)) stringLiteral(literal, (message) => this.tokens.fail(message))
        if (isBytes(literal) !== isBytes(literals[0]!)) this.tokens.fail("cannot mix bytes and nonbytes literals")
      }
      return this.part(literals.some(isFormatted) ? "f-string expression" : "literal", first)
    })
  }
}
