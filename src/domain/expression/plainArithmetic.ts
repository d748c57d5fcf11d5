/**
 * Plain arithmetic in one pass over the text, with no value boxed: what most requests are. It answers only where
 * the full evaluator would answer the same, and leaves all else to it.
 */
import { isDigit } from "./characters.js"
import { pow } from "./elementary/functions.js"
import { functions } from "./library/mathModule.js"
import * as floats from "./values/floats.js"

/** Brackets, signs and powers inside one another. */
const deepest = 50

/** Every power of ten that a float holds exactly, by which a decimal of few digits is divided with one rounding. */
const tens = Array.from({ length: 23 }, (_, exponent) => Number(`1e${exponent}`))

const constants = new Map([["pi", Math.PI], ["e", Math.E], ["tau", 2 * Math.PI]])

const additive = 1
const multiplicative = 2
const unary = 3
const power = 4

/** By the operator's code, from 37: `%`, `*`, `+`, `-`, `/`. */
const levels = [multiplicative, 0, 0, 0, 0, multiplicative, additive, 0, additive, 0, multiplicative]

const isLetter = (code: number): boolean => code >= 97 && code <= 122

class PlainArithmetic {
  private readonly text: string
  private at = 0
  private depth = 0
  /** Whether the value just read is a float. */
  private float = false
  /** Whether the text is more than plain arithmetic. */
  private beyond = false

  constructor(text: string) {
    this.text = text
  }

  answer(): string | undefined {
    const value = this.expression(additive)
    this.skip()
    if (this.beyond || this.at < this.text.length) return undefined
    return this.float ? floats.repr(value) : String(value)
  }

  private leave(): number {
    this.beyond = true
    this.at = this.text.length
    return 0
  }

  private skip(): number {
    let code = this.text.charCodeAt(this.at)
    while (code === 32) code = this.text.charCodeAt(++this.at)
    return code
  }

  private number(): number {
    const start = this.at
    let code = this.text.charCodeAt(this.at)
    let digits = 0
    while (isDigit(code)) {
      digits = digits * 10 + code - 48
      code = this.text.charCodeAt(++this.at)
    }
    this.float = code === 46
    let places = 0
    if (this.float) {
      const point = this.at
      code = this.text.charCodeAt(++this.at)
      while (isDigit(code)) {
        digits = digits * 10 + code - 48
        code = this.text.charCodeAt(++this.at)
      }
      places = this.at - point - 1
    } else if (this.at - start > 1 && this.text.charCodeAt(start) === 48) return this.leave()
    // A letter or a second point goes on with the word; past 15 digits the sum may have rounded.
    if (this.at - start > 15 || this.at === start + 1 && this.float || code === 46 || code === 95 || code >= 65) {
      return this.leave()
    }
    return this.float ? digits / tens[places]! : digits
  }

  /** A constant, or a function of one argument, by its name with or without `math.`. */
  private named(): number {
    if (this.text.startsWith("math.", this.at)) this.at += 5
    const start = this.at
    let code = this.text.charCodeAt(this.at)
    while (isLetter(code) || isDigit(code)) code = this.text.charCodeAt(++this.at)
    const name = this.text.slice(start, this.at)
    if (code !== 40) {
      const value = code === 46 || code === 95 || code > 64 ? undefined : constants.get(name)
      this.float = true
      return value ?? this.leave()
    }
    const apply = functions.get(name)
    if (apply === undefined || ++this.depth > deepest) return this.leave()
    this.at++
    const argument = this.expression(additive)
    if (this.skip() !== 41) return this.leave()
    this.at++
    this.depth--
    this.float = true
    const result = apply(argument)
    return Number.isFinite(result) ? result : this.leave()
  }

  private operand(): number {
    let code = this.text.charCodeAt(this.at)
    if (code === 32) code = this.skip()
    if (isDigit(code) || code === 46) return this.number()
    if (isLetter(code)) return this.named()
    if (++this.depth > deepest) return this.leave()
    this.at++
    let value = 0
    if (code === 40) {
      value = this.expression(additive)
      if (this.skip() !== 41) return this.leave()
      this.at++
    } else if (code === 45) {
      value = this.expression(unary)
      value = this.float ? -value : 0 - value
    } else if (code === 43) value = this.expression(unary)
    else return this.leave()
    this.depth--
    return value
  }

  /** An int too large for a number is the full evaluator's. */
  private whole(value: number): number {
    return Number.isSafeInteger(value) ? value + 0 : this.leave()
  }

  private divide(left: number, right: number): number {
    this.float = true
    return right === 0 ? this.leave() : left / right
  }

  private floorDivide(left: number, right: number): number {
    if (right === 0) return this.leave()
    return this.float ? floats.floorDivide(left, right) : Math.floor(left / right) + 0
  }

  private modulo(left: number, right: number): number {
    if (right === 0) return this.leave()
    if (this.float) return floats.modulo(left, right)
    const remainder = left % right
    return remainder !== 0 && remainder < 0 !== right < 0 ? remainder + right : remainder + 0
  }

  private raise(left: number, right: number): number {
    if (!this.float && right >= 0) {
      if (right > 53) return this.leave()
      let product = 1
      for (let count = right; count > 0; count--) product *= left
      return this.whole(product)
    }
    this.float = true
    const result = left > 0 ? pow(left, right) : NaN
    return Number.isFinite(result) ? result : this.leave()
  }

  /** What is not `+`, `-` or `*`. */
  private apply(operator: number, left: number, right: number): number {
    switch (operator) {
      case 47:
        return this.divide(left, right)
      case 37:
        return this.modulo(left, right)
      case 42 + 42:
        return this.raise(left, right)
      default:
        return this.floorDivide(left, right)
    }
  }

  private expression(level: number): number {
    let left = this.operand()
    for (;;) {
      let operator = this.text.charCodeAt(this.at)
      if (operator === 32) operator = this.skip()
      // Neither a point nor a digit follows a number here, so these five are all there is from 37 to 47.
      if (!(operator <= 47 && operator >= 37)) return left
      const doubled = (operator === 42 || operator === 47) && this.text.charCodeAt(this.at + 1) === operator
      const own = doubled && operator === 42 ? power : levels[operator - 37]!
      if (own < level || own === 0) return left
      this.at += doubled ? 2 : 1
      if (doubled) operator += operator
      const wasFloat = this.float
      let right = 0
      if (own === power) {
        if (++this.depth > deepest) return this.leave()
        right = this.expression(unary)
        this.depth--
      } else right = this.expression(own + 1)
      this.float ||= wasFloat
      if (operator === 43) left += right
      else if (operator === 45) left -= right
      else if (operator === 42) left *= right
      else {
        left = this.apply(operator, left, right)
        continue
      }
      if (!this.float) left = this.whole(left)
    }
  }
}

/** The answer to plain arithmetic, or undefined where the text is more than that. */
export const plain = (text: string): string | undefined => new PlainArithmetic(text).answer()
