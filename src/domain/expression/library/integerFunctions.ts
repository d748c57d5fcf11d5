/**
 * The integer functions of `math`.
 */
import type { Meter } from "../meter.js"
import * as sequences from "../operators/sequences.js"
import { domainError, overflow } from "../raise.js"
import * as integers from "../values/integers.js"
import type { Int, Value } from "../values/values.js"

/** Steps of Euclid's algorithm between two looks at the size, which is charged for each of them. */
const stride = 32

const greatestCommon = (left: Int, right: Int, meter: Meter): Int => {
  let [a, b] = [BigInt(integers.absolute(left)), BigInt(integers.absolute(right))]
  for (let step = 0; b !== 0n; step++) {
    if (step % stride === 0) meter.spend(1 + stride * integers.bitLength(b) / 256)
    ;[a, b] = [b, a % b]
  }
  return integers.fromBigInt(a)
}

export const gcd = (args: ReadonlyArray<Value>, meter: Meter): Int =>
  args.map(sequences.integer).reduce((left: Int, right: Int) => greatestCommon(left, right, meter), 0)

export const lcm = (args: ReadonlyArray<Value>, meter: Meter): Int =>
  args.map(sequences.integer).reduce((left: Int, right: Int) => {
    if (left === 0 || right === 0) return 0
    const common = greatestCommon(left, right, meter)
    return integers.absolute(integers.multiply(integers.floorDivide(left, common, meter), right, meter))
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

/** The falling factorial `n (n-1) … (n-k+1)`. */
const falling = (n: Int, k: Int, meter: Meter): bigint => {
  const bits = Number(k) * Math.max(1, Math.log2(Number(n)))
  // Stirling's bound, for the factorial itself.
  meter.integer(k === n ? Number(n) * Math.max(1, Math.log2(Number(n)) - 1.44) : bits)
  meter.product(bits, bits)
  return product(BigInt(n) - BigInt(k) + 1n, BigInt(n))
}

const longest = 2n ** 63n - 1n

export const factorial = (value: Value, meter: Meter): Int => {
  const n = sequences.integer(value)
  if (n < 0) return domainError("factorial() not defined for negative values")
  if (n > longest) return overflow(`factorial() argument should not exceed ${longest}`)
  return integers.fromBigInt(falling(n, n, meter))
}

const natural = (value: Value, name: string): Int => {
  const whole = sequences.integer(value)
  return whole < 0 ? domainError(`${name} must be a non-negative integer`) : whole
}

export const perm = ([first = null, second = null]: ReadonlyArray<Value>, meter: Meter): Int => {
  if (second === null) return factorial(first, meter)
  sequences.integer(first)
  sequences.integer(second)
  const n = natural(first, "n")
  const k = natural(second, "k")
  return k > n ? 0 : integers.fromBigInt(falling(n, k, meter))
}

export const comb = ([first = null, second = null]: ReadonlyArray<Value>, meter: Meter): Int => {
  sequences.integer(first)
  sequences.integer(second)
  const n = natural(first, "n")
  const k = natural(second, "k")
  if (k > n) return 0
  const rest = integers.subtract(n, k, meter)
  const fewer = rest < k ? rest : k
  return integers.fromBigInt(falling(n, fewer, meter) / falling(fewer, fewer, meter))
}

export const isqrt = (value: Value, meter: Meter): Int => {
  const n = sequences.integer(value)
  if (n < 0) return domainError("isqrt() argument must be nonnegative")
  if (n === 0) return 0
  const bits = integers.bitLength(n)
  const target = BigInt(n)
  // Newton's iteration from above falls until it reaches the root.
  let root = 1n << BigInt(Math.ceil(bits / 2))
  for (;;) {
    meter.product(bits / 2, bits / 2)
    const next = (root + target / root) >> 1n
    if (next >= root) return integers.fromBigInt(root)
    root = next
  }
}
