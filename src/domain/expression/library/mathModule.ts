/**
 * The `math` module.
 */
import * as elementary from "../elementary/functions.js"
import type { Meter } from "../meter.js"
import * as arithmetic from "../operators/arithmetic.js"
import * as sequences from "../operators/sequences.js"
import { divisionByZero, domainError, typeMismatch } from "../raise.js"
import * as floats from "../values/floats.js"
import * as integerCosts from "../values/integerCosts.js"
import * as integers from "../values/integers.js"
import { Callable, type Cost, Float, typeName, type Value } from "../values/values.js"
import * as integerFunctions from "./integerFunctions.js"
import * as realFunctions from "./realFunctions.js"
import { outside, real, tooLarge } from "./realFunctions.js"
import { byParts, flat, named, positional, refuseUnknown, requireAtMost, unary } from "./signature.js"

type Member = readonly [string, Value]

const one = (
  name: string,
  cost: (value: Value, meter: Meter) => number,
  apply: (value: Value, meter: Meter) => Value
): Member => unary(name, cost, apply, `math.${name}`)

const many = (
  name: string,
  least: number,
  most: number,
  cost: Cost,
  apply: (args: ReadonlyArray<Value>, meter: Meter) => Value
): Member => positional(name, least, most, cost, apply, "builtin_function_or_method", `math.${name}`)

const pair = (name: string, steps: number, apply: (x: number, y: number) => number): Member =>
  many(name, 2, 2, flat(steps), ([x = null, y = null]) => new Float(apply(real(x), real(y))))

/** A C function of one real, the steps it takes, and what is raised where it makes an infinity of a finite argument. */
type Elementary = readonly [name: string, steps: number, apply: (x: number) => number, infinite: () => never]

/** Of the others an infinity is a pole. */
const bounded = (name: string, steps: number, apply: (x: number) => number): Elementary => [name, steps, apply, outside]

const growing = (
  name: string,
  steps: number,
  apply: (x: number) => number
): Elementary => [name, steps, apply, tooLarge]

const isPole = (x: number): boolean => x <= 0 && (Number.isInteger(x) || x === -Infinity)

const elementaries: ReadonlyArray<Elementary> = [
  bounded("acos", 4, elementary.acos),
  bounded("acosh", 6, elementary.acosh),
  bounded("asin", 4, elementary.asin),
  bounded("asinh", 6, elementary.asinh),
  bounded("atan", 4, elementary.atan),
  bounded("atanh", 4, elementary.atanh),
  bounded("cbrt", 6, elementary.cbrt),
  bounded("cos", 16, elementary.cos),
  growing("cosh", 4, elementary.cosh),
  bounded("erf", 4, elementary.erf),
  bounded("erfc", 4, elementary.erfc),
  growing("exp", 2, elementary.exp),
  growing("exp2", 4, elementary.exp2),
  growing("expm1", 6, elementary.expm1),
  bounded("fabs", 1, Math.abs),
  growing("gamma", 12, (x) => isPole(x) ? NaN : elementary.gamma(x)),
  growing("lgamma", 16, (x) => isPole(x) && x !== -Infinity ? NaN : elementary.lgamma(x)),
  bounded("log1p", 6, elementary.log1p),
  bounded("sin", 16, elementary.sin),
  growing("sinh", 4, elementary.sinh),
  bounded("sqrt", 1, Math.sqrt),
  bounded("tan", 20, elementary.tan),
  bounded("tanh", 4, elementary.tanh)
]

/** The functions of one real, as they are in C. */
export const functions: ReadonlyMap<string, (x: number) => number> = new Map(
  elementaries.map(([name, , apply]) => [name, apply])
)

const member = ([name, steps, apply, infinite]: Elementary): Member =>
  one(name, flat(steps), (value) => {
    const x = real(value)
    const result = apply(x)
    if (Number.isNaN(result) && !Number.isNaN(x)) return outside()
    if (Math.abs(result) === Infinity && Number.isFinite(x)) return infinite()
    return new Float(result)
  })

/** The logarithm of an int of any size: past a float's range it is split into a mantissa and a power of two. */
const logarithm = (value: Value, log: (x: number) => number): number => {
  const whole = sequences.index(value)
  const x = whole !== undefined && !Number.isFinite(Number(whole)) ? NaN : real(value)
  if (whole === undefined || !Number.isNaN(x)) return x <= 0 ? outside() : log(x)
  if (whole < 0) return outside()
  const bits = integers.bitLength(whole)
  const mantissa = integers.fraction(whole, bits)
  // Rounded, it may be 1, where C's frexp has a half.
  return mantissa === 1 ? log(0.5) + log(2) * (bits + 1) : log(mantissa) + log(2) * bits
}

const logarithmCost = (value: Value): number => typeof value === "bigint" ? 60 + 6 * integerCosts.unary(value) : 8

const log = (value: Value, base: Value | undefined): Float => {
  const numerator = logarithm(value, elementary.log)
  if (base === undefined) return new Float(numerator)
  const denominator = logarithm(base, elementary.log)
  return new Float(denominator === 0 ? divisionByZero("float division by zero") : numerator / denominator)
}

/** Towards an integer; ints are there already. */
const rounding = (name: string, round: (x: number) => number): Member =>
  one(name, flat(4), (value) => sequences.index(value) ?? integers.truncated(round(real(value))))

const trunc = (value: Value): Value => {
  if (value instanceof Float) return integers.truncated(value.value)
  return sequences.index(value) ?? typeMismatch(`type ${typeName(value)} doesn't define __trunc__ method`)
}

const prod = new Callable("prod", "builtin_function_or_method", byParts(4), (args, keywords, meter) => {
  requireAtMost("prod", 2, args.length, keywords)
  if (args.length !== 1) {
    return typeMismatch(`prod() takes exactly 1 positional argument (${args.length} given)`)
  }
  refuseUnknown("prod", ["start"], keywords)
  let total: Value = keywords.has("start") ? keywords.get("start")! : 1
  for (const item of sequences.exhaust(args[0] ?? null, meter)) {
    meter.spend(1)
    total = arithmetic.multiply(total, item, meter)
  }
  return total
})

/** The steps that each coordinate takes. */
const distanceCost = 2

const dist = ([first = null, second = null]: ReadonlyArray<Value>, meter: Meter): Float => {
  const p = sequences.collect(first, meter)
  const q = sequences.collect(second, meter)
  meter.spend(distanceCost * (p.length + q.length))
  if (p.length !== q.length) return domainError("both points must have the same number of dimensions")
  return new Float(elementary.hypot(p.map((item, index) => real(item) - real(q[index] ?? null))))
}

const isclose = new Callable("isclose", "builtin_function_or_method", flat(8), (args, keywords) => {
  requireAtMost("isclose", 4, args.length, keywords)
  if (args.length > 2) {
    return typeMismatch(`isclose() takes exactly 2 positional arguments (${args.length} given)`)
  }
  const parameters = ["a", "b", "rel_tol", "abs_tol"]
  const [first = null, second = null, relation, distance] = named("isclose", parameters, 2, args, keywords)
  const [a, b] = [real(first), real(second)]
  const relative = relation === undefined ? 1e-9 : real(relation)
  const absolute = distance === undefined ? 0 : real(distance)
  if (relative < 0 || absolute < 0) return domainError("tolerances must be non-negative")
  if (a === b) return true
  if (Math.abs(a) === Infinity || Math.abs(b) === Infinity) return false
  const difference = Math.abs(b - a)
  return difference <= Math.abs(relative * b) || difference <= Math.abs(relative * a) || difference <= absolute
})

const ldexpCost: Cost = ([, exponent = null]) => 50 + (typeof exponent === "bigint" ? integerCosts.unary(exponent) : 0)

const ldexp = ([value = null, exponent = null]: ReadonlyArray<Value>): Float => {
  const x = real(value)
  const places = sequences.index(exponent)
  if (places === undefined) return typeMismatch("Expected an int as second argument to ldexp.")
  return new Float(floats.loadExponent(x, places))
}

export const mathematics: ReadonlyMap<string, Value> = new Map<string, Value>([
  ["pi", new Float(Math.PI)],
  ["e", new Float(Math.E)],
  ["tau", new Float(2 * Math.PI)],
  ["inf", new Float(Infinity)],
  ["nan", new Float(NaN)],
  ...elementaries.map(member),
  pair("atan2", 6, elementary.atan2),
  pair("copysign", 1, realFunctions.copysign),
  pair("fmod", 32, realFunctions.fmod),
  pair("nextafter", 5, realFunctions.nextafter),
  pair("pow", 8, realFunctions.pow),
  pair("remainder", 40, realFunctions.remainder),
  positional(
    "log",
    0,
    Infinity,
    ([value = null, base = null]) => logarithmCost(value) + logarithmCost(base),
    ([value, base, ...rest]) => {
      if (value === undefined || rest.length > 0) return typeMismatch("math.log requires 1 to 2 arguments")
      return log(value, base)
    }
  ),
  one("log2", logarithmCost, (value) => new Float(logarithm(value, elementary.log2))),
  one("log10", logarithmCost, (value) => new Float(logarithm(value, elementary.log10))),
  one("degrees", flat(1), (value) => new Float(real(value) * (180 / Math.PI))),
  one("radians", flat(1), (value) => new Float(real(value) * (Math.PI / 180))),
  one("isfinite", flat(1), (value) => Number.isFinite(real(value))),
  one("isinf", flat(1), (value) => Math.abs(real(value)) === Infinity),
  one("isnan", flat(1), (value) => Number.isNaN(real(value))),
  one("frexp", flat(40), (value) => realFunctions.frexp(real(value))),
  one("modf", flat(6), (value) => realFunctions.modf(real(value))),
  one("ulp", flat(4), (value) => new Float(realFunctions.ulp(real(value)))),
  one("trunc", flat(4), trunc),
  rounding("floor", Math.floor),
  rounding("ceil", Math.ceil),
  many("ldexp", 2, 2, ldexpCost, ldexp),
  many(
    "hypot",
    0,
    Infinity,
    (args) => distanceCost * args.length,
    (args) => new Float(elementary.hypot(args.map(real)))
  ),
  many("dist", 2, 2, byParts(4), dist),
  one("fsum", byParts(40), realFunctions.fsum),
  one("factorial", integerFunctions.factorialCost, integerFunctions.factorial),
  one("isqrt", integerFunctions.isqrtCost, integerFunctions.isqrt),
  many("comb", 2, 2, integerFunctions.combCost, integerFunctions.comb),
  many("perm", 1, 2, integerFunctions.permCost, integerFunctions.perm),
  many("gcd", 0, Infinity, byParts(4), integerFunctions.gcd),
  many("lcm", 0, Infinity, byParts(4), integerFunctions.lcm),
  ["prod", prod],
  ["isclose", isclose]
])
