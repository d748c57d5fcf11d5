/**
 * What follows a value in brackets: a call's arguments, a subscript's slices.
 */
import type { Token } from "../tokens.js"
import { Brackets } from "./brackets.js"
import type { Part, Rule } from "./recognizer.js"

export abstract class Calls extends Brackets {
  private lastArgument: number | undefined

  protected slices(): boolean {
    const first = this.mark
    if (this.attempt(this.slice) !== undefined && !this.at(",")) return true
    this.mark = first
    const item: Rule = () => this.choice(this.slice, () => this.starred())
    if (!this.separated(item)) return false
    this.take(",")
    return true
  }

  protected readonly slice: Rule = () => {
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

  protected readonly positional: Rule = () => {
    if (this.at("*")) return this.starred()
    const value = this.argument()
    return value === undefined || this.at("=") ? undefined : value
  }

  protected readonly keyword: Rule = () => {
    this.diagnose(this.explainKeyword)
    const first = this.mark
    if (this.at("*")) return this.starred()
    return this.take("name") && this.take("=") && this.expression() !== undefined
      ? this.part("keyword", first)
      : undefined
  }

  protected readonly doubleKeyword: Rule = () => {
    this.diagnose(this.explainKeyword)
    const first = this.mark
    if (this.take("**") ? this.expression() : this.take("name") && this.take("=") && this.expression()) {
      return this.part("keyword", first)
    }
    return undefined
  }

  protected readonly explainKeyword = (): void => {
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

  protected keywords(): boolean {
    const first = this.mark
    const plain = this.attempt(() => this.separated(this.keyword) ? this.part("keywords", first) : undefined)
    const afterPlain = this.mark
    if (plain !== undefined && !this.take(",")) return true
    const double = this.attempt(() => this.separated(this.doubleKeyword) ? this.part("keywords", first) : undefined)
    if (plain !== undefined && double === undefined) this.mark = afterPlain
    return plain !== undefined || double !== undefined
  }

  protected readonly argumentList: Rule = () => {
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

  protected arguments(): Part | undefined {
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

  protected noteRepeated(first: number, next: number): void {
    const level = this.tokens.at(first - 1).level
    const places = new Map<string, Array<number>>()
    for (let index = first; index < next; index++) {
      const { kind, level: here, value } = this.tokens.at(index)
      if (kind !== "name" || here !== level || this.tokens.at(index + 1).kind !== "=") continue
      places.set(value, [...places.get(value) ?? [], index])
    }
    for (const [name, [, again]] of places) {
      if (again !== undefined) this.late.push({ message: `keyword argument repeated: ${name}`, at: again, met: first })
    }
  }

  /** The tokens of the arguments so far, and of none inside them. */
  private argumentTokens(first: number): ReadonlyArray<Token> {
    const own = this.tokens.at(first - 1).level
    return this.tokens.range(first, this.mark).filter(({ level }) => level === own)
  }

  private names(first: number): boolean {
    return this.argumentTokens(first).some(({ kind }) => kind === "=")
  }

  private unpacks(first: number): boolean {
    const tokens = this.argumentTokens(first)
    return tokens.some(({ kind }, index) => kind === "**" && (index === 0 || tokens[index - 1]!.kind === ","))
  }

  /** CPython takes arguments that all begin with a star for keywords, at first. */
  private isAllStarred(first: number): boolean {
    const tokens = this.argumentTokens(first)
    return tokens.every(({ kind }, index) => index > 0 && tokens[index - 1]!.kind !== "," || kind === "*")
  }

  protected readonly explainArguments = (): void => {
    const first = this.mark
    const again = (): void => {
      this.mark = first
    }
    const given = this.argumentList()
    const named = this.unpacks(first) || this.names(first) || this.isAllStarred(first)
    if (given !== undefined && named && this.take(",") && this.at("*")) {
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
      this.tokens.fail(`positional argument follows keyword argument${this.unpacks(first) ? " unpacking" : ""}`)
    }
  }
}
