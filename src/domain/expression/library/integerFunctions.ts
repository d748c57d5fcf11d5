/**
 * The integer functions of `math`.
 */
import type { Meter } from "../meter.js"
import * as sequences from "../operators/sequences.js"
import { domainError, overflow } from "../raise.js"
import * as integerCosts from "../values/integerCosts.js"
import * as integers from "../values/integers.js"
import type { Cost, Int, Value } from "../values/values.js"

const greatestCommon = (left: Int, right: Int, meter: Meter): Int => {
  meter.spend(integerCosts.commonDivisor(left, right))
  let [a, b] = [integers.absolute(left), integers.absolute(right)]
  while (typeof b === "bigint") [a, b] = [b, integers.fromBigInt(BigInt(a) % b)]
  if (b === 0) return a
  let [c, d] = [b, Number(BigInt(a) % BigInt(b))]
  while (d !== 0) [c, d] = [d, c % d]
  return c
}

export const gcd = (args: ReadonlyArray<Value>, meter: Meter): Int =>
  args.map(sequences.integer).reduce((left: Int, right: Int) => greatestCommon(left, right, meter), 0)

export const lcm = (args: ReadonlyArray<Value>, meter: Meter): Int =>
  args.map(sequences.integer).reduce((left: Int, right: Int) => {
    if (left === 0 || right === 0) return 0
    const common = greatestCommon(left, right, meter)
    meter.spend(integerCosts.division(left, common))
    const quotient = integers.floorDivide(left, common)
    meter.spend(integerCosts.multiplication(quotient, right, meter))
    return integers.absolute(integers.multiply(quotient, right))
  }, 1)

/** The product of `first … last`, by halves so that most multiplications are small. */
const product = (first: bigint, last: bigint): bigint => {
  if (last - first < 8n) {
    let result = 1n
    for (let factor = first; factor <= last; factor++) result *= factor
    return result
  }
  const middle = (first + last) / 2n
  return product(first, middle) * product(middle + 1n, last)
}

/** The steps of the falling factorial `n (n-1) … (n-k+1)`, if the budget has room for it. */
const fallingCost = (n: Int, k: Int, meter: Meter): number => {
  const width = Math.max(1, integers.sizeInBits(n))
  const logarithm = Math.log2(Number(n))
  const most = Number(k) * (logarithm < Infinity ? Math.max(1, logarithm) : width)
  // Stirling's bound, for the factorial itself.
  const bits = k === n ? Number(n) * Math.max(1, logarithm - 1.44) : most
  return meter.integer(bits) + integerCosts.falling(Number(k), n, bits)
}

const falling = (n: Int, k: Int): bigint => product(BigInt(n) - BigInt(k) + 1n, BigInt(n))

const longest = 2n ** 63n - 1n

export const factorialCost = (value: Value, meter: Meter): number => {
  const n = sequences.index(value) ?? 0
  return n < 0 || n > longest ? 0 : fallingCost(n, n, meter)
}

export const factorial = (value: Value): Int => {
  const n = sequences.integer(value)
  if (n < 0) return domainError("factorial() not defined for negative values")
  if (n > longest) return overflow(`factorial() argument should not exceed ${longest}`)
  return integers.fromBigInt(falling(n, n))
}

const natural = (value: Value, name: string): Int => {
  const whole = sequences.integer(value)
  return whole < 0 ? domainError(`${name} must be a non-negative integer`) : whole
}

export const permCost: Cost = ([first = null, second = null], meter) => {
  if (second === null) return factorialCost(first, meter)
  const [n, k] = [sequences.index(first), sequences.index(second)]
  return n === undefined || k === undefined || k < 0 || k > n ? 0 : fallingCost(n, k, meter)
}

export const perm = ([first = null, second = null]: ReadonlyArray<Value>): Int => {
  if (second === null) return factorial(first)
  sequences.integer(first)
  sequences.integer(second)
  const n = natural(first, "n")
  const k = natural(second, "k")
  return k > n ? 0 : integers.fromBigInt(falling(n, k))
}

/** The fewer of the two that are chosen and left. */
const fewer = (n: Int, k: Int): Int => {
  const rest = integers.subtract(n, k)
  return rest < k ? rest : k
}

export const combCost: Cost = ([first = null, second = null], meter) => {
  const [n, k] = [sequences.index(first), sequences.index(second)]
  if (n === undefined || k === undefined || k < 0 || k > n) return 0
  const chosen = fewer(n, k)
  const cost = fallingCost(n, chosen, meter) + fallingCost(chosen, chosen, meter)
  const words = Number(chosen) * integers.sizeInBits(n) / 64
  return cost + integerCosts.quotient(words, words / 2)
}

export const comb = ([first = null, second = null]: ReadonlyArray<Value>): Int => {
  sequences.integer(first)
  sequences.integer(second)
  const n = natural(first, "n")
  const k = natural(second, "k")
  if (k > n) return 0
  const chosen = fewer(n, k)
  return integers.fromBigInt(falling(n, chosen) / falling(chosen, chosen))
}

export const isqrtCost = (value: Value): number => integerCosts.root(sequences.index(value) ?? 0)

export const isqrt = (value: Value): Int => {
  const n = sequences.integer(value)
  if (n < 0) return domainError("isqrt() argument must be nonnegative")
  if (n === 0) return 0
  const bits = integers.bitLength(n)
  const target = BigInt(n)
  // Newton's iteration from above falls until it reaches the root.
  let root = 1n << BigInt(Math.ceil(bits / 2))
  for (;;) {
    const next = (root + target / root) >> 1n
    if (next >= root) return integers.fromBigInt(root)
    root = next
  }
}
