/**
 * Plain arithmetic in one pass over the text, with no value boxed: what most requests are. It answers only where
 * the full evaluator would answer the same, and leaves all else to it.
 */
import { pow } from "./elementary.js"
import * as floats from "./floats.js"
import { functions } from "./mathematics.js"

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

// The scanner's state. Evaluation is synchronous, and begins by setting all of it.
let text = ""
let at = 0
let depth = 0
/** Whether the value just read is a float. */
let float = false
/** Whether the text is more than plain arithmetic. */
let beyond = false

const leave = (): number => {
  beyond = true
  at = text.length
  return 0
}

const skip = (): number => {
  let code = text.charCodeAt(at)
  while (code === 32) code = text.charCodeAt(++at)
  return code
}

const isDigit = (code: number): boolean => code >= 48 && code <= 57

const number = (): number => {
  const start = at
  let code = text.charCodeAt(at)
  let digits = 0
  while (isDigit(code)) {
    digits = digits * 10 + code - 48
    code = text.charCodeAt(++at)
  }
  float = code === 46
  let places = 0
  if (float) {
    const point = at
    code = text.charCodeAt(++at)
    while (isDigit(code)) {
      digits = digits * 10 + code - 48
      code = text.charCodeAt(++at)
    }
    places = at - point - 1
  } else if (at - start > 1 && text.charCodeAt(start) === 48) return leave()
  // A letter or a second point goes on with the word; past 15 digits the sum may have rounded.
  if (at - start > 15 || at === start + 1 && float || code === 46 || code === 95 || code >= 65) return leave()
  return float ? digits / tens[places]! : digits
}

const isLetter = (code: number): boolean => code >= 97 && code <= 122

/** A constant, or a function of one argument, by its name with or without `math.`. */
const named = (): number => {
  if (text.startsWith("math.", at)) at += 5
  const start = at
  let code = text.charCodeAt(at)
  while (isLetter(code) || isDigit(code)) code = text.charCodeAt(++at)
  const name = text.slice(start, at)
  if (code !== 40) {
    const value = code === 46 || code === 95 || code > 64 ? undefined : constants.get(name)
    float = true
    return value ?? leave()
  }
  const apply = functions.get(name)
  if (apply === undefined || ++depth > deepest) return leave()
  at++
  const argument = expression(additive)
  if (skip() !== 41) return leave()
  at++
  depth--
  float = true
  const result = apply(argument)
  return Number.isFinite(result) ? result : leave()
}

const operand = (): number => {
  let code = text.charCodeAt(at)
  if (code === 32) code = skip()
  if (isDigit(code) || code === 46) return number()
  if (isLetter(code)) return named()
  if (++depth > deepest) return leave()
  at++
  let value = 0
  if (code === 40) {
    value = expression(additive)
    if (skip() !== 41) return leave()
    at++
  } else if (code === 45) {
    value = expression(unary)
    value = float ? -value : 0 - value
  } else if (code === 43) value = expression(unary)
  else return leave()
  depth--
  return value
}

/** An int too large for a number is the full evaluator's. */
const whole = (value: number): number => Number.isSafeInteger(value) ? value + 0 : leave()

const divide = (left: number, right: number): number => {
  float = true
  return right === 0 ? leave() : left / right
}

const floorDivide = (left: number, right: number): number => {
  if (right === 0) return leave()
  return float ? floats.floorDivide(left, right) : Math.floor(left / right) + 0
}

const modulo = (left: number, right: number): number => {
  if (right === 0) return leave()
  if (float) return floats.modulo(left, right)
  const remainder = left % right
  return remainder !== 0 && remainder < 0 !== right < 0 ? remainder + right : remainder + 0
}

const raise = (left: number, right: number): number => {
  if (!float && right >= 0) {
    if (right > 53) return leave()
    let product = 1
    for (let count = right; count > 0; count--) product *= left
    return whole(product)
  }
  float = true
  const result = left > 0 ? pow(left, right) : NaN
  return Number.isFinite(result) ? result : leave()
}

/** What is not `+`, `-` or `*`. */
const apply = (operator: number, left: number, right: number): number => {
  switch (operator) {
    case 47:
      return divide(left, right)
    case 37:
      return modulo(left, right)
    case 42 + 42:
      return raise(left, right)
    default:
      return floorDivide(left, right)
  }
}

const expression = (level: number): number => {
  let left = operand()
  for (;;) {
    let operator = text.charCodeAt(at)
    if (operator === 32) operator = skip()
    // Neither a point nor a digit follows a number here, so these five are all there is from 37 to 47.
    if (!(operator <= 47 && operator >= 37)) return left
    const doubled = (operator === 42 || operator === 47) && text.charCodeAt(at + 1) === operator
    const own = doubled && operator === 42 ? power : levels[operator - 37]!
    if (own < level || own === 0) return left
    at += doubled ? 2 : 1
    if (doubled) operator += operator
    const wasFloat = float
    let right = 0
    if (own === power) {
      if (++depth > deepest) return leave()
      right = expression(unary)
      depth--
    } else right = expression(own + 1)
    float ||= wasFloat
    if (operator === 43) left += right
    else if (operator === 45) left -= right
    else if (operator === 42) left *= right
    else {
      left = apply(operator, left, right)
      continue
    }
    if (!float) left = whole(left)
  }
}

/** The answer to plain arithmetic, or undefined where the text is more than that. */
export const plain = (source: string): string | undefined => {
  text = source
  at = 0
  depth = 0
  beyond = false
  const value = expression(additive)
  skip()
  if (beyond || at < text.length) return undefined
  return float ? floats.repr(value) : String(value)
}
