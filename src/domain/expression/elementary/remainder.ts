/**
 * x less a multiple of pi/2, as the sum of two doubles in [-pi/4, pi/4].
 *
 * Up to 10^8 in Cody and Waite's manner (1980), with pi/2 in parts whose products with the multiple are exact;
 * beyond, by Payne and Hanek's (1983): 2/pi to 1,280 bits, of which only those count that x's exponent selects.
 */

import { toInteger } from "./constants.js"
import { type DoubleDouble, fusedMultiplyAdd, productError } from "./doubledouble.js"

/** A remainder and its quadrant, from 0 to 3. */
export interface Remainder extends DoubleDouble {
  readonly quadrant: number
}

const twoOverPi = 0.6366197723675814

/** pi/2 in four parts, of 27, 27, 28 and 53 bits, or in three, the third of 53. */
const part1 = 1.5707963407039642
const part2 = -1.3909067564377153e-08
const part3 = -4.97899623147991e-17
const part4 = -1.9034889620193266e-25
const part3Alone = -4.9789962505147994e-17

/** The integer nearest to x * 2/pi, for |x| < 2^50. */
const quadrants = (x: number): number => {
  const product = x * twoOverPi
  const n = (product + toInteger) - toInteger
  // Odd multiples of pi/4 round to the middle between two integers; the rounding error tells which is nearer.
  if (Math.abs(product - n) !== 0.5) return n
  const error = productError(x, twoOverPi, product)
  return error === 0 ? n : error > 0 ? product + 0.5 : product - 0.5
}

/** The remainder of x, |x| <= 25, as glibc's tan has it: to 108 bits after the point. */
export const reduceSmall = (x: number): Remainder => {
  const n = quadrants(x)
  const y = (x - n * part1) - n * part2
  const high = fusedMultiplyAdd(-n, part3Alone, y)
  return { high, low: fusedMultiplyAdd(-n, part3Alone, y - high), quadrant: n & 3 }
}

/** The remainder of a finite x. */
export const reduce = (x: number): Remainder => {
  if (!(Math.abs(x) < 105414336)) return reduceLarge(x)
  const n = quadrants(x)
  const y = (x - n * part1) - n * part2
  const t1 = n * part3
  const t2 = y - t1
  const t3 = n * part4
  const high = t2 - t3
  return { high, low: ((y - t2) - t1) + ((t2 - high) - t3), quadrant: n & 3 }
}

/** floor(2^1280 * 2/pi) and floor(2^127 * pi/2), from Machin's formula in integers. */
const twoOverPiBits = BigInt(
  "0xa2f9836e4e441529fc2757d1f534ddc0db6295993c439041fe5163abdebbc561b7246e3a424dd2e0"
    + "06492eea09d1921cfe1deb1cb129a73ee88235f52ebb4484e99c7026b45f7e413991d639835339f4"
    + "9c845f8bbdf9283b1ff897ffde05980fef2f118b5a0a6d1f6d367ecf27cb09b74f463f669e5fea2d"
    + "7527bac7ebe5f17b3d0739f78a5292ea6bfb5fb11f8d5d0856033046fc7b6babf0cfbc209af4361d"
)
const halfPiBits = 0xc90fdaa22168c234c4c6628b80dc1cd1n

const reduceLarge = (x: number): Remainder => {
  // |x| = m 2^e with an integer m < 2^53 and e > -27.
  const size = Math.abs(x)
  const exponent = Math.floor(Math.log2(size)) - 53
  const m = BigInt(size / 2 ** exponent)
  // m * 2/pi * 2^e modulo 4, with 200 bits after the point; bits of 2/pi above are multiples of 4, those below vanish.
  const kept = BigInt.asUintN(202 + 54, twoOverPiBits >> BigInt(1280 - 200 - exponent))
  let turns = BigInt.asUintN(202, m * kept)
  let n = Number(turns >> 200n)
  turns = BigInt.asUintN(200, turns)
  if (turns >> 199n === 1n) {
    n += 1
    turns -= 1n << 200n
  }
  // The remainder times 2^327; its leading 53 bits, then the next.
  const remainder = turns * halfPiBits
  const high = Number(remainder)
  const low = Number(remainder - BigInt(high))
  const scale = x < 0 ? -(2 ** -327) : 2 ** -327
  return { high: high * scale, low: low * scale, quadrant: (x < 0 ? -n : n) & 3 }
}
