/**
 * @since 0.1.0
 */
import * as Either from "effect/Either"
import { type Budget, defaultBudget } from "./budget.js"
import {
  BudgetExceeded,
  DivisionByZero,
  type EvaluationError,
  isEvaluationError,
  SyntaxError,
  UnknownName
} from "./errors.js"

type Value = number | bigint

const pattern = /\s*(?:(\d+\.\d*(?:[eE][+-]?\d+)?|\.?\d+[eE][+-]?\d+|\.\d+)|(\d+)|(\*\*|\/\/|[-+*/%()])|(\w+)|(\S))/y

const show = (value: Value): string => {
  if (typeof value === "bigint") return value.toString()
  return Number.isInteger(value) && Math.abs(value) < 1e16 ? `${value}.0` : `${value}`
}

const divide = (message: string): never => {
  throw new DivisionByZero({ message })
}

const binary = (operator: string, left: Value, right: Value): Value => {
  if (typeof left === "bigint" && typeof right === "bigint") {
    if (operator === "+") return left + right
    if (operator === "-") return left - right
    if (operator === "*") return left * right
    if (operator === "**" && right >= 0n) {
      if (BigInt(left.toString(2).length) * right > 65_536n) {
        throw new BudgetExceeded({ message: "the integer would be too large", kind: "bits", limit: 65_536 })
      }
      return left ** right
    }
    if (operator === "//" || operator === "%") {
      if (right === 0n) {
        return divide(operator === "//" ? "integer division or modulo by zero" : "integer modulo by zero")
      }
      const rest = left % right
      const floored = rest !== 0n && rest < 0n !== right < 0n
      return operator === "%" ? (floored ? rest + right : rest) : left / right - (floored ? 1n : 0n)
    }
    if (operator === "/" && right === 0n) return divide("division by zero")
  }
  const a = Number(left)
  const b = Number(right)
  if (operator === "+") return a + b
  if (operator === "-") return a - b
  if (operator === "*") return a * b
  if (operator === "**") return a === 0 && b < 0 ? divide("0.0 cannot be raised to a negative power") : a ** b
  if (b === 0) return divide(operator === "/" ? "float division by zero" : "float modulo")
  if (operator === "/") return a / b
  const rest = a % b
  const modulo = rest !== 0 && rest < 0 !== b < 0 ? rest + b : rest
  return operator === "%" ? modulo : Math.round((a - modulo) / b)
}

class Parser {
  token = ""
  literal: Value | undefined
  private start = 0
  private readonly text: string
  constructor(text: string) {
    this.text = text
    this.advance()
  }

  advance(): void {
    pattern.lastIndex = this.start + this.token.length
    const match = pattern.exec(this.text)
    this.token = match?.[1] ?? match?.[2] ?? match?.[3] ?? match?.[4] ?? match?.[5] ?? ""
    this.start = match === null ? this.text.length : pattern.lastIndex - this.token.length
    this.literal = match?.[1] !== undefined ? Number(match[1]) : match?.[2] !== undefined ? BigInt(match[2]) : undefined
  }

  fail(): never {
    throw new SyntaxError({ message: "invalid syntax", line: 1, column: this.token === "" ? 0 : this.start + 1 })
  }

  expression(level: number): Value {
    let left = this.operand()
    for (;;) {
      const operator = this.token
      const power = operator === "**" ? 4 : /^(\*|\/\/?|%)$/.test(operator) ? 2 : /^[+-]$/.test(operator) ? 1 : 0
      if (power === 0 || power < level) return left
      this.advance()
      left = binary(operator, left, this.expression(power === 4 ? 3 : power + 1))
    }
  }

  operand(): Value {
    const { literal, token } = this
    this.advance()
    if (literal !== undefined) return literal
    if (token === "+") return this.expression(3)
    if (token === "-") return -this.expression(3)
    if (token === "(") {
      const inner = this.expression(1)
      if (this.token !== ")") this.fail()
      this.advance()
      return inner
    }
    if (/^\w/.test(token)) throw new UnknownName({ message: `name '${token}' is not defined` })
    return this.fail()
  }
}

/**
 * The value of a Python expression, as text: `str(eval(expression))`.
 *
 * @since 0.1.0
 * @category evaluation
 */
export const evaluate = (
  expression: string,
  budget: Partial<Budget> = defaultBudget
): Either.Either<string, EvaluationError> => {
  const input = budget.input ?? defaultBudget.input
  if (expression.length > input) {
    return Either.left(new BudgetExceeded({ message: "the expression is too long", kind: "input", limit: input }))
  }
  try {
    const parser = new Parser(expression)
    const value = parser.expression(1)
    return parser.token === "" ? Either.right(show(value)) : parser.fail()
  } catch (error) {
    if (isEvaluationError(error)) return Either.left(error)
    throw error
  }
}
