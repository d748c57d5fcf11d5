/**
 * Precedence climbing from text to a {@link Program} in one pass. It accepts what Python accepts and the language
 * has; of a text it rejects it knows only where, and `diagnosis` finds Python's words for it.
 */
import type { Budget } from "../budget.js"
import { budgetExceeded, unsupported } from "../raise.js"
import * as program from "../run/program.js"
import { Assembler } from "./assembler.js"
import { Lexer } from "./lexer.js"
import { numberLiteral, stringLiteral, stringParts } from "./literals.js"

const comparisonLevel = 1
const powerLevel = 9
const unaryLevel = 8

interface Infix {
  readonly level: number
  readonly code: number
}

const levels: ReadonlyArray<ReadonlyArray<string>> = [
  ["|"],
  ["^"],
  ["&"],
  ["<<", ">>"],
  ["+", "-"],
  ["*", "/", "//", "%", "@"]
]

const infix = new Map<string, Infix>(
  program.binarySymbols.map((symbol, code) => {
    const level = levels.findIndex((symbols) => symbols.includes(symbol))
    return [symbol, { level: level === -1 ? powerLevel : level + 2, code }]
  })
)

const relation = new Map<string, number>(program.relationSymbols.map((symbol, code) => [symbol, code]))

const prefix = new Map<string, number>(program.unarySymbols.map((symbol, code) => [symbol, code]))

const assignment = /(?:[ \t\f\n]|\\\n|#.*\n)*=(?!=)/y

export class Parser {
  /** Whether it failed by its own judgement, and not over a token that no one could read. */
  judged = false
  /** Where it could make nothing of the text. */
  stop: number | undefined
  private readonly lexer: Lexer
  private readonly limit: number
  private depth = 0
  private readonly code = new Assembler()

  constructor(text: string, budget: Budget) {
    this.lexer = new Lexer(text, budget.brackets)
    this.limit = budget.depth
  }

  program(): program.Program {
    this.lexer.next()
    this.expressions("newline")
    while (this.lexer.kind === "newline") this.lexer.next()
    if (this.lexer.kind !== "end") this.reject()
    return this.code.program()
  }

  private at(kind: string): boolean {
    return this.lexer.kind === kind
  }

  private take(kind: string): boolean {
    if (this.lexer.kind !== kind) return false
    this.lexer.next()
    return true
  }

  private expect(kind: string): void {
    if (!this.take(kind)) this.reject()
  }

  /** Here the text stops being an expression. */
  private reject(): never {
    this.judged = true
    this.stop = this.lexer.start
    return this.lexer.fail("invalid syntax", this.lexer.start + 1)
  }

  /** What Python's parser takes, but not its compiler. */
  private rejectWhole(): never {
    this.judged = true
    return this.lexer.fail("invalid syntax", this.lexer.start + 1)
  }

  private refuse(feature: string): never {
    this.judged = true
    const { column, line } = this.lexer.position(this.lexer.start)
    return unsupported(feature, line, column + 1)
  }

  private enter(): void {
    if (++this.depth > this.limit) {
      budgetExceeded("depth", this.limit, `the expression nests more than ${this.limit} deep`)
    }
  }

  /** One expression, or several with commas as a tuple. */
  private expressions(closer: string): void {
    this.item()
    if (this.at(",")) this.code.emit(program.TUPLE, this.rest(closer, 1))
  }

  /** The rest of a comma-separated list, up to but not including its closer. Gives the count. */
  private rest(closer: string, first: number): number {
    let count = first
    while (this.take(",")) {
      if (this.at(closer) || this.at("end")) break
      this.item()
      count++
    }
    return count
  }

  private item(): void {
    if (this.at("*")) this.refuse("a starred item is")
    this.expression()
    this.refuseSuffix()
  }

  private refuseSuffix(): void {
    if (this.at("for") || this.at("async")) this.refuse("a comprehension is")
    if (this.at(":=") && this.lexer.open.length > 0) this.refuse("`:=` is")
  }

  private expression(): void {
    const start = this.code.length
    this.disjunction()
    if (!this.take("if")) return
    // The condition is evaluated first, so the code of the first branch moves behind it.
    const branch = this.code.cut(start)
    this.disjunction()
    const otherwise = this.code.jump(program.BRANCH)
    this.code.paste(branch)
    const end = this.code.jump(program.JUMP)
    otherwise()
    this.expect("else")
    this.enter()
    this.expression()
    this.depth--
    end()
  }

  private disjunction(): void {
    this.conjunction()
    const ends: Array<() => void> = []
    while (this.take("or")) {
      ends.push(this.code.jump(program.OR))
      this.conjunction()
    }
    for (const end of ends) end()
  }

  private conjunction(): void {
    this.inversion()
    const ends: Array<() => void> = []
    while (this.take("and")) {
      ends.push(this.code.jump(program.AND))
      this.inversion()
    }
    for (const end of ends) end()
  }

  private inversion(): void {
    if (!this.take("not")) return this.comparison()
    this.enter()
    this.inversion()
    this.code.emit(program.UNARY, prefix.get("not") ?? 0)
    this.depth--
  }

  private comparison(): void {
    this.binary(comparisonLevel)
    const ends: Array<() => void> = []
    let code = this.relation()
    while (code !== undefined) {
      this.binary(comparisonLevel)
      const next = this.relation()
      this.code.emit(next === undefined ? program.COMPARE : program.CHAIN, code)
      if (next !== undefined) ends.push(this.code.jump(program.JUMP))
      code = next
    }
    for (const end of ends) end()
  }

  private relation(): number | undefined {
    const { kind } = this.lexer
    const code = relation.get(kind)
    if (code === undefined && kind !== "not") return undefined
    this.lexer.next()
    if (kind === "not") {
      this.expect("in")
      return relation.get("not in")
    }
    return kind === "is" && this.take("not") ? relation.get("is not") : code
  }

  private binary(level: number): void {
    this.operand()
    for (;;) {
      const operator = infix.get(this.lexer.kind)
      if (operator === undefined || operator.level <= level) return
      this.lexer.next()
      if (operator.level === powerLevel) {
        this.enter()
        this.binary(unaryLevel)
        this.depth--
      } else this.binary(operator.level)
      this.code.emit(program.BINARY, operator.code)
    }
  }

  private operand(): void {
    const { kind } = this.lexer
    const code = kind === "not" ? undefined : prefix.get(kind)
    if (code === undefined) return this.primary()
    this.lexer.next()
    this.enter()
    this.binary(unaryLevel)
    this.code.emit(program.UNARY, code)
    this.depth--
  }

  private primary(): void {
    this.atom()
    for (;;) {
      if (this.take(".")) this.attribute()
      else if (this.at("(")) this.call()
      else if (this.take("[")) {
        this.subscripts()
        this.expect("]")
        this.code.emit(program.SUBSCRIPT, 0)
      } else return
    }
  }

  private attribute(): void {
    if (!this.at("name")) this.reject()
    const name = this.lexer.value.normalize("NFKC")
    if (/^__.*__$/.test(name)) this.refuse(`the attribute ${name} is`)
    this.lexer.next()
    this.code.name(name, program.ATTRIBUTE)
  }

  private call(): void {
    this.lexer.next()
    const names: Array<string> = []
    let count = 0
    while (!this.at(")")) {
      if (this.at("*") || this.at("**")) this.refuse("a starred argument is")
      const name = this.argumentName()
      if (name === undefined && names.length > 0) {
        // A name could be a keyword's, until what follows tells.
        this.take("name")
        this.reject()
      }
      if (name !== undefined && names.includes(name)) this.rejectWhole()
      if (name !== undefined) names.push(name)
      this.expression()
      this.refuseSuffix()
      count++
      if (!this.take(",")) break
    }
    this.expect(")")
    if (names.length > 0) this.code.keywords(names)
    this.code.emit(program.CALL, count)
  }

  /** Takes `name =`, if that comes next. */
  private argumentName(): string | undefined {
    assignment.lastIndex = this.lexer.end
    if (!this.at("name") || !assignment.test(this.lexer.text)) return undefined
    const name = this.lexer.value.normalize("NFKC")
    this.lexer.next()
    this.lexer.next()
    return name
  }

  private subscripts(): void {
    this.subscriptItem()
    if (!this.at(",")) return
    let count = 1
    while (this.take(",")) {
      if (this.at("]")) break
      this.subscriptItem()
      count++
    }
    this.code.emit(program.TUPLE, count)
  }

  private subscriptItem(): void {
    const bound = (): void => {
      if (this.at(":") || this.at("]") || this.at(",")) this.code.constant(null)
      else this.item()
    }
    if (this.at("]") || this.at(",")) this.reject()
    bound()
    if (!this.take(":")) return
    bound()
    if (this.take(":")) bound()
    else this.code.constant(null)
    this.code.emit(program.SLICE, 0)
  }

  private atom(): void {
    const { lexer } = this
    switch (lexer.kind) {
      case "number":
        this.code.constant(numberLiteral(lexer.value))
        return lexer.next()
      case "name":
        this.code.name(lexer.value.normalize("NFKC"), program.NAME)
        return lexer.next()
      case "string":
        return this.strings()
      case "True":
      case "False":
        this.code.constant(lexer.kind === "True")
        return lexer.next()
      case "None":
        this.code.constant(null)
        return lexer.next()
      case "(":
        return this.group()
      case "[":
        lexer.next()
        this.code.emit(program.LIST, this.listed())
        return this.expect("]")
      case "{":
        return this.refuse("a dict or set display is")
      case "lambda":
        return this.refuse("lambda is")
      case "...":
        return this.refuse("`...` is")
      case "yield":
      case "await":
        return this.refuse(`${lexer.kind} is`)
    }
    this.reject()
  }

  private listed(): number {
    if (this.at("]")) return 0
    this.item()
    return this.rest("]", 1)
  }

  private group(): void {
    this.lexer.next()
    if (this.at(")")) this.code.emit(program.TUPLE, 0)
    else this.expressions(")")
    this.expect(")")
  }

  /** Strings side by side are one. */
  private strings(): void {
    let joined = ""
    while (this.at("string")) {
      const { prefix } = stringParts(this.lexer.value)
      if (prefix.includes("b")) this.refuse("a bytes literal is")
      if (prefix.includes("f")) this.refuse("an f-string is")
      joined += stringLiteral(this.lexer.value, () => this.reject())
      this.lexer.next()
    }
    this.code.constant(joined)
  }
}
