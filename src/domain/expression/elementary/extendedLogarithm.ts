/**
 * The natural logarithm to about 68 bits, for pow.
 *
 * log x = k ln 2 + log c + log1p(z/c - 1), where x = 2^k z and 1/c has so few bits that z/c - 1 is exact: S. Nagy's
 * "optimized routines" (Arm, 2018), as glibc's pow computes it. The result is a sum of two doubles with a relative
 * error of 1.3 * 2^-68. The table is computed here; the minimax coefficients are theirs.
 */
import { fromWords, highWord, lowWord } from "./bits.js"
import { ln2High, ln2Low } from "./constants.js"
import { add, divide, type DoubleDouble, fromNumber, multiply, productError } from "./doubledouble.js"

const size = 128
/** The high word of the least z: the table covers [z, 2z), and 1 lies amid a subinterval. */
const leastZ = 0x3fe69555

/** 1/c for each subinterval, zero until `fillRow`; log c, of which `logC` has 43 bits after the point. */
const inverse = new Float64Array(size)
const logC = new Float64Array(size)
const logCTail = new Float64Array(size)

/** Computes a row when it is first needed, so that loading the module costs little; its 1/c. */
const fillRow = (i: number): number => {
  const center = (fromWords(leastZ + (i << 13), 0) + fromWords(leastZ + ((i + 1) << 13), 0)) / 2
  const j = center < 1 ? 2 * Math.round(128 / center) : Math.round(256 / center)
  // -log(j/256) = 2 atanh((256 - j)/(256 + j)), whose argument is below 0.18: 22 terms of the series reach 2^-106.
  const t = divide(fromNumber(256 - j), fromNumber(256 + j))
  const square = multiply(t, t)
  let sum = fromNumber(0)
  for (let n = 43; n > 0; n -= 2) sum = add(multiply(sum, square), divide(fromNumber(2), fromNumber(n)))
  const log = multiply(sum, t)
  const high = Math.round(log.high * 2 ** 43) / 2 ** 43
  logC[i] = high
  logCTail[i] = (log.high - high) + log.low
  return inverse[i] = j / 256
}

/** log x for a finite x > 0. */
export const extendedLog = (x: number): DoubleDouble => {
  let high = highWord(x)
  let exponent = 0
  if (high < 0x100000) {
    high = highWord(x * 2 ** 52)
    exponent = -52
  }
  const low = exponent === 0 ? lowWord(x) : lowWord(x * 2 ** 52)
  const offset = high - leastZ
  const i = (offset >> 13) & (size - 1)
  const k = (offset >> 20) + exponent
  const zHigh = high - (offset & 0xfff00000)
  // Two parts of z whose products with 1/c are exact.
  const z1 = fromWords(zHigh + (low >>> 31), 0)
  const z2 = fromWords(zHigh, low) - z1
  const inverseOfC = inverse[i]! || fillRow(i)
  const r = (z1 * inverseOfC - 1) + z2 * inverseOfC

  const t1 = k * ln2High + logC[i]!
  const t2 = t1 + r
  const half = -0.5 * r
  const square = r * half
  const cube = r * square
  const sum = t2 + square
  const p = cube
    * (-0.6666666666666679 + r * 0.5000000000000007
      + square * (0.7999999995323976 + r * -0.6666666663487739
          + square * (-1.142909628459501 + r * 1.0000415263675542)))
  const rest = (k * ln2Low + logCTail[i]!) + ((t1 - t2) + r) + productError(half, r, square) + ((t2 - sum) + square) + p
  const y = sum + rest
  return { high: y, low: (sum - y) + rest }
}
