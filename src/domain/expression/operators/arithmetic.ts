/**
 * The operators, over every pair of types Python allows them.
 */
import { pow } from "../elementary/functions.js"
import type { Meter } from "../meter.js"
import { divisionByZero, overflow, typeMismatch } from "../raise.js"
import * as complexes from "../values/complexes.js"
import * as floats from "../values/floats.js"
import * as integers from "../values/integers.js"
import { Complex, Float, type Int, Tuple, typeName, type Value } from "../values/values.js"
import { format } from "./printf.js"
import * as sequences from "./sequences.js"

/** How an operator acts where its operands meet: as ints, as floats, as complex numbers, or as something else. */
interface Operator {
  readonly symbol: string
  readonly ints?: (left: Int, right: Int, meter: Meter) => Value
  readonly bools?: (left: boolean, right: boolean) => boolean
  readonly floats?: (left: number, right: number) => Value
  readonly complexes?: (left: Complex, right: Complex) => Complex
  readonly others?: (left: Value, right: Value, meter: Meter) => Value | undefined
}

type Whole = Int | boolean

type Real = Whole | Float

const isWhole = (value: Value): value is Whole =>
  typeof value === "number" || typeof value === "bigint" || typeof value === "boolean"

export const isNumber = (value: Value): value is Real | Complex =>
  isWhole(value) || value instanceof Float || value instanceof Complex

const integer = (value: Whole): Int => typeof value === "boolean" ? Number(value) : value

const float = (value: Real): number => value instanceof Float ? value.value : integers.toNumber(integer(value))

export const complex = (value: Real | Complex): Complex =>
  value instanceof Complex ? value : new Complex(float(value), 0)

const unsupported = (symbol: string, left: Value, right: Value): never =>
  typeMismatch(`unsupported operand type(s) for ${symbol}: '${typeName(left)}' and '${typeName(right)}'`)

const apply = (operator: Operator) => (left: Value, right: Value, meter: Meter): Value => {
  if (left instanceof Float && right instanceof Float && operator.floats !== undefined) {
    return operator.floats(left.value, right.value)
  }
  if (isNumber(left) && isNumber(right)) {
    if (left instanceof Complex || right instanceof Complex) {
      if (operator.complexes !== undefined) return operator.complexes(complex(left), complex(right))
    } else if (left instanceof Float || right instanceof Float) {
      if (operator.floats !== undefined) return operator.floats(float(left), float(right))
    } else if (operator.bools !== undefined && typeof left === "boolean" && typeof right === "boolean") {
      return operator.bools(left, right)
    } else if (operator.ints !== undefined) return operator.ints(integer(left), integer(right), meter)
  }
  return operator.others?.(left, right, meter) ?? unsupported(operator.symbol, left, right)
}

const rangeError = "(34, 'Numerical result out of range')"

const floatPower = (left: number, right: number): Value => {
  if (left === 0 && right < 0 && right !== -Infinity) return divisionByZero("0.0 cannot be raised to a negative power")
  if (left < 0 && Number.isFinite(left) && Number.isFinite(right) && !Number.isInteger(right)) {
    return complexes.power(new Complex(left, 0), new Complex(right, 0))
  }
  if (left === 1 || (left === -1 && Math.abs(right) === Infinity)) return new Float(1)
  const result = pow(left, right)
  if (Math.abs(result) === Infinity && Number.isFinite(left) && Number.isFinite(right)) return overflow(rangeError)
  return new Float(result)
}

const intPower = (left: Int, right: Int, meter: Meter): Value =>
  right < 0
    ? floatPower(integers.toNumber(left), integers.toNumber(right))
    : integers.power(left, right, meter)

const power: Operator = {
  symbol: "** or pow()",
  ints: intPower,
  floats: floatPower,
  complexes: complexes.power
}

export const add = apply({
  symbol: "+",
  ints: integers.add,
  floats: (left, right) => new Float(left + right),
  complexes: complexes.add,
  others: sequences.concatenate
})

export const subtract = apply({
  symbol: "-",
  ints: integers.subtract,
  floats: (left, right) => new Float(left - right),
  complexes: complexes.subtract
})

export const multiply = apply({
  symbol: "*",
  ints: integers.multiply,
  floats: (left, right) => new Float(left * right),
  complexes: complexes.multiply,
  others: sequences.repeat
})

export const divide = apply({
  symbol: "/",
  ints: integers.trueDivide,
  floats: (left, right) => new Float(floats.divide(left, right)),
  complexes: complexes.divide
})

export const floorDivide = apply({
  symbol: "//",
  ints: integers.floorDivide,
  floats: (left, right) => new Float(floats.floorDivide(left, right))
})

export const modulo = apply({
  symbol: "%",
  ints: integers.modulo,
  floats: (left, right) => new Float(floats.modulo(left, right)),
  others: (left, right, meter) => typeof left === "string" ? format(left, right, meter) : undefined
})

export const divideWithRemainder = apply({
  symbol: "divmod()",
  ints: (left, right, meter) =>
    new Tuple([integers.floorDivide(left, right, meter), integers.modulo(left, right, meter)]),
  floats: (left, right) =>
    new Tuple([
      new Float(floats.floorDivide(left, right, "float divmod()")),
      new Float(floats.modulo(left, right))
    ])
})

export const raise = apply(power)

export const shiftLeft = apply({ symbol: "<<", ints: integers.shiftLeft })

export const shiftRight = apply({ symbol: ">>", ints: integers.shiftRight })

export const and = apply({ symbol: "&", ints: integers.and, bools: (left, right) => left && right })

export const or = apply({ symbol: "|", ints: integers.or, bools: (left, right) => left || right })

export const xor = apply({ symbol: "^", ints: integers.xor, bools: (left, right) => left !== right })

/** No type of ours has one, but Python's grammar does. */
export const matrixMultiply = apply({ symbol: "@" })

const unary = (symbol: string, value: Value): never =>
  typeMismatch(`bad operand type for unary ${symbol}: '${typeName(value)}'`)

export const negate = (value: Value): Value => {
  if (value instanceof Float) return new Float(-value.value)
  if (value instanceof Complex) return complexes.negate(value)
  return isWhole(value) ? integers.negate(integer(value)) : unary("-", value)
}

export const plus = (value: Value): Value => {
  if (isWhole(value)) return integer(value)
  return isNumber(value) ? value : unary("+", value)
}

export const invert = (value: Value): Value => isWhole(value) ? integers.invert(integer(value)) : unary("~", value)

export const absolute = (value: Value): Value => {
  if (value instanceof Float) return new Float(Math.abs(value.value))
  if (value instanceof Complex) return new Float(complexes.absolute(value))
  return isWhole(value)
    ? integers.absolute(integer(value))
    : typeMismatch(`bad operand type for abs(): '${typeName(value)}'`)
}
