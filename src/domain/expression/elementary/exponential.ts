/**
 * exp and exp2.
 *
 * exp(x) = 2^(k/128) e^r with |r| < ln 2 / 256: a table of roots of two and a polynomial of degree five, as in
 * S. Nagy's "optimized routines" (Arm, 2018), whose error is below 0.511 ulp and which glibc has used since 2.28.
 * The table is computed here; the minimax coefficients are theirs. On x86-64 glibc runs the form compiled for fused
 * multiply-add, so that one sum, the last, is fused here too.
 */
import { powerOfTwo, scaleByPowerOfTwo } from "./bits.js"
import { toInteger } from "./constants.js"
import { type DoubleDouble, fromNumber, multiply, productError, squareRoot } from "./doubledouble.js"

const size = 128

/** 2^(i/128) as root[i] (1 + tail[i]), each the nearest double. Products of repeated square roots, within 2^-100. */
const root = new Float64Array(size)
const tail = new Float64Array(size)
{
  let powers: ReadonlyArray<DoubleDouble> = [fromNumber(1)]
  let ratio = fromNumber(2)
  while (powers.length < size) {
    ratio = squareRoot(ratio)
    powers = powers.flatMap((power) => [power, multiply(power, ratio)])
  }
  powers.forEach((power, i) => {
    root[i] = power.high
    tail[i] = power.low / power.high
  })
}

/** -ln 2 / 128; the high part has 36 bits, so that its product with k is exact. */
const stepHigh = -0.005415212348111709
const stepLow = -1.2864023111638346e-14

/**
 * e^(x + rest), where |rest| is below an ulp of x and |x| < 2000: also the last step of `pow`.
 * Within 0.511 ulp of the value for the given sum.
 */
export const expOfSum = (x: number, rest: number): number => {
  const n = (184.6649652337873 * x + toInteger) - toInteger
  const r = x + n * stepHigh + n * stepLow + rest
  const i = n & (size - 1)
  const r2 = r * r
  const scale = root[i]!
  const excess = tail[i]! + r + r2 * (0.49999999999996786 + r * 0.16666666666665886)
    + r2 * r2 * (0.0416666808410674 + r * 0.008333335853059549)
  const product = scale * excess
  const sum = scale + product
  const error = product - (sum - scale)
  const k = n >> 7
  // glibc's path for results that may underflow shares the product between two sums, and so does not fuse it.
  if (x <= -512) return scaled(sum, error, k)
  const y = sum + (error + productError(scale, excess, product))
  return k < 1024 ? y * powerOfTwo(k) : scaleByPowerOfTwo(y, k)
}

/** (y + error) * 2^k where that may be subnormal and so must be rounded sooner. */
const scaled = (y: number, error: number, k: number): number => {
  if (k > 0) return scaleByPowerOfTwo(y, k)
  const high = scaleByPowerOfTwo(y, k + 1022)
  if (high >= 1) return high * powerOfTwo(-1022)
  // In [1, 2) an ulp is 2^-52: adding 1 rounds to the bits that a subnormal keeps.
  const sum = 1 + high
  const low = (1 - sum) + high + scaleByPowerOfTwo(error, k + 1022)
  return ((sum + low) - 1) * powerOfTwo(-1022)
}

/** e^x, within 0.511 ulp: CPython's digits. */
export const exp = (x: number): number => {
  if (Math.abs(x) < 5.551115123125783e-17) return 1 + x
  if (!(x < 710)) return x + Infinity
  if (x < -746) return 0
  return expOfSum(x, 0)
}

/** 2^x, within 0.511 ulp: CPython's digits. Exact for integers. */
export const exp2 = (x: number): number => {
  if (Math.abs(x) < 5.551115123125783e-17) return 1 + x
  if (!(x < 1024)) return x + Infinity
  if (x < -1075) return 0
  const n = (x * size + toInteger) - toInteger
  const r = x - n / size
  const i = n & (size - 1)
  const r2 = r * r
  const scale = root[i]!
  const excess = tail[i]! + r * Math.LN2 + r2 * (0.24022650695909065 + r * 0.0555041086686087)
    + r2 * r2 * (0.009618131975721055 + r * 0.0013332074570119598)
  const product = scale * excess
  const y = scale + product
  const k = n >> 7
  return k > -1022 && k < 1024 ? y * powerOfTwo(k) : scaled(y, (scale - y) + product, k)
}
