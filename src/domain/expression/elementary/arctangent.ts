/** atan and atan2. glibc's miss the nearest double, which these nearly always are, in one argument of 2,000. */
import { fusedMultiplyAdd } from "./doubledouble.js"
import { arctangent, arctangentRest } from "./extendedArctangent.js"

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
