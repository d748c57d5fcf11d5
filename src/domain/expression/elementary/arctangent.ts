/**
 * atan and atan2, within 0.56 ulp: IBM's Accurate Mathematical Library (2001) as glibc has it, fused where glibc's is
 * and it shows. A quotient u <= 1 and its rounding error du lie near a point of the table, from which the arctangent's
 * Taylor series leads to theirs; below 1/16 the series at 0 does, with their minimax coefficients.
 */
import { arctangents, coefficients, degree, fillRow, firstPoint, points } from "./arctangentTable.js"
import { halfPiHigh, halfPiLow, piHigh, piLow } from "./constants.js"
import { fusedMultiplyAdd, productError } from "./doubledouble.js"

/** Below it the series at 0 serves. */
const small = 0.0625

/** atan u = u + u^3 s(u^2) for u < 1/16. */
const seriesAtZero = (square: number): number =>
  -0.3333333333333333 +
  square *
    (0.19999999999998855 +
      square *
        (-0.14285714283953163 +
          square * (0.11111109821886427 + square * (-0.09090424391727987 + square * 0.07601836584380736))))

/** The table's row nearest to u in [1/16, 1], filled. */
const rowNear = (u: number): number => {
  const i = ((256 * u + 4503599627370496) - 4503599627370496) - firstPoint
  if (arctangents[i] === 0) fillRow(i)
  return i
}

/** The series at a point, less its first `from` terms and divided by v^from, at the distance v. */
const seriesAtPoint = (i: number, from: number, v: number): number => {
  let sum = coefficients[degree * i + degree - 1]!
  for (let k = degree - 2; k >= from; k--) sum = coefficients[degree * i + k]! + v * sum
  return sum
}

/** The arctangent in radians, within 0.56 ulp: CPython's digits. */
export const atan = (x: number): number => {
  const u = Math.abs(x)
  if (u < 1.29e-8) return x
  if (u < small) {
    const square = x * x
    return fusedMultiplyAdd(x * square, seriesAtZero(square), x)
  }
  if (x !== x) return x
  const y = u < 1 ? arctangentOfLarger(u) : u < 5805361265115136 ? arctangentOfInverse(u) : halfPiHigh
  return x < 0 ? -y : y
}

/** atan u for 1/16 <= u < 1. */
const arctangentOfLarger = (u: number): number => {
  const i = rowNear(u)
  const v = u - points[i]!
  return fusedMultiplyAdd(seriesAtPoint(i, 0, v), v, arctangents[i]!)
}

/** atan u for u >= 1, as pi/2 - atan(1/u). */
const arctangentOfInverse = (u: number): number => {
  const w = 1 / u
  const product = w * u
  return halfPiLess(w, w * ((1 - product) - productError(w, u, product)))
}

/** pi/2 - atan(u + du) for u <= 1 and a du below an ulp of it. */
const halfPiLess = (u: number, du: number): number => lessThanAngle(halfPiHigh, halfPiLow, u, du)

/** An angle of at least pi/2, less atan(u + du). */
const lessThanAngle = (high: number, low: number, u: number, du: number): number => {
  if (u < small) {
    const square = u * u
    const t = high - u
    return t + fusedMultiplyAdd(-u * square, seriesAtZero(square), (low + ((high - t) - u)) - du)
  }
  const i = rowNear(u)
  const v = (u - points[i]!) + du
  return (high - arctangents[i]!) + fusedMultiplyAdd(-v, seriesAtPoint(i, 0, v), low)
}

/** pi/2 + atan(u + du), likewise. */
const halfPiPlus = (u: number, du: number): number => {
  if (u < small) {
    const square = u * u
    const t = halfPiHigh + u
    return t + fusedMultiplyAdd(u * square, seriesAtZero(square), (halfPiLow + ((halfPiHigh - t) + u)) + du)
  }
  const i = rowNear(u)
  const v = (u - points[i]!) + du
  return (halfPiHigh + arctangents[i]!) + fusedMultiplyAdd(v, seriesAtPoint(i, 0, v), halfPiLow)
}

/** atan(u + du), likewise. */
const arctangentOfSum = (u: number, du: number): number => {
  if (u < small) {
    const square = u * u
    return u + fusedMultiplyAdd(u * square, seriesAtZero(square), du)
  }
  const i = rowNear(u)
  const t = u - points[i]!
  const v = t + du
  const dv = Math.abs(t) > Math.abs(du) ? (t - v) + du : (du - v) + t
  const slope = coefficients[degree * i]!
  return arctangents[i]! + fusedMultiplyAdd(v, slope, dv * slope + v * v * seriesAtPoint(i, 1, v))
}

/** The angle of the point (x, y) in radians, from -pi to pi, within 0.56 ulp; signed zeros choose the side. */
export const atan2 = (y: number, x: number): number => {
  if (x - x !== 0 || y - y !== 0 || x === 0 || y === 0) return Math.atan2(y, x)
  let a = Math.abs(y)
  let b = Math.abs(x)
  let angle: number
  if (a / b < 2 ** -57) {
    if (x > 0) return y / x
    angle = piHigh
  } else if (a / b > 2 ** 57) angle = halfPiHigh
  else {
    if (a < 2 ** -500 || b < 2 ** -500) {
      a *= 2 ** 500
      b *= 2 ** 500
    }
    if (a > 2 ** 500 || b > 2 ** 500) {
      a *= 2 ** -500
      b *= 2 ** -500
    }
    const n = a < b ? a : b
    const d = a < b ? b : a
    const u = n / d
    const product = d * u
    const du = ((n - product) - productError(d, u, product)) / d
    if (a < b) angle = x > 0 ? arctangentOfSum(u, du) : lessThanAngle(piHigh, piLow, u, du)
    else if (x > 0) angle = halfPiLess(u, du)
    else angle = a > b ? halfPiPlus(u, du) : lessThanAngle(piHigh, piLow, u, du)
  }
  return y < 0 ? -angle : angle
}
