/**
 * The operators, over every pair of types Python allows them.
 */
import { pow } from "../elementary/functions.js"
import type { Meter } from "../meter.js"
import { divisionByZero, overflow, typeMismatch } from "../raise.js"
import * as complexes from "../values/complexes.js"
import * as floats from "../values/floats.js"
import * as integerCosts from "../values/integerCosts.js"
import * as integers from "../values/integers.js"
import { Complex, Float, type Int, truth, Tuple, typeName, type Value } from "../values/values.js"
import { format } from "./printf.js"
import * as sequences from "./sequences.js"

/** The steps an operation takes beyond its instruction's own: from the sizes of its operands, before it is done. */
type Cost<A> = (left: A, right: A, meter: Meter) => number

/** What an operator does with operands of a kind, and what that costs. */
interface Way<A, B> {
  readonly cost: Cost<A>
  readonly apply: (left: A, right: A, meter: Meter) => B
}

/** How an operator acts where its operands meet: as ints, as floats, as complex numbers, or as something else. */
interface Operator {
  readonly symbol: string
  readonly ints?: Way<Int, Value>
  readonly bools?: Way<boolean, boolean>
  readonly floats?: Way<number, Value>
  readonly complexes?: Way<Complex, Complex>
  readonly others?: Way<Value, Value | undefined>
}

/** Of what takes no longer than the instruction. */
const nothing = (): number => 0

const flat = (steps: number) => (): number => steps

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

const act = <A, B>({ apply, cost }: Way<A, B>, left: A, right: A, meter: Meter): B => {
  const steps = cost(left, right, meter)
  if (steps !== 0) meter.spend(steps)
  return apply(left, right, meter)
}

const apply = (operator: Operator) => (left: Value, right: Value, meter: Meter): Value => {
  if (left instanceof Float && right instanceof Float && operator.floats !== undefined) {
    return act(operator.floats, left.value, right.value, meter)
  }
  if (isNumber(left) && isNumber(right)) {
    if (left instanceof Complex || right instanceof Complex) {
      if (operator.complexes !== undefined) return act(operator.complexes, complex(left), complex(right), meter)
    } else if (left instanceof Float || right instanceof Float) {
      if (operator.floats !== undefined) return act(operator.floats, float(left), float(right), meter)
    } else if (operator.bools !== undefined && typeof left === "boolean" && typeof right === "boolean") {
      return act(operator.bools, left, right, meter)
    } else if (operator.ints !== undefined) return act(operator.ints, integer(left), integer(right), meter)
  }
  const other = operator.others === undefined ? undefined : act(operator.others, left, right, meter)
  return other ?? unsupported(operator.symbol, left, right)
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

const intPower = (left: Int, right: Int): Value =>
  right < 0 ? floatPower(integers.toNumber(left), integers.toNumber(right)) : integers.power(left, right)

const complexPower = flat(40)

export const add = apply({
  symbol: "+",
  ints: { cost: integerCosts.sum, apply: integers.add },
  floats: { cost: nothing, apply: (left, right) => new Float(left + right) },
  complexes: { cost: flat(1), apply: complexes.add },
  others: { cost: sequences.concatenationCost, apply: sequences.concatenate }
})

export const subtract = apply({
  symbol: "-",
  ints: { cost: integerCosts.sum, apply: integers.subtract },
  floats: { cost: nothing, apply: (left, right) => new Float(left - right) },
  complexes: { cost: flat(1), apply: complexes.subtract }
})

export const multiply = apply({
  symbol: "*",
  ints: { cost: integerCosts.multiplication, apply: integers.multiply },
  floats: { cost: nothing, apply: (left, right) => new Float(left * right) },
  complexes: { cost: flat(1), apply: complexes.multiply },
  others: { cost: sequences.repetitionCost, apply: sequences.repeat }
})

export const divide = apply({
  symbol: "/",
  ints: { cost: integerCosts.ratio, apply: integers.trueDivide },
  floats: { cost: nothing, apply: (left, right) => new Float(floats.divide(left, right)) },
  complexes: { cost: flat(2), apply: complexes.divide }
})

export const floorDivide = apply({
  symbol: "//",
  ints: { cost: integerCosts.division, apply: integers.floorDivide },
  floats: { cost: floats.remainderCost, apply: (left, right) => new Float(floats.floorDivide(left, right)) }
})

export const modulo = apply({
  symbol: "%",
  ints: { cost: integerCosts.division, apply: integers.modulo },
  floats: { cost: floats.remainderCost, apply: (left, right) => new Float(floats.modulo(left, right)) },
  // What it writes pays for itself, part by part.
  others: {
    cost: nothing,
    apply: (left, right, meter) => typeof left === "string" ? format(left, right, meter) : undefined
  }
})

export const divideWithRemainder = apply({
  symbol: "divmod()",
  ints: {
    cost: (left, right) => 4 + 2 * integerCosts.division(left, right),
    apply: (left, right) => new Tuple([integers.floorDivide(left, right), integers.modulo(left, right)])
  },
  floats: {
    cost: (left, right) => 6 + 2 * floats.remainderCost(left, right),
    apply: (left, right) =>
      new Tuple([
        new Float(floats.floorDivide(left, right, "float divmod()")),
        new Float(floats.modulo(left, right))
      ])
  }
})

export const raise = apply({
  symbol: "** or pow()",
  ints: {
    cost: (left, right, meter) => right < 0 ? complexPower() : integerCosts.power(left, right, meter),
    apply: intPower
  },
  // A negative base with a broken exponent has a complex power.
  floats: { cost: (left) => left < 0 ? complexPower() : 8, apply: floatPower },
  complexes: { cost: complexPower, apply: complexes.power }
})

export const shiftLeft = apply({
  symbol: "<<",
  ints: { cost: integerCosts.shiftLeft, apply: integers.shiftLeft }
})

export const shiftRight = apply({
  symbol: ">>",
  ints: { cost: integerCosts.unary, apply: integers.shiftRight }
})

export const and = apply({
  symbol: "&",
  ints: { cost: integerCosts.bitwise, apply: integers.and },
  bools: { cost: nothing, apply: (left, right) => left && right }
})

export const or = apply({
  symbol: "|",
  ints: { cost: integerCosts.bitwise, apply: integers.or },
  bools: { cost: nothing, apply: (left, right) => left || right }
})

export const xor = apply({
  symbol: "^",
  ints: { cost: integerCosts.bitwise, apply: integers.xor },
  bools: { cost: nothing, apply: (left, right) => left !== right }
})

/** No type of ours has one, but Python's grammar does. */
export const matrixMultiply = apply({ symbol: "@" })

const unary = (symbol: string, value: Value): never =>
  typeMismatch(`bad operand type for unary ${symbol}: '${typeName(value)}'`)

/** An operator of one operand: what it costs where that is an int, the only kind that has a size. */
const single =
  (cost: (value: Int) => number, apply: (value: Value) => Value) => (value: Value, meter: Meter): Value => {
    if (typeof value === "bigint") meter.spend(cost(value))
    return apply(value)
  }

export const negate = single(integerCosts.unary, (value) => {
  if (value instanceof Float) return new Float(-value.value)
  if (value instanceof Complex) return complexes.negate(value)
  return isWhole(value) ? integers.negate(integer(value)) : unary("-", value)
})

export const plus = single(nothing, (value) => {
  if (isWhole(value)) return integer(value)
  return isNumber(value) ? value : unary("+", value)
})

export const invert = single(
  integerCosts.unary,
  (value) => isWhole(value) ? integers.invert(integer(value)) : unary("~", value)
)

export const not = single(nothing, (value) => !truth(value))

export const absoluteCost = (value: Value): number => typeof value === "bigint" ? integerCosts.unary(value) : 4

export const absolute = (value: Value): Value => {
  if (value instanceof Float) return new Float(Math.abs(value.value))
  if (value instanceof Complex) return new Float(complexes.absolute(value))
  return isWhole(value)
    ? integers.absolute(integer(value))
    : typeMismatch(`bad operand type for abs(): '${typeName(value)}'`)
}
