/**
 * The types as functions: `int`, `float`, `complex`, `bool`, `str`, `list`, `tuple`, `range`, `slice`, `reversed`.
 */
import type { Meter } from "../meter.js"
import { complex as toComplex, isNumber } from "../operators/arithmetic.js"
import * as sequences from "../operators/sequences.js"
import { domainError, typeMismatch } from "../raise.js"
import * as integerCosts from "../values/integerCosts.js"
import * as integers from "../values/integers.js"
import * as numberParsing from "../values/numberParsing.js"
import * as representation from "../values/representation.js"
import {
  Callable,
  Complex,
  type Cost,
  Float,
  List,
  Range,
  Slice,
  truth,
  Tuple,
  typeName,
  type Value
} from "../values/values.js"
import { byParts, flat, named, positional, refuseUnknown, requireAtMost } from "./signature.js"

const toInt = (value: Value, meter: Meter): Value => {
  if (value instanceof Float) return integers.truncated(value.value)
  if (typeof value === "string") return numberParsing.parseInteger(value, 10, meter)
  return sequences.index(value) ?? typeMismatch(
    `int() argument must be a string, a bytes-like object or a real number, not '${typeName(value)}'`
  )
}

const intCost: Cost = ([value, base], _, keywords) => {
  if (typeof value !== "string") return value instanceof Float ? 6 : 0
  const radix = Number(sequences.index(base ?? keywords.get("base") ?? 10) ?? 10)
  return numberParsing.integerCost(value, radix >= 2 && radix <= 36 ? radix : 10)
}

const int = new Callable("int", "type", intCost, (args, keywords, meter) => {
  requireAtMost("int", 2, args.length, keywords)
  refuseUnknown("int", ["base"], keywords)
  const [value] = args
  const base = args.length > 1 ? args[1] : keywords.get("base")
  if (value === undefined) return base === undefined ? 0 : typeMismatch("int() missing string argument")
  if (base === undefined) return toInt(value, meter)
  const radix = Number(sequences.integer(base))
  if (radix !== 0 && (radix < 2 || radix > 36)) return domainError("int() base must be >= 2 and <= 36, or 0")
  if (typeof value !== "string") return typeMismatch("int() can't convert non-string with explicit base")
  return numberParsing.parseInteger(value, radix, meter)
})

const toFloat = (value: Value, meter: Meter): Float => {
  if (value instanceof Float) return value
  if (typeof value === "string") return numberParsing.parseFloat(value, meter)
  const whole = sequences.index(value)
  if (whole === undefined) {
    return typeMismatch(`float() argument must be a string or a real number, not '${typeName(value)}'`)
  }
  return new Float(integers.toNumber(whole))
}

const complexCost: Cost = ([first], _, keywords) => {
  const real = first ?? keywords.get("real")
  return typeof real === "string" ? numberParsing.complexCost(real) : 4
}

const complex = new Callable("complex", "type", complexCost, (args, keywords, meter) => {
  const [first, second] = named("complex", ["real", "imag"], 0, args, keywords)
  if (typeof first === "string") {
    if (second !== undefined) return typeMismatch("complex() can't take second arg if first is a string")
    return numberParsing.parseComplex(first, meter)
  }
  if (typeof second === "string") return typeMismatch("complex() second arg can't be a string")
  if (first !== undefined && !isNumber(first)) {
    return typeMismatch(`complex() first argument must be a string or a number, not '${typeName(first)}'`)
  }
  if (second !== undefined && !isNumber(second)) {
    return typeMismatch(`complex() second argument must be a number, not '${typeName(second)}'`)
  }
  const real = toComplex(first ?? 0)
  if (second === undefined) return real
  const imag = toComplex(second)
  // A missing part adds no zero of its own, which could change a sign.
  return new Complex(
    second instanceof Complex ? real.real - imag.imag : real.real,
    first instanceof Complex ? imag.real + real.imag : imag.real
  )
})

const str = new Callable("str", "type", byParts(2), (args, keywords, meter) => {
  const [value, encoding, errors] = named("str", ["object", "encoding", "errors"], 0, args, keywords)
  for (const [name, argument] of [["encoding", encoding], ["errors", errors]] as const) {
    if (argument !== undefined && typeof argument !== "string") {
      return typeMismatch(
        `str() argument '${name}' must be str, not ${argument === null ? "None" : typeName(argument)}`
      )
    }
  }
  if (value === undefined) return ""
  if (encoding === undefined && errors === undefined) return representation.str(value, meter)
  return typeMismatch(
    typeof value === "string"
      ? "decoding str is not supported"
      : `decoding to str: need a bytes-like object, ${typeName(value)} found`
  )
})

const bound = (value: Value): bigint => BigInt(sequences.integer(value))

const words = (value: Value | undefined): number => typeof value === "bigint" ? integerCosts.words(value) : 1

/** Its length is a quotient. */
const rangeCost: Cost = ([start, stop, step]) => {
  const span = Math.max(words(start), words(stop))
  return 12 + 3 * integerCosts.making(span + words(step)) +
    (step === undefined ? 0 : integerCosts.quotient(span, words(step)))
}

const range = ([first, second, third]: ReadonlyArray<Value>): Range => {
  if (first === undefined) return new Range(0n, 0n, 1n)
  if (second === undefined) return new Range(0n, bound(first), 1n)
  const start = bound(first)
  const stop = bound(second)
  const step = third === undefined ? 1n : bound(third)
  return step === 0n ? domainError("range() arg 3 must not be zero") : new Range(start, stop, step)
}

const slice = ([first = null, ...rest]: ReadonlyArray<Value>): Slice =>
  rest.length === 0 ? new Slice(null, first, null) : new Slice(first, rest[0]!, rest[1] ?? null)

export const conversions: ReadonlyArray<readonly [string, Callable]> = [
  ["int", int],
  ["complex", complex],
  ["str", str],
  positional(
    "float",
    0,
    1,
    ([value]) => typeof value === "string" ? numberParsing.floatCost(value) : 2,
    ([value = 0], meter) => toFloat(value, meter),
    "type"
  ),
  positional("bool", 0, 1, flat(0), ([value = false]) => truth(value), "type"),
  positional("range", 1, 3, rangeCost, range, "type"),
  positional("slice", 1, 3, flat(1), slice, "type"),
  positional(
    "list",
    0,
    1,
    byParts(4),
    ([value], meter) => new List(value === undefined ? [] : sequences.collect(value, meter)),
    "type"
  ),
  positional(
    "tuple",
    0,
    1,
    byParts(4),
    ([value], meter) => new Tuple(value === undefined ? [] : sequences.collect(value, meter)),
    "type"
  ),
  positional(
    "reversed",
    1,
    1,
    ([value = null], meter) => sequences.reversalCost(value, meter),
    ([value = null], meter) => sequences.reversed(value, meter),
    "type"
  )
]
