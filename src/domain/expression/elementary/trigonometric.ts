/**
 * sin, cos and tan, within 0.55, 0.55 and 0.62 ulp: the methods of IBM's Accurate Mathematical Library (2001) as glibc
 * has had them since 2.28, fused where glibc's are and it shows.
 *
 * With x = u + t, u = k/128, sin and cos of u come from a table of double-doubles and those of t from short
 * polynomials, by the addition theorems. The tables are computed here; the minimax coefficients are theirs.
 */
import { halfPiHigh, halfPiLow } from "./constants.js"
import { fusedMultiplyAdd, productError } from "./doubledouble.js"
import { reduce, reduceSmall } from "./remainder.js"
import { sineAndCosine } from "./sineAndCosine.js"
import { cotangents, fillRow as fillTangents, firstPoint, points, tangents } from "./tangentTable.js"

/** sin(k/128) and cos(k/128), high and low, for k up to 110: four doubles a row, zero until `fillRow`. */
const table = new Float64Array(4 * 111)

/** Computes a row when it is first needed, so that loading the module costs little; its high cosine. */
const fillRow = (row: number): number => {
  const [sine, cosine] = sineAndCosine(row / 512)
  table.set([sine.high, sine.low, cosine.high, cosine.low], row)
  return cosine.high
}

/** Adding it to a number below 2^44 rounds the number to a multiple of 1/128. */
const toGrid = 52776558133248

/** sin(x + dx) for |x| < 0.8555 and a dx below an ulp of x. */
const sinOfSum = (x: number, dx: number): number => {
  const size = Math.abs(x)
  if (size < 0.126) {
    const square = x * x
    const series = ((((-2.5022014848318398e-08 * square + 2.755729806860771e-06) * square - 0.00019841269834414642)
        * square + 0.008333333333332329) * square) - 0.16666666666666666
    if (dx === 0) return x + (series * x) * square
    return x + fusedMultiplyAdd(fusedMultiplyAdd(series, x, -0.5 * dx), square, dx)
  }
  const d = x < 0 ? -dx : dx
  const grid = (toGrid + size) - toGrid
  const t = size - grid
  const square = t * t
  const s = t +
    (d + t * square * (-0.16666666666666488 + square * 0.008333332142857223))
  const c = t * d +
    square *
      (0.5 + square * (-0.04166666666666644 + square * 0.001388888740079376))
  const row = grid * 512
  const cosine = table[row + 2]! || fillRow(row)
  const sine = table[row]!
  const y = sine + fusedMultiplyAdd(cosine, s, (table[row + 1]! + s * table[row + 3]!) - sine * c)
  return x < 0 ? -y : y
}

/** cos(x + dx) for |x| < 0.8555 and a dx below an ulp of x. */
const cosOfSum = (x: number, dx: number): number => {
  const size = Math.abs(x)
  const grid = (toGrid + size) - toGrid
  const t = (size - grid) + (x < 0 ? -dx : dx)
  const square = t * t
  const s = t + t * square * (-0.16666666666666488 + square * 0.008333332142857223)
  const c = square *
    (0.5 + square * (-0.04166666666666644 + square * 0.001388888740079376))
  const row = grid * 512
  const cosine = table[row + 2]! || fillRow(row)
  return cosine + fusedMultiplyAdd(-table[row]!, s, (table[row + 3]! - s * table[row + 1]!) - cosine * c)
}

/** The sine of x radians, within 0.55 ulp for every double: CPython's digits. NaN for an infinity. */
export const sin = (x: number): number => {
  const size = Math.abs(x)
  if (size < 1.4901161193847656e-08) return x
  if (size < 0.85546875) return sinOfSum(x, 0)
  if (size < 2.426265) {
    const y = cosOfSum(halfPiHigh - size, halfPiLow)
    return x < 0 ? -y : y
  }
  if (!(size < Infinity)) return NaN
  const { high, low, quadrant } = reduce(x)
  const y = (quadrant & 1) === 0 ? sinOfSum(high, low) : cosOfSum(high, low)
  return (quadrant & 2) === 0 ? y : -y
}

/** The cosine of x radians, within 0.55 ulp for every double: CPython's digits. NaN for an infinity. */
export const cos = (x: number): number => {
  const size = Math.abs(x)
  if (size < 7.450580596923828e-09) return 1
  if (size < 0.85546875) return cosOfSum(x, 0)
  if (size < 2.426265) {
    const y = halfPiHigh - size
    const high = y + halfPiLow
    return sinOfSum(high, (y - high) + halfPiLow)
  }
  if (!(size < Infinity)) return NaN
  const { high, low, quadrant } = reduce(x)
  const n = quadrant + 1
  const y = (n & 1) === 0 ? sinOfSum(high, low) : cosOfSum(high, low)
  return (n & 2) === 0 ? y : -y
}

/** tan x = x + x^3 (1/3 + ...) for |x| < 0.0608: the bracket, from x^2. */
const tangentSeries = (square: number): number =>
  0.3333333333333333 + square
    * (0.1333333333332673
      + square * (0.05396825411095433 + square * (0.021869380598167253 + square * 0.008896546349534924)))

/** What tan t exceeds t by, for |t| < 1/500. */
const excess = (t: number): number => {
  const square = t * t
  return t * square * (0.3333333333332254 + square * 0.13333354920669913)
}

/** The tangent of x radians, within 0.62 ulp for every double: CPython's digits. NaN for an infinity. */
export const tan = (x: number): number => {
  const size = Math.abs(x)
  if (size <= 1.2589993048095494e-08) return x
  if (size <= 0.060799986124038696) {
    const square = x * x
    return fusedMultiplyAdd(x * square, tangentSeries(square), x)
  }
  if (size <= 0.7869997024536133) return tanOfSum(x, 0)
  if (!(size < Infinity)) return NaN
  const { high, low, quadrant } = size <= 25 ? reduceSmall(x) : reduce(x)
  const a = high + low
  const da = (high - a) + low
  return (quadrant & 1) === 0 ? tanOfSum(a, da) : minusCotOfSum(a, da)
}

/** tan(a + da) for |a| < 0.787 and a da below an ulp of a. */
const tanOfSum = (a: number, da: number): number => {
  const size = Math.abs(a)
  if (size <= 0.060799986124038696) {
    const square = a * a
    return a + fusedMultiplyAdd(a * square, tangentSeries(square), da)
  }
  const i = Math.trunc(256 * size - (firstPoint - 0.5))
  const z = (size - points[i]!) + (a < 0 ? -da : da)
  const t = z + excess(z)
  const f = tangents[i]! || fillTangents(i)
  const g = cotangents[i]!
  const y = f + t * (g + f) / (g - t)
  return a < 0 ? -y : y
}

/** -1 / tan(a + da), likewise. */
const minusCotOfSum = (a: number, da: number): number => {
  const size = Math.abs(a)
  if (size <= 0.060799986124038696) {
    const square = a * a
    const rest = fusedMultiplyAdd(a * square, tangentSeries(square), da)
    const tangent = a + rest
    const error = (a - tangent) + rest
    const y = 1 / tangent
    const product = y * tangent
    return -(y + (((1 - product) - productError(y, tangent, product)) - y * error) / tangent)
  }
  const i = Math.trunc(256 * size - (firstPoint - 0.5))
  const z = (size - points[i]!) + (a < 0 ? -da : da)
  const t = z + excess(z)
  const f = tangents[i]! || fillTangents(i)
  const g = cotangents[i]!
  const y = g - t * (f + g) / (f + t)
  return a < 0 ? y : -y
}
