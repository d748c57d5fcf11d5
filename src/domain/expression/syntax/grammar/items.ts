/**
 * The items of displays: starred ones, named ones, and the clauses of comprehensions.
 */
import { type Part, Recognizer, type Rule } from "./recognizer.js"

const targets = new Set(["name", "attribute", "subscript", "tuple", "list", "starred"])

export abstract class Items extends Recognizer {
  protected abstract readonly disjunction: Rule
  protected abstract readonly sum: Rule
  protected abstract readonly primary: Rule
  protected abstract readonly tuple: Rule
  protected abstract readonly list: Rule
  protected abstract readonly generator: Rule

  protected starred(): Part | undefined {
    const first = this.mark
    return this.take("*") && this.expression() !== undefined ? this.part("starred", first) : undefined
  }

  protected readonly starExpression: Rule = () => {
    const first = this.mark
    if (this.take("*")) return this.sum() === undefined ? undefined : this.part("starred", first)
    return this.expression()
  }

  protected readonly starNamed: Rule = () => {
    const first = this.mark
    if (this.take("*")) return this.sum() === undefined ? undefined : this.part("starred", first)
    return this.named()
  }

  protected starNamedList(): boolean {
    const first = this.mark
    const items = this.attempt(() => this.separated(this.starNamed) ? this.part("list", first) : undefined)
    if (items !== undefined) this.take(",")
    return items !== undefined
  }

  /** `name := value`, from which there is no way back. */
  protected assignment(): Part | undefined | null {
    const first = this.mark
    if (this.take("name") && this.take(":=")) {
      return this.expression() === undefined ? null : this.part("named expression", first)
    }
    this.mark = first
    return undefined
  }

  protected readonly named: Rule = () => {
    const assigned = this.assignment()
    if (assigned !== undefined) return assigned ?? undefined
    this.diagnose(this.explainNamed)
    const value = this.expression()
    return value === undefined || this.at(":=") ? undefined : value
  }

  protected readonly explainNamed = (): void => {
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

  protected clauses(): boolean {
    let count = 0
    while (this.attempt(this.clause) !== undefined) count++
    return count > 0
  }

  protected readonly clause: Rule = () => {
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
      this.separated(this.explainTarget)
    })
    return undefined
  }

  private readonly explainTarget: Rule = () => {
    const target = this.take("*") ? this.sum() : this.expression()
    if (target === undefined) return undefined
    this.requireTarget(target)
    this.mark = target.next
    return target
  }

  /** Fails at the first part that cannot be assigned to. */
  private requireTarget({ first, kind }: Part): void {
    this.mark = first
    if (kind === "comparison") {
      // Of `a in b` only the left is meant; no other comparison is looked into.
      const left = this.sum()
      if (left !== undefined && this.at("in")) this.requireTarget(left)
    } else if (kind === "tuple" || kind === "list") {
      this.mark++
      this.separated(this.explainTarget)
    } else if (!targets.has(kind)) this.tokens.failAt(`cannot assign to ${kind}`, first)
  }

  protected targets(): boolean {
    const target: Rule = () => {
      this.take("*")
      const part = this.primary()
      return part !== undefined && targets.has(part.kind) ? part : undefined
    }
    if (!this.separated(target)) return false
    this.take(",")
    return true
  }

  protected readonly explainComprehension = (): void => {
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
