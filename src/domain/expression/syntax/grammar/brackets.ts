/**
 * What stands in brackets: tuples, groups, lists, sets, dicts and their comprehensions.
 */
import { Items } from "./items.js"
import type { Part, Rule } from "./recognizer.js"

export abstract class Brackets extends Items {
  protected readonly tuple: Rule = () => {
    const first = this.mark
    this.mark++
    this.attempt(() => {
      if (this.starNamed() === undefined || !this.take(",")) return undefined
      this.starNamedList()
      return this.part("tuple", first)
    })
    return this.take(")") ? this.part("tuple", first) : undefined
  }

  protected readonly group: Rule = () => {
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

  protected yielded(): Part | undefined {
    const first = this.mark
    if (!this.take("yield")) return undefined
    this.late.push({ message: "'yield' outside function", at: first, met: first })
    if (this.take("from")) return this.expression() === undefined ? undefined : this.part("yield expression", first)
    if (this.attempt(() => this.separated(this.starExpression) ? this.part("tuple", first) : undefined)) this.take(",")
    return this.part("yield expression", first)
  }

  /** A positional argument that may be a generator's element. */
  protected argument(): Part | undefined {
    const assigned = this.assignment()
    if (assigned !== undefined) return assigned ?? undefined
    const value = this.expression()
    return value === undefined || this.at(":=") ? undefined : value
  }

  protected readonly generator: Rule = () => {
    const first = this.mark
    if (this.take("(") && this.argument() !== undefined && this.clauses() && this.take(")")) {
      return this.part("generator expression", first)
    }
    this.mark = first
    this.diagnose(this.explainComprehension)
    return undefined
  }

  protected readonly list: Rule = () => {
    const first = this.mark
    this.mark++
    this.starNamedList()
    return this.take("]") ? this.part("list", first) : undefined
  }

  protected readonly listComprehension: Rule = () => {
    const first = this.mark
    this.mark++
    if (this.named() !== undefined && this.clauses() && this.take("]")) return this.part("list comprehension", first)
    this.mark = first
    this.diagnose(this.explainComprehension)
    return undefined
  }

  protected readonly set: Rule = () => {
    const first = this.mark
    this.mark++
    return this.starNamedList() && this.take("}") ? this.part("set display", first) : undefined
  }

  protected readonly setComprehension: Rule = () => {
    const first = this.mark
    this.mark++
    if (this.named() !== undefined && this.clauses() && this.take("}")) return this.part("set comprehension", first)
    this.mark = first
    this.diagnose(this.explainComprehension)
    return undefined
  }

  protected readonly dict: Rule = () => {
    const first = this.mark
    this.mark++
    this.attempt(() => this.separated(this.pair) ? (this.take(","), this.part("dict literal", first)) : undefined)
    if (this.take("}")) return this.part("dict literal", first)
    this.mark = first
    this.diagnose(this.explainPairs)
    return undefined
  }

  protected readonly dictComprehension: Rule = () => {
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

  protected readonly pair: Rule = () => {
    const first = this.mark
    if (this.take("**")) return this.sum() === undefined ? undefined : this.part("pair", first)
    return this.keyValue()
  }

  protected keyValue(): Part | undefined {
    const first = this.mark
    return this.expression() !== undefined && this.take(":") && this.expression() !== undefined
      ? this.part("pair", first)
      : undefined
  }

  protected readonly explainPairs = (): void => {
    const first = ++this.mark
    if (this.attempt(() => this.separated(this.pair) ? this.part("pairs", first) : undefined) && this.take(",")) {
      this.explainPair()
    }
    this.mark = first
    this.explainValue()
  }

  protected explainPair(): void {
    const first = this.mark
    if (this.expression() !== undefined && !this.at(":")) {
      this.tokens.failBefore("':' expected after dictionary key", this.mark)
    }
    this.mark = first
    this.explainValue()
  }

  protected explainValue(): void {
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
}
