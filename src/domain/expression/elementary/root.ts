/** cbrt, hypot and modulus. */
import { fromWords, highWord, lowWord, scaleByPowerOfTwo } from "./bits.js"
import { productError, sumError } from "./doubledouble.js"

/** 2^(i/3) for i = -2 ... 2. */
const thirdRoots = [
  1 / 1.5874010519681996,
  1 / 1.2599210498948732,
  1,
  1.2599210498948732,
  1.5874010519681996
]

/**
 * The cube root, within 1 ulp, and not exact for every cube: glibc's polynomial on [1/2, 1) and one step of Halley's
 * iteration, with its coefficients (U. Drepper, 1997), whose errors CPython prints.
 */
export const cbrt = (x: number): number => {
  if (x === 0 || x - x !== 0) return x
  const size = Math.abs(x)
  const normal = size >= 2.2250738585072014e-308 ? size : size * 2 ** 54
  const exponent = (highWord(normal) >> 20) - 1022 - (normal === size ? 0 : 54)
  const m = fromWords((highWord(normal) & 0xfffff) | 0x3fe00000, lowWord(normal))
  const u = 0.35489576504391984
    + (1.508191937815849
        + (-2.114994941673713
            + (2.4469312256353444
                + (-1.8346927748361308 + (0.7849323449766392 - 0.14526389938548637 * m) * m) * m)
              * m)
          * m)
      * m
  const cube = u * u * u
  const y = u * (cube + 2 * m) / (2 * cube + m) * thirdRoots[2 + exponent % 3]!
  return scaleByPowerOfTwo(x < 0 ? -y : y, Math.trunc(exponent / 3))
}

/**
 * The Euclidean norm of a point, as `math.hypot(*coordinates)`: to the nearest double, by a sum of squares in
 * double-double arithmetic. Infinite if a coordinate is, even beside NaN.
 */
export const hypot = (coordinates: ReadonlyArray<number>): number => {
  let largest = 0
  let undefinedOne = false
  for (const x of coordinates) {
    const size = Math.abs(x)
    if (size > largest) largest = size
    else if (size !== size) undefinedOne = true
  }
  if (largest === Infinity) return Infinity
  if (undefinedOne) return NaN
  if (largest === 0 || coordinates.length === 1) return largest
  // A scale that keeps every square that matters away from overflow and underflow.
  const scale = largest > 2 ** 400 ? 2 ** -600 : largest < 2 ** -400 ? 2 ** 600 : 1
  let high = 0
  let low = 0
  for (const coordinate of coordinates) {
    const x = coordinate * scale
    const square = x * x
    const sum = high + square
    low += sumError(high, square, sum) + productError(x, x, square)
    high = sum
  }
  const root = Math.sqrt(high + low)
  const square = root * root
  return (root + ((high - square) - productError(root, root, square) + low) / (2 * root)) / scale
}

/**
 * The modulus of the complex number x + iy, as `abs` of one: C's hypot of two numbers, within 1 ulp, which rounds
 * otherwise than `hypot` in three of a thousand cases. One step of correction after the square root, as glibc's
 * (C. Borges, "An improved algorithm for hypot(a, b)", arXiv:1904.09481).
 */
export const modulus = (x: number, y: number): number => {
  const a = Math.max(Math.abs(x), Math.abs(y))
  const b = Math.min(Math.abs(x), Math.abs(y))
  if (x - x !== 0 || y - y !== 0) return Math.abs(x) === Infinity || Math.abs(y) === Infinity ? Infinity : NaN
  if (b <= a * 2 ** -54) return a + b
  if (a > 2 ** 511) return correctedRoot(a * 2 ** -600, b * 2 ** -600) / 2 ** -600
  if (b < 2 ** -459) return correctedRoot(a * 2 ** 600, b * 2 ** 600) * 2 ** -600
  return correctedRoot(a, b)
}

/** sqrt(a^2 + b^2) for a >= b > 0. */
const correctedRoot = (a: number, b: number): number => {
  const root = Math.sqrt(a * a + b * b)
  if (root <= 2 * b) {
    const delta = root - b
    return root - (a * (2 * delta - a) + (delta - 2 * (a - b)) * delta) / (2 * root)
  }
  const delta = root - a
  return root - (2 * delta * (a - 2 * b) + ((4 * delta - b) * b + delta * delta)) / (2 * root)
}
