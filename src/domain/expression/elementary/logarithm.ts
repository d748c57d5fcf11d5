/**
 * log, log2 and log10.
 *
 * log x = k ln 2 + log c + log1p(z/c - 1), where x = 2^k z and c comes from a table, and near 1 a polynomial alone:
 * S. Nagy's "optimized routines" (Arm, 2018), in glibc since 2.28, here as compiled for fused multiply-add. The
 * minimax coefficients are theirs.
 */
import { fromWords, highWord, lowWord } from "./bits.js"
import { ln2High, ln2Low } from "./constants.js"
import { fusedMultiplyAdd, productError } from "./doubledouble.js"
import { binaryTable, leastZ, naturalTable } from "./logarithmTable.js"

/** What the last call of `reduce` left: x = 2^exponent z, and z's part of the table; z is its result. */
const exponent = new Int32Array(1)
const offset = new Int32Array(1)

/** z in [0.6875, 1.375) for a finite x > 0. */
const reduce = (x: number): number => {
  if (x < 2.2250738585072014e-308) {
    const z = reduce(x * 2 ** 52)
    exponent[0]! -= 52
    return z
  }
  const high = highWord(x)
  const distance = high - leastZ
  exponent[0] = distance >> 20
  offset[0] = distance & 0xfffff
  return fromWords(high - (distance & 0xfff00000), lowWord(x))
}

/** The logarithm to any base of zero, a negative number, Infinity or NaN. */
const logOfSpecial = (x: number): number => x === 0 ? -Infinity : x > 0 ? x : NaN

/** The natural logarithm, within 0.52 ulp: CPython's digits. */
export const log = (x: number): number => {
  if (x >= 0.9375 && x < 1.064697265625) return logNearOne(x - 1)
  if (!(x > 0 && x < Infinity)) return logOfSpecial(x)
  const z = reduce(x)
  const i = offset[0]! >> 13
  const k = exponent[0]!
  const r = fusedMultiplyAdd(z, naturalTable.inverse[i]!, -1)
  const w = k * ln2High + naturalTable.logarithm[i]!
  const high = w + r
  const low = (w - high) + r + k * ln2Low
  const r2 = r * r
  return low + r2 * -0.5000000000000001
    + r * r2 * (0.33333333331825593 + r * -0.2499999999622955 + r2 * (0.20000304511814496 + r * -0.16667054827627667))
    + high
}

/** log(1 + r) for |r| < 0.065. */
const logNearOne = (r: number): number => {
  const r2 = r * r
  const r3 = r * r2
  const series = r3
    * (0.3333333333333352 + r * -0.24999999999998432 + r2 * 0.19999999999320328
      + r3
        * (-0.16666666669929706 + r * 0.14285715076560868 + r2 * -0.12499997863982555
          + r3 *
            (0.11110712032936046 + r * -0.10000486757818193 + r2 * 0.09181994006195467 + r3 * -0.08328363062289341)))
  // r - r^2/2 in two parts: a factor of 26 bits has an exact square.
  const w = r * 134217728
  const rHigh = (r + w) - w
  const rLow = r - rHigh
  const square = rHigh * rHigh * -0.5
  const high = r + square
  const low = ((r - high) + square) + -0.5 * rLow * (rHigh + r)
  return (series + low) + high
}

/** 1 / ln 2; the high part has 32 bits. */
const log2eHigh = 1.4426950407214463
const log2eLow = 1.6751713164886512e-10

/** The binary logarithm, within 0.55 ulp: CPython's digits. Exact for powers of two. */
export const log2 = (x: number): number => {
  if (x >= 0.9576029777526855 && x < 1.0442743301391602) return log2NearOne(x - 1)
  if (!(x > 0 && x < Infinity)) return logOfSpecial(x)
  const z = reduce(x)
  const i = offset[0]! >> 14
  const r = fusedMultiplyAdd(z, binaryTable.inverse[i]!, -1)
  const t1 = r * log2eHigh
  const t2 = r * log2eLow + productError(r, log2eHigh, t1)
  const w = exponent[0]! + binaryTable.logarithm[i]!
  const high = w + t1
  const low = (w - high) + t1 + t2
  const r2 = r * r
  const p = -0.7213475204444882 + r * 0.4808983469629985 + r2 * (-0.36067375954075914 + r * 0.2885390073180969)
    + r2 * r2 * (-0.2404693555628422 + r * 0.2061202382173603)
  return low + r2 * p + high
}

/** log2(1 + r) for |r| < 0.045. */
const log2NearOne = (r: number): number => {
  const high = r * log2eHigh
  const r2 = r * r
  const r4 = r2 * r2
  const p = -0.7213475204444817 + r * 0.48089834696298744
  const y = fusedMultiplyAdd(r2, p, high)
  const low = (r * log2eLow + productError(r, log2eHigh, high)) + fusedMultiplyAdd(r2, p, high - y)
    + r4
      * (-0.360673760222145 + r * 0.2885390081805197 + r2 * (-0.24044917405728863 + r * 0.2060992861022954)
        + r4 * (-0.18033596705327856 + r * 0.1603032746063156 + r2 * (-0.14483316576701266 + r * 0.13046826811283835)))
  return y + low
}

/** The decimal logarithm, within 2 ulp: fdlibm's formula (Sun Microsystems, 1993), whose errors CPython prints. */
export const log10 = (x: number): number => {
  if (!(x > 0 && x < Infinity)) return logOfSpecial(x)
  if (x < 2.2250738585072014e-308) return log10OfParts(x * 2 ** 54, -54)
  return log10OfParts(x, 0)
}

/** log10(x 2^n) for a normal x. */
const log10OfParts = (x: number, n: number): number => {
  const high = highWord(x)
  const exponent = (high >> 20) - 1023 + n
  // A mantissa in [1, 2) for exponents from 0, in [1/2, 1) below, lest the terms cancel near 1.
  const below = exponent < 0 ? 1 : 0
  const mantissa = fromWords((high & 0xfffff) | ((1023 - below) << 20), lowWord(x))
  const k = exponent + below
  return (k * 3.694239077158931e-13 + Math.LOG10E * log(mantissa)) + k * 0.30102999566361177
}
