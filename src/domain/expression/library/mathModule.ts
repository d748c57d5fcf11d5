/**
 * The `math` module.
 */
import * as elementary from "../elementary/functions.js"
import type { Meter } from "../meter.js"
import * as arithmetic from "../operators/arithmetic.js"
import * as sequences from "../operators/sequences.js"
import { divisionByZero, domainError, typeMismatch } from "../raise.js"
import * as floats from "../values/floats.js"
import * as integers from "../values/integers.js"
import { Callable, Float, typeName, type Value } from "../values/values.js"
import * as integerFunctions from "./integerFunctions.js"
import * as realFunctions from "./realFunctions.js"
import { outside, real, tooLarge } from "./realFunctions.js"
import { named, positional, refuseUnknown, requireAtMost, unary } from "./signature.js"

type Member = readonly [string, Value]

const one = (name: string, apply: (value: Value, meter: Meter) => Value): Member => unary(name, apply, `math.${name}`)

const many = (
  name: string,
  least: number,
  most: number,
  apply: (args: ReadonlyArray<Value>, meter: Meter) => Value
): Member => positional(name, least, most, apply, "builtin_function_or_method", `math.${name}`)

const pair = (name: string, apply: (x: number, y: number) => number): Member =>
  many(name, 2, 2, ([x = null, y = null]) => new Float(apply(real(x), real(y))))

/** A C function of one real, and what is raised where it makes an infinity of a finite argument. */
type Elementary = readonly [name: string, apply: (x: number) => number, infinite: () => never]

/** Of the others an infinity is a pole. */
const bounded = (name: string, apply: (x: number) => number): Elementary => [name, apply, outside]

const growing = (name: string, apply: (x: number) => number): Elementary => [name, apply, tooLarge]

const isPole = (x: number): boolean => x <= 0 && (Number.isInteger(x) || x === -Infinity)

const elementaries: ReadonlyArray<Elementary> = [
  bounded("acos", elementary.acos),
  bounded("acosh", elementary.acosh),
  bounded("asin", elementary.asin),
  bounded("asinh", elementary.asinh),
  bounded("atan", elementary.atan),
  bounded("atanh", elementary.atanh),
  bounded("cbrt", elementary.cbrt),
  bounded("cos", elementary.cos),
  growing("cosh", elementary.cosh),
  bounded("erf", elementary.erf),
  bounded("erfc", elementary.erfc),
  growing("exp", elementary.exp),
  growing("exp2", elementary.exp2),
  growing("expm1", elementary.expm1),
  bounded("fabs", Math.abs),
  growing("gamma", (x) => isPole(x) ? NaN : elementary.gamma(x)),
  growing("lgamma", (x) => isPole(x) && x !== -Infinity ? NaN : elementary.lgamma(x)),
  bounded("log1p", elementary.log1p),
  bounded("sin", elementary.sin),
  growing("sinh", elementary.sinh),
  bounded("sqrt", Math.sqrt),
  bounded("tan", elementary.tan),
  bounded("tanh", elementary.tanh)
]

/** The functions of one real, as they are in C. */
export const functions: ReadonlyMap<string, (x: number) => number> = new Map(
  elementaries.map(([name, apply]) => [name, apply])
)

const member = ([name, apply, infinite]: Elementary): Member =>
  one(name, (value) => {
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
  const mantissa = integers.ratio(BigInt(whole), 1n << BigInt(bits))
  // Rounded, it may be 1, where C's frexp has a half.
  return mantissa === 1 ? log(0.5) + log(2) * (bits + 1) : log(mantissa) + log(2) * bits
}

const log = (value: Value, base: Value | undefined): Float => {
  const numerator = logarithm(value, elementary.log)
  if (base === undefined) return new Float(numerator)
  const denominator = logarithm(base, elementary.log)
  return new Float(denominator === 0 ? divisionByZero("float division by zero") : numerator / denominator)
}

/** Towards an integer; ints are there already. */
const rounding = (name: string, round: (x: number) => number): Member =>
  one(name, (value) => sequences.index(value) ?? integers.truncated(round(real(value))))

const trunc = (value: Value): Value => {
  if (value instanceof Float) return integers.truncated(value.value)
  return sequences.index(value) ?? typeMismatch(`type ${typeName(value)} doesn't define __trunc__ method`)
}

const prod = new Callable("prod", "builtin_function_or_method", (args, keywords, meter) => {
  requireAtMost("prod", 2, args.length, keywords)
  if (args.length !== 1) {
    return typeMismatch(`prod() takes exactly 1 positional argument (${args.length} given)`)
  }
  refuseUnknown("prod", ["start"], keywords)
  let total: Value = keywords.has("start") ? keywords.get("start")! : 1
  for (const item of sequences.iterate(args[0] ?? null, meter)) {
    meter.spend(1)
    total = arithmetic.multiply(total, item, meter)
  }
  return total
})

const dist = ([first = null, second = null]: ReadonlyArray<Value>, meter: Meter): Float => {
  const p = sequences.collect(first, meter)
  const q = sequences.collect(second, meter)
  if (p.length !== q.length) return domainError("both points must have the same number of dimensions")
  return new Float(elementary.hypot(p.map((item, index) => real(item) - real(q[index] ?? null))))
}

const isclose = new Callable("isclose", "builtin_function_or_method", (args, keywords) => {
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
  pair("atan2", elementary.atan2),
  pair("copysign", realFunctions.copysign),
  pair("fmod", realFunctions.fmod),
  pair("nextafter", realFunctions.nextafter),
  pair("pow", realFunctions.pow),
  pair("remainder", realFunctions.remainder),
  positional("log", 0, Infinity, ([value, base, ...rest]) => {
    if (value === undefined || rest.length > 0) return typeMismatch("math.log requires 1 to 2 arguments")
    return log(value, base)
  }),
  one("log2", (value) => new Float(logarithm(value, elementary.log2))),
  one("log10", (value) => new Float(logarithm(value, elementary.log10))),
  one("degrees", (value) => new Float(real(value) * (180 / Math.PI))),
  one("radians", (value) => new Float(real(value) * (Math.PI / 180))),
  one("isfinite", (value) => Number.isFinite(real(value))),
  one("isinf", (value) => Math.abs(real(value)) === Infinity),
  one("isnan", (value) => Number.isNaN(real(value))),
  one("frexp", (value) => realFunctions.frexp(real(value))),
  one("modf", (value) => realFunctions.modf(real(value))),
  one("ulp", (value) => new Float(realFunctions.ulp(real(value)))),
  one("trunc", trunc),
  rounding("floor", Math.floor),
  rounding("ceil", Math.ceil),
  many("ldexp", 2, 2, ldexp),
  many("hypot", 0, Infinity, (args) => new Float(elementary.hypot(args.map(real)))),
  many("dist", 2, 2, dist),
  one("fsum", realFunctions.fsum),
  one("factorial", integerFunctions.factorial),
  one("isqrt", integerFunctions.isqrt),
  many("comb", 2, 2, integerFunctions.comb),
  many("perm", 1, 2, integerFunctions.perm),
  many("gcd", 0, Infinity, integerFunctions.gcd),
  many("lcm", 0, Infinity, integerFunctions.lcm),
  ["prod", prod],
  ["isclose", isclose]
])
