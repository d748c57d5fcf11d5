/**
 * gamma and lgamma as CPython computes them (Modules/mathmodule.c, 2010), without the C library: Lanczos's sum with
 * N = 13 and g = 6.024680040776729583740234375, the parameters of Boost's. Within 10 ulp of the value, and CPython's
 * digits, for they follow from the order of the operations.
 */
import { exp } from "./exponential.js"
import { log } from "./logarithm.js"
import { pow } from "./power.js"
import { cos, sin } from "./trigonometric.js"

const g = 6.02468004077673
const gLessHalf = 5.52468004077673

/** The coefficients of Lanczos's rational function, from the constant term up. */
const numerator = [
  23531376880.41076,
  42919803642.6491,
  35711959237.35567,
  17921034426.03721,
  6039542586.352028,
  1439720407.3117216,
  248874557.86205417,
  31426415.585400194,
  2876370.6289353725,
  186056.26539522348,
  8071.672002365816,
  210.82427775157936,
  2.5066282746310002
]

/** x (x + 1) ... (x + 11). */
const denominator = [
  0,
  39916800,
  120543840,
  150917976,
  105258076,
  45995730,
  13339535,
  2637558,
  357423,
  32670,
  1925,
  66,
  1
]

/** Lanczos's sum for x > 0: from 5 up in powers of 1/x, against overflow. */
const lanczosSum = (x: number): number => {
  let top = 0
  let bottom = 0
  if (x < 5) {
    for (let i = numerator.length - 1; i >= 0; i--) {
      top = top * x + numerator[i]!
      bottom = bottom * x + denominator[i]!
    }
  } else {
    for (let i = 0; i < numerator.length; i++) {
      top = top / x + numerator[i]!
      bottom = bottom / x + denominator[i]!
    }
  }
  return top / bottom
}

/** sin(pi x) for a finite x > 0, exact in its zeros. */
const sinPi = (x: number): number => {
  const y = x % 2
  if (y < 0.25) return sin(Math.PI * y)
  if (y < 0.75) return cos(Math.PI * (y - 0.5))
  if (y < 1.25) return sin(Math.PI * (1 - y))
  if (y < 1.75) return -cos(Math.PI * (y - 1.5))
  return sin(Math.PI * (y - 2))
}

/** (n - 1)! for n = 1 ... 23, all of them exact. */
const factorials = [1]
for (let n = 1; n < 23; n++) factorials.push(factorials[n - 1]! * n)

/** The gamma function, within 10 ulp. NaN at negative integers and -Infinity; an infinity of the zero's sign at 0. */
export const gamma = (x: number): number => {
  if (x - x !== 0) return x === -Infinity ? NaN : x
  if (x === 0) return 1 / x
  if (x === Math.floor(x)) {
    if (x < 0) return NaN
    if (x <= factorials.length) return factorials[x - 1]!
  }
  const size = Math.abs(x)
  if (size < 1e-20) return 1 / x
  if (size > 200) return x > 0 ? Infinity : sinPi(size) > 0 ? -0 : 0

  const y = size + gLessHalf
  // The rounding error of that sum, which the power would magnify.
  const z = (size > gLessHalf ? (y - size) - gLessHalf : (y - gLessHalf) - size) * g / y
  if (x < 0) {
    let r = -Math.PI / sinPi(size) / size * exp(y) / lanczosSum(size)
    r -= z * r
    if (size < 140) return r / pow(y, size - 0.5)
    const root = pow(y, size / 2 - 0.25)
    return r / root / root
  }
  let r = lanczosSum(size) / exp(y)
  r += z * r
  if (size < 140) return r * pow(y, size - 0.5)
  const root = pow(y, size / 2 - 0.25)
  return r * root * root
}

const logPi = 1.1447298858494002

/** The logarithm of the gamma function's absolute value. Infinite at 0, at negative integers and at infinities. */
export const lgamma = (x: number): number => {
  if (x - x !== 0) return Math.abs(x)
  if (x === Math.floor(x) && x <= 2) return x <= 0 ? Infinity : 0
  const size = Math.abs(x)
  if (size < 1e-20) return -log(size)
  const r = log(lanczosSum(size)) - g + (size - 0.5) * (log(size + g - 0.5) - 1)
  return x < 0 ? logPi - log(Math.abs(sinPi(size))) - log(size) - r : r
}
