/**
 * asin and acos, within 0.53 ulp, as IBM's Accurate Mathematical Library (2001) has them in glibc: by a polynomial
 * for small arguments, for those near 1 by asin x = pi/2 - 2 asin sqrt((1 - x)/2), and between by Taylor's series at
 * points nearby. Theirs are economized to fewer terms, but rounded alike: the points' arcsines to multiples of 2^-51.
 */
import { halfPiHigh, halfPiLow } from "./constants.js"
import { add, divide, type DoubleDouble, fromNumber, fusedMultiplyAdd, negate, squareRoot } from "./doubledouble.js"
import { sineAndCosine } from "./sineAndCosine.js"

/** (asin sqrt z) / sqrt z - 1 for z < 1/64, divided by z; glibc's coefficients. */
const series = (z: number): number =>
  0.1666666666666641 + z
    * (0.07500000000261227 + z
        * (0.044642856142105974 + z
            * (0.03038212685821193 + z * (0.022355121102652562 + z * 0.018138290340456505))))

/** The points of the table are (i + 1/2)/256, i = 32 ... 247. */
const pointNear = (i: number): number => (i + 0.5) / 256

/** The points' arcsines, zero until `fillRow`, to a multiple of 2^-51, and the rests of them. */
const arcsines = new Float64Array(248)
const rests = new Float64Array(248)
/** The coefficients of the Taylor series there from the first power: below 3/4 ten suffice for 2^-70, beyond all. */
const degree = 16
const coefficients = new Float64Array(degree * 248)

/** Computes a row when it is first needed, so that loading the module costs little; its arcsine. */
const fillRow = (i: number): number => {
  const x = pointNear(i)
  // From y near asin x, one step to y + (x - sin y) / cos y.
  const y = Math.asin(x)
  const [sine, cosine] = sineAndCosine(y)
  const step = divide(add(fromNumber(x), negate(sine)), cosine).high
  // In [2, 4) an ulp is 2^-51.
  const high = (y + 2) - 2
  arcsines[i] = high
  rests[i] = (y - high) + step
  // By (1 - x^2) f'' = x f', differentiated n times.
  const square = 1 - x * x
  const row = degree * i
  const slope = divide(fromNumber(1), squareRoot(fromNumber(square))).high
  coefficients[row] = slope
  coefficients[row + 1] = x * slope / (2 * square)
  for (let n = 1; n < degree - 1; n++) {
    coefficients[row + n + 1] =
      (x * (n + 1) * (2 * n + 1) * coefficients[row + n]! + n * n * coefficients[row + n - 1]!)
      / (square * (n + 1) * (n + 2))
  }
  return high
}

/** The arcsine of x in [1/8, 31/32): that of the point nearby, and the rest. */
const arcsineNear = (x: number): DoubleDouble => {
  const i = Math.trunc(x * 256)
  const arcsine = arcsines[i]! || fillRow(i)
  const t = x - pointNear(i)
  const row = degree * i
  let sum = 0
  for (let n = x < 0.75 ? 9 : degree - 1; n > 0; n--) sum = coefficients[row + n]! + t * sum
  return { high: arcsine, low: fusedMultiplyAdd(coefficients[row]!, t, t * t * sum + rests[i]!) }
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
    const { high, low } = arcsineNear(size)
    y = high + low
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
    const { high, low } = arcsineNear(size)
    return x > 0 ? (halfPiHigh - high) + (halfPiLow - low) : (halfPiHigh + high) + (halfPiLow + low)
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
