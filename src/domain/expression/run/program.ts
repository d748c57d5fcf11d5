/**
 * An expression compiled: pairs of an instruction and its operand. Jumps are relative, so code can be moved.
 */
import type { Meter } from "../meter.js"
import * as arithmetic from "../operators/arithmetic.js"
import * as comparison from "../operators/comparison.js"
import type { Value } from "../values/values.js"

/** Push a constant. */
export const CONSTANT = 0
/** Push the value of a name. */
export const NAME = 1
export const BINARY = 2
export const UNARY = 3
export const COMPARE = 4
/** Compare; if it holds, keep the right operand and skip the next instruction, else push False. */
export const CHAIN = 5
/** If the top is false, jump; else drop it. */
export const AND = 6
/** If the top is true, jump; else drop it. */
export const OR = 7
/** Drop the top and, if it is false, jump. */
export const BRANCH = 8
export const JUMP = 9
export const TUPLE = 10
export const LIST = 11
export const SLICE = 12
export const SUBSCRIPT = 13
export const ATTRIBUTE = 14
/** Call with that many arguments. */
export const CALL = 15
/** The next call's last arguments have names. */
export const KEYWORDS = 16

export interface Program {
  readonly code: ReadonlyArray<number>
  readonly constants: ReadonlyArray<Value>
  readonly names: ReadonlyArray<string>
  /** For each call that has any, the names of its last arguments. */
  readonly keywords: ReadonlyArray<ReadonlyArray<string>>
}

export type Binary = (left: Value, right: Value, meter: Meter) => Value

export type Unary = (value: Value, meter: Meter) => Value

export type Relation = (left: Value, right: Value, meter: Meter) => boolean

export const binary: ReadonlyArray<Binary> = [
  arithmetic.add,
  arithmetic.subtract,
  arithmetic.multiply,
  arithmetic.divide,
  arithmetic.floorDivide,
  arithmetic.modulo,
  arithmetic.raise,
  arithmetic.matrixMultiply,
  arithmetic.shiftLeft,
  arithmetic.shiftRight,
  arithmetic.and,
  arithmetic.xor,
  arithmetic.or
]

export const binarySymbols = ["+", "-", "*", "/", "//", "%", "**", "@", "<<", ">>", "&", "^", "|"] as const

export const unary: ReadonlyArray<Unary> = [
  arithmetic.plus,
  arithmetic.negate,
  arithmetic.invert,
  arithmetic.not
]

export const unarySymbols = ["+", "-", "~", "not"] as const

export const relations: ReadonlyArray<Relation> = [
  comparison.equal,
  (left, right, meter) => !comparison.equal(left, right, meter),
  (left, right, meter) => comparison.ordered("<", left, right, meter),
  (left, right, meter) => comparison.ordered("<=", left, right, meter),
  (left, right, meter) => comparison.ordered(">", left, right, meter),
  (left, right, meter) => comparison.ordered(">=", left, right, meter),
  comparison.identical,
  (left, right, meter) => !comparison.identical(left, right, meter),
  (left, right, meter) => comparison.contains(right, left, meter),
  (left, right, meter) => !comparison.contains(right, left, meter)
]

export const relationSymbols = ["==", "!=", "<", "<=", ">", ">=", "is", "is not", "in", "not in"] as const
