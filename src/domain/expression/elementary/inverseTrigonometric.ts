/**
 * asin, acos, atan and atan2, as glibc's of 2.36 nearly to the nearest double: all from one arctangent of a quotient
 * of double-doubles, with a relative error below 2^-67.
 */
import { add, divide, fromNumber, fusedMultiplyAdd, multiply, negate, productError, sumError } from "./doubledouble.js"
import { sineAndCosine } from "./sineAndCosine.js"

/** atan(i/64) for i = 1 ... 64, zero until `fillRow`. */
const arctangentHigh = new Float64Array(65)
const arctangentLow = new Float64Array(65)

/**
 * Computes a row when it is first needed, so that loading the module costs little; its high part. From y near atan t,
 * one step to y + (t cos y - sin y) / (cos y + t sin y), which the engine's ulp leaves within 2^-150 of atan t.
 */
const fillRow = (i: number): number => {
  const t = fromNumber(i / 64)
  const y = Math.atan(i / 64)
  const [sine, cosine] = sineAndCosine(y)
  const step = divide(add(multiply(t, cosine), negate(sine)), add(cosine, multiply(t, sine)))
  arctangentLow[i] = step.high
  return arctangentHigh[i] = y
}

/** The low part of the last `arctangent`. A cell, for a pair would be allocated. */
const arctangentRest = new Float64Array(1)

/**
 * atan((n + nLow) / (d + dLow)) for 0 <= n <= d, both far from overflow and underflow; its rest in `arctangentRest`.
 * With t = i/64 the multiple nearest to n/d it is atan t + atan r, r = (n - t d)/(d + t n), |r| <= 1/128.
 */
const arctangent = (n: number, nLow: number, d: number, dLow: number): number => {
  const i = Math.round(64 * n / d)
  const t = i / 64
  const td = t * d
  const top = n - td
  const topLow = nLow - productError(t, d, td) - t * dLow
  const tn = t * n
  const bottom = d + tn
  const bottomLow = sumError(d, tn, bottom) + productError(t, n, tn) + (dLow + t * nLow)
  const r = top / bottom
  const product = r * bottom
  const rLow = ((top - product) - productError(r, bottom, product) + topLow - r * bottomLow) / bottom
  const square = r * r
  const series = r * square
    * (-1 / 3 + square * (1 / 5 + square * (-1 / 7 + square * (1 / 9 - square / 11))))
  const high = i === 0 ? 0 : arctangentHigh[i]! || fillRow(i)
  const sum = high + r
  const rest = sumError(high, r, sum) + (series + rLow + arctangentLow[i]!)
  const y = sum + rest
  arctangentRest[0] = (sum - y) + rest
  return y
}

/** pi/2 and pi. */
const halfPiHigh = 1.5707963267948966
const halfPiLow = 6.123233995736766e-17
const piHigh = Math.PI
const piLow = 1.2246467991473532e-16

/** (a + aLow) - (b + bLow), rounded, for |a| >= |b|. */
const difference = (a: number, aLow: number, b: number, bLow: number): number => {
  const y = a - b
  return y + (((a - y) - b) + (aLow - bLow))
}

/** The arctangent in radians, to the nearest double but for one argument in 10^4. */
export const atan = (x: number): number => {
  const size = Math.abs(x)
  if (size < 1.29e-8) return x
  if (size < 0.0625) {
    // As in `asin`.
    const square = x * x
    const series = -0.3333333333333333 +
      square *
        (0.19999999999998855 +
          square *
            (-0.14285714283953163 +
              square * (0.11111109821886427 + square * (-0.09090424391727987 + square * 0.07601836584380736))))
    return fusedMultiplyAdd(x * square, series, x)
  }
  if (!(size < 5.8e15)) return x > 0 ? halfPiHigh : x < 0 ? -halfPiHigh : x
  const y = size <= 1
    ? arctangent(size, 0, 1, 0)
    : difference(halfPiHigh, halfPiLow, arctangent(1, 0, size, 0), arctangentRest[0]!)
  return x < 0 ? -y : y
}

/** The angle of the point (x, y), from -pi to pi, to the nearest double; signed zeros choose the side. */
export const atan2 = (y: number, x: number): number => {
  if (x - x !== 0 || y - y !== 0 || x === 0 || y === 0) return Math.atan2(y, x)
  let b = Math.abs(x)
  let a = Math.abs(y)
  const quotient = a / b
  if (quotient < 2 ** -60 && x > 0) return y / x
  if (b > 2 ** 500 || a > 2 ** 500) {
    a *= 2 ** -600
    b *= 2 ** -600
  } else if (b < 2 ** -400 || a < 2 ** -400) {
    a *= 2 ** 500
    b *= 2 ** 500
  }
  let angle: number
  if (quotient < 2 ** -60) angle = piHigh
  else if (quotient > 2 ** 60) angle = halfPiHigh
  else if (a <= b) {
    angle = arctangent(a, 0, b, 0)
    if (x < 0) angle = difference(piHigh, piLow, angle, arctangentRest[0]!)
  } else {
    const rest = arctangent(b, 0, a, 0)
    angle = x > 0
      ? difference(halfPiHigh, halfPiLow, rest, arctangentRest[0]!)
      : difference(halfPiHigh, halfPiLow, -rest, -arctangentRest[0]!)
  }
  return y < 0 ? -angle : angle
}

/** The low part of the last `cofactor`. */
const cofactorLow = new Float64Array(1)

/** sqrt(1 - x^2) for |x| < 1. */
const cofactor = (x: number): number => {
  const square = x * x
  const high = 1 - square
  const low = ((1 - high) - square) - productError(x, x, square)
  const root = Math.sqrt(high)
  const rootSquare = root * root
  cofactorLow[0] = ((high - rootSquare) - productError(root, root, rootSquare) + low) / (2 * root)
  return root
}

/** The arcsine in radians, within 0.52 ulp. NaN outside [-1, 1]. */
export const asin = (x: number): number => {
  const size = Math.abs(x)
  if (size < 1.4901161193847656e-8) return x
  if (size < 0.125) {
    // glibc's polynomial (IBM, 2001), whose few misses of the nearest double CPython prints.
    const square = x * x
    const series = 0.1666666666666641 +
      square *
        (0.07500000000261227 +
          square *
            (0.044642856142105974 +
              square * (0.03038212685821193 + square * (0.022355121102652562 + square * 0.018138290340456505))))
    return fusedMultiplyAdd(series, square * x, x)
  }
  if (!(size < 1)) return size === 1 ? x * halfPiHigh : NaN
  const other = cofactor(x)
  const y = size <= other
    ? arctangent(size, 0, other, cofactorLow[0]!)
    : difference(halfPiHigh, halfPiLow, arctangent(other, cofactorLow[0]!, size, 0), arctangentRest[0]!)
  return x < 0 ? -y : y
}

/** The arccosine in radians, within 0.52 ulp. NaN outside [-1, 1]. */
export const acos = (x: number): number => {
  const size = Math.abs(x)
  if (size < 2.7755575615628914e-17) return halfPiHigh
  if (!(size < 1)) return x === 1 ? 0 : x === -1 ? piHigh : NaN
  const other = cofactor(x)
  if (size <= other) {
    const angle = arctangent(size, 0, other, cofactorLow[0]!)
    const rest = arctangentRest[0]!
    return x < 0
      ? difference(halfPiHigh, halfPiLow, -angle, -rest)
      : difference(halfPiHigh, halfPiLow, angle, rest)
  }
  const angle = arctangent(other, cofactorLow[0]!, size, 0)
  return x < 0 ? difference(piHigh, piLow, angle, arctangentRest[0]!) : angle
}
