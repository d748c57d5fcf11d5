/**
 * `repr` and `str` of any value. The text is charged for while it grows, since a small list can hold one list
 * many times.
 */
import type { Meter } from "../meter.js"
import { domainError } from "../raise.js"
import * as complexes from "./complexes.js"
import * as floats from "./floats.js"
import * as integerCosts from "./integerCosts.js"
import * as integers from "./integers.js"
import { digitLimit } from "./numberParsing.js"
import * as strings from "./strings.js"
import {
  Callable,
  Complex,
  Float,
  type Int,
  List,
  Module,
  Range,
  Slice,
  Tuple,
  typeName,
  type Value
} from "./values.js"

const tooManyDigits = (): never =>
  domainError(
    `Exceeds the limit (${digitLimit} digits) for integer string conversion; ` +
      "use sys.set_int_max_str_digits() to increase the limit"
  )

/** The steps of writing a float, a complex number, or anything that is short. */
const floatCost = 10
const complexCost = 24
const wordCost = 2

export const integer = (value: Int, meter: Meter): string => {
  if (typeof value === "number") {
    meter.spend(wordCost)
    return String(value)
  }
  const bits = integers.sizeInBits(value)
  // The size may be a quarter too large.
  if (bits > digitLimit * 4.2) return tooManyDigits()
  meter.spend(integerCosts.decimal(bits / 64) + meter.text(bits / 3))
  const digits = value.toString()
  return digits.length - (value < 0n ? 1 : 0) > digitLimit ? tooManyDigits() : digits
}

/** In a base that is a power of two. */
export const digits = (value: Int, radix: number, meter: Meter): string => {
  const count = Math.ceil(integers.bitLength(value) / Math.log2(radix))
  meter.spend(integerCosts.unary(value) + integerCosts.digits(count) + meter.text(count))
  return value.toString(radix)
}

/** The steps of an item, beside what it takes itself. */
const itemCost = 2

const items = (values: ReadonlyArray<Value>, meter: Meter): string => {
  let joined = ""
  for (const value of values) {
    meter.spend(itemCost)
    const shown = repr(value, meter)
    meter.spend(meter.text(joined.length + shown.length + 2, shown.length + 2))
    joined += joined === "" ? shown : `, ${shown}`
  }
  return joined
}

const range = ({ start, step, stop }: Range, meter: Meter): string => {
  const bounds = (step === 1n ? [start, stop] : [start, stop, step]).map((bound) =>
    integer(integers.fromBigInt(bound), meter)
  )
  return `range(${bounds.join(", ")})`
}

const callable = ({ name, owner, type }: Callable): string => {
  if (type === "type") return `<class '${name}'>`
  if (type === "method_descriptor") return `<method '${name}' of '${owner}' objects>`
  // Python would add the object's address.
  return owner === undefined ? `<built-in function ${name}>` : `<built-in method ${name} of ${owner} object>`
}

export const repr = (value: Value, meter: Meter): string => {
  switch (typeof value) {
    case "number":
    case "bigint":
      return integer(value, meter)
    case "boolean":
      return value ? "True" : "False"
    case "string":
      meter.spend(wordCost + strings.reprCost(value) + meter.text(value.length))
      return strings.repr(value)
  }
  if (value === null) return "None"
  if (value instanceof Float) {
    meter.spend(floatCost)
    return floats.repr(value.value)
  }
  if (value instanceof Complex) {
    meter.spend(complexCost)
    return complexes.repr(value)
  }
  meter.spend(wordCost)
  if (value instanceof List) return `[${items(value.items, meter)}]`
  if (value instanceof Tuple) {
    return value.items.length === 1
      ? `(${items(value.items, meter)},)`
      : `(${items(value.items, meter)})`
  }
  if (value instanceof Range) return range(value, meter)
  if (value instanceof Slice) return `slice(${items([value.start, value.stop, value.step], meter)})`
  if (value instanceof Module) return `<module '${value.name}' (built-in)>`
  if (value instanceof Callable) return callable(value)
  // Python would add an address here, too.
  return `<${typeName(value)} object>`
}

export const str = (value: Value, meter: Meter): string => {
  if (typeof value !== "string") return repr(value, meter)
  meter.spend(meter.text(value.length))
  return value
}
