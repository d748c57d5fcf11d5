/**
 * The builtin functions.
 */
import type { Meter } from "../meter.js"
import * as arithmetic from "../operators/arithmetic.js"
import * as comparison from "../operators/comparison.js"
import * as sequences from "../operators/sequences.js"
import { domainError, overflow, typeMismatch } from "../raise.js"
import * as floats from "../values/floats.js"
import * as integerCosts from "../values/integerCosts.js"
import * as integers from "../values/integers.js"
import * as representation from "../values/representation.js"
import * as strings from "../values/strings.js"
import { Callable, Complex, type Cost, Float, List, truth, typeName, type Value } from "../values/values.js"
import { invoke, noKeywords } from "./calls.js"
import { conversions } from "./conversions.js"
import { iterators } from "./iterators.js"
import { byParts, named, positional, refuseUnknown, requireAtMost, requireCount, unary } from "./signature.js"
import { sort } from "./sorting.js"

const based = (name: string, radix: number, prefix: string): [string, Callable] =>
  unary(name, byParts(4), (value, meter) => {
    const whole = sequences.integer(value)
    const digits = representation.digits(integers.absolute(whole), radix, meter)
    return `${whole < 0 ? "-" : ""}${prefix}${digits}`
  })

const all = (value: Value, meter: Meter, wanted: boolean): boolean => {
  for (const item of sequences.iterate(value, meter)) if (truth(item) !== wanted) return !wanted
  return wanted
}

const chr = (value: Value): string => {
  const code = sequences.integer(value)
  if (code >= 2 ** 31 || code < -(2 ** 31)) return overflow("Python int too large to convert to C int")
  if (code < 0 || code > 0x10ffff) return domainError("chr() arg not in range(0x110000)")
  return String.fromCodePoint(Number(code))
}

const ord = (value: Value): number => {
  if (typeof value !== "string") {
    return typeMismatch(`ord() expected string of length 1, but ${typeName(value)} found`)
  }
  const length = strings.length(value)
  return length === 1
    ? value.codePointAt(0) ?? 0
    : typeMismatch(`ord() expected a character, but string of length ${length} found`)
}

/** With two arguments it is the operator, which pays for itself. */
const powCost: Cost = ([base, exponent, modulus], _, keywords) => {
  const sizes = [
    base ?? keywords.get("base"),
    exponent ?? keywords.get("exp"),
    modulus ?? keywords.get("mod")
  ].map((operand = null) => sequences.index(operand))
  const [a, b, c] = sizes
  return a === undefined || b === undefined || c === undefined ? 0 : integerCosts.modularPower(a, b, c)
}

const pow = new Callable("pow", "builtin_function_or_method", powCost, (args, keywords, meter) => {
  const [base = null, exponent = null, modulus = null] = named("pow", ["base", "exp", "mod"], 2, args, keywords)
  if (modulus === null) return arithmetic.raise(base, exponent, meter)
  const [a, b, c] = [sequences.index(base), sequences.index(exponent), sequences.index(modulus)]
  if (a !== undefined && b !== undefined && c !== undefined) return integers.modularPower(a, b, c)
  // The first operand whose type objects decides.
  for (const operand of [base, exponent, modulus]) {
    if (operand instanceof Float) {
      return typeMismatch("pow() 3rd argument not allowed unless all arguments are integers")
    }
    if (operand instanceof Complex && arithmetic.isNumber(base) && arithmetic.isNumber(exponent)) {
      // Numbers first, complaints after.
      arithmetic.complex(base)
      arithmetic.complex(exponent)
      return domainError("complex modulo")
    }
  }
  const types = [base, exponent, modulus].map((operand) => `'${typeName(operand)}'`)
  return typeMismatch(`unsupported operand type(s) for ** or pow(): ${types.join(", ")}`)
})

const roundCost: Cost = ([number, digits], _, keywords) => {
  const value = number ?? keywords.get("number") ?? null
  if (typeof value === "bigint") return integerCosts.rounding(value)
  if (!(value instanceof Float)) return 20
  const places = digits ?? keywords.get("ndigits")
  return typeof places === "number" ? floats.digitsCost(value.value, Math.min(Math.abs(places), 324)) : 6
}

const round = new Callable("round", "builtin_function_or_method", roundCost, (args, keywords) => {
  const [number = null, digits = null] = named("round", ["number", "ndigits"], 1, args, keywords)
  const whole = sequences.index(number)
  if (whole !== undefined) return digits === null ? whole : integers.roundTo(whole, sequences.integer(digits))
  if (!(number instanceof Float)) return typeMismatch(`type ${typeName(number)} doesn't define __round__ method`)
  if (digits === null) return integers.truncated(floats.roundHalfEven(number.value))
  return floats.roundTo(number.value, Number(sequences.integer(digits)))
})

const sum = new Callable("sum", "builtin_function_or_method", byParts(4), (args, keywords, meter) => {
  requireAtMost("sum", 2, args.length, keywords)
  if (args.length === 0) return typeMismatch("sum() takes at least 1 positional argument (0 given)")
  const [items = null, start = 0] = named("sum", ["", "start"], 1, args, keywords)
  const addends = sequences.exhaust(items, meter)
  if (typeof start === "string") return typeMismatch("sum() can't sum strings [use ''.join(seq) instead]")
  let total: Value = start
  for (const item of addends) {
    meter.spend(1)
    total = arithmetic.add(total, item, meter)
  }
  return total
})

const extreme = (name: "max" | "min"): [string, Callable] => {
  const order = name === "max" ? ">" : "<"
  return [
    name,
    new Callable(name, "builtin_function_or_method", byParts(4), (args, keywords, meter) => {
      requireCount(name, args, 1, Infinity)
      requireAtMost(name, 2, 0, keywords)
      refuseUnknown(name, ["key", "default"], keywords)
      const missing = keywords.get("default")
      if (args.length > 1 && missing !== undefined) {
        return typeMismatch(`Cannot specify a default for ${name}() with multiple positional arguments`)
      }
      const key = keywords.get("key") ?? null
      const items = args.length > 1 ? args : sequences.exhaust(args[0] ?? null, meter)
      let best: { readonly item: Value; readonly rank: Value } | undefined
      for (const item of items) {
        const rank = key === null ? item : invoke(key, [item], noKeywords, meter)
        if (best === undefined || comparison.ordered(order, rank, best.rank, meter)) best = { item, rank }
      }
      if (best !== undefined) return best.item
      return missing === undefined ? domainError(`${name}() arg is an empty sequence`) : missing
    })
  ]
}

/** The steps of sorting for each item, and for each comparison beyond what is compared. */
const sortingCost = 4
const comparisonCost = 2

const sorted = new Callable("sorted", "builtin_function_or_method", byParts(16), (args, keywords, meter) => {
  requireCount("sorted", args, 1, 1)
  const items = sequences.collect(args[0] ?? null, meter)
  refuseUnknown("sort", ["key", "reverse"], keywords)
  const key = keywords.get("key") ?? null
  const reverse = keywords.has("reverse") ? sequences.integer(keywords.get("reverse")!) : 0
  if (!(reverse >= -(2 ** 31) && reverse < 2 ** 31)) return overflow("Python int too large to convert to C int")
  meter.spend(sortingCost * items.length)
  const ranked = items.map((item) => ({ item, rank: key === null ? item : invoke(key, [item], noKeywords, meter) }))
  // Equal items keep their order, so all are turned round before and after.
  if (reverse !== 0) ranked.reverse()
  const chosen = sort(ranked, (left, right) => {
    meter.spend(comparisonCost)
    return comparison.ordered("<", left.rank, right.rank, meter)
  }).map(({ item }) => item)
  return new List(reverse === 0 ? chosen : chosen.reverse())
})

export const builtins: ReadonlyArray<readonly [string, Callable]> = [
  ...conversions,
  ...iterators,
  unary("abs", arithmetic.absoluteCost, arithmetic.absolute),
  unary("all", byParts(4), (value, meter) => all(value, meter, true)),
  unary("any", byParts(4), (value, meter) => all(value, meter, false)),
  based("bin", 2, "0b"),
  based("oct", 8, "0o"),
  based("hex", 16, "0x"),
  unary("chr", () => 2, chr),
  unary("ord", sequences.lengthCost, ord),
  unary("len", sequences.lengthCost, sequences.length),
  unary("repr", byParts(4), representation.repr),
  positional(
    "divmod",
    2,
    2,
    byParts(4),
    ([left = null, right = null], meter) => arithmetic.divideWithRemainder(left, right, meter)
  ),
  ["pow", pow],
  ["round", round],
  ["sum", sum],
  extreme("max"),
  extreme("min"),
  ["sorted", sorted]
]
