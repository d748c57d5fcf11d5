/**
 * asin and acos, within 0.53 ulp, as IBM's Accurate Mathematical Library (2001) has them in glibc: by a polynomial
 * for small arguments, for those near 1 by asin x = pi/2 - 2 asin sqrt((1 - x)/2), and between by adding to the
 * arcsine of a point nearby what x's exceeds it by. That arcsine is a multiple of 2^-51, not the nearest double, which
 * decides some last digits; the excess is computed to more digits here, and rounded where theirs is.
 */
import { add, divide, fromNumber, fusedMultiplyAdd, negate, productError, squareRoot } from "./doubledouble.js"
import { arctangent, arctangentRest } from "./extendedArctangent.js"
import { sineAndCosine } from "./sineAndCosine.js"

/** pi/2. */
const halfPiHigh = 1.5707963267948966
const halfPiLow = 6.123233995736766e-17

/** (asin sqrt z) / sqrt z - 1 for z < 1/64, divided by z; glibc's coefficients. */
const series = (z: number): number =>
  0.1666666666666641 + z
    * (0.07500000000261227 + z
        * (0.044642856142105974 + z
            * (0.03038212685821193 + z * (0.022355121102652562 + z * 0.018138290340456505))))

/**
 * For the points (i + 1/2)/256, i = 0 ... 255: their arcsines, zero until `fillRow`, and what the nearest doubles to
 * the slopes there lack.
 */
const arcsines = new Float64Array(256)
const slopeErrors = new Float64Array(256)

/**
 * Computes a row when it is first needed, so that loading the module costs little; the arcsine, to a multiple of
 * 2^-51. From y near it, one step to y + (point - sin y) / cos y.
 */
const fillRow = (i: number): number => {
  const point = (i + 0.5) / 256
  const y = Math.asin(point)
  const [sine, cosine] = sineAndCosine(y)
  const step = divide(add(fromNumber(point), negate(sine)), cosine).high
  const whole = Math.floor(y * 2 ** 51)
  slopeErrors[i] = divide(fromNumber(1), squareRoot(fromNumber(1 - point * point))).low
  return arcsines[i] = (whole + Math.round((y * 2 ** 51 - whole) + step * 2 ** 51)) / 2 ** 51
}

/** What `arcsineOfPoint` left: asin x less its result, with a slope of one double as glibc has it. */
const excess = new Float64Array(1)

/** For x in [1/8, 1): the arcsine of x's point. */
const arcsineOfPoint = (x: number): number => {
  const i = Math.trunc(x * 256)
  const base = arcsines[i]! || fillRow(i)
  const slopeError = slopeErrors[i]! * (x - (i + 0.5) / 256)
  // asin x = atan (x / sqrt(1 - x^2)).
  const square = x * x
  const high = 1 - square
  const low = ((1 - high) - square) - productError(x, x, square)
  const root = Math.sqrt(high)
  const rootSquare = root * root
  const rootLow = ((high - rootSquare) - productError(root, root, rootSquare) + low) / (2 * root)
  if (x <= root) {
    const angle = arctangent(x, 0, root, rootLow)
    excess[0] = (angle - base) + (arctangentRest[0]! - slopeError)
  } else {
    const angle = arctangent(root, rootLow, x, 0)
    excess[0] = ((halfPiHigh - base) - angle) + (halfPiLow - arctangentRest[0]! - slopeError)
  }
  return base
}

/** Beyond it (1 - x)/2 < 1/64. */
const nearOne = 0.96875

/** The arcsine in radians, within 0.53 ulp: CPython's digits. NaN outside [-1, 1]. */
export const asin = (x: number): number => {
  const size = Math.abs(x)
  if (size < 1.4901161193847656e-8) return x
  if (size < 0.125) {
    const square = x * x
    return fusedMultiplyAdd(series(square), square * x, x)
  }
  if (!(size < 1)) return size === 1 ? x * halfPiHigh : NaN
  let y: number
  if (size < nearOne) {
    y = arcsineOfPoint(size) + excess[0]!
  } else {
    const z = 0.5 * (1 - size)
    const root = Math.sqrt(z)
    // The root to 28 bits after the point, and its rest.
    const high = (root + 16777216) - 16777216
    const low = (z - high * high) / (root + high)
    y = (halfPiHigh - 2 * high) + fusedMultiplyAdd(-2 * (high + low), series(z) * z, halfPiLow - 2 * low)
  }
  return x < 0 ? -y : y
}

/** The arccosine in radians, within 0.53 ulp: CPython's digits. NaN outside [-1, 1]. */
export const acos = (x: number): number => {
  const size = Math.abs(x)
  if (size < 2.7755575615628914e-17) return halfPiHigh
  if (size < 0.125) {
    const square = x * x
    const high = halfPiHigh - x
    return high + fusedMultiplyAdd(-series(square), square * x, ((halfPiHigh - high) - x) + halfPiLow)
  }
  if (!(size < 1)) return x === 1 ? 0 : x === -1 ? Math.PI : NaN
  if (size < nearOne) {
    const base = arcsineOfPoint(size)
    return x > 0
      ? (halfPiHigh - base) + (halfPiLow - excess[0]!)
      : (halfPiHigh + base) + (halfPiLow + excess[0]!)
  }
  const z = 0.5 * (1 - size)
  const root = Math.sqrt(z)
  // The root's first 26 bits, and its rest.
  const scaled = 134217728 * root
  const high = (scaled + root) - scaled
  const low = (z - high * high) / (root + high)
  const p = series(z) * z
  return x > 0
    ? 2 * (high + fusedMultiplyAdd(p, high + low, low))
    : 2 * ((halfPiHigh - high) + fusedMultiplyAdd(-(high + low), p, halfPiLow - low))
}
