/**
 * pow: x^y = e^(y log x), the logarithm and its product with y carried to about 68 bits, as S. Nagy's "optimized
 * routines" (Arm, 2018) and glibc do.
 */
import { productError } from "./doubledouble.js"
import { expOfSum } from "./exponential.js"
import { extendedLog } from "./extendedLogarithm.js"

/**
 * x to the power of y, as C's: within 0.52 ulp, CPython's digits. Exact wherever the power is a double.
 * A negative x with a y that is no integer gives NaN; 1 to any power and -1 to an infinite one give 1.
 */
export const pow = (x: number, y: number): number => {
  if (x > 0 && x < Infinity && y - y === 0) return powerOfPositive(x, y)
  if (y === 0 || x === 1 || (x === -1 && (y === Infinity || y === -Infinity))) return 1
  // The engine's power is exact where zeros, infinities and NaN meet.
  if (x === 0 || x - x !== 0 || y - y !== 0) return x ** y
  if (y !== Math.trunc(y)) return NaN
  return y % 2 === 0 ? powerOfPositive(-x, y) : -powerOfPositive(-x, y)
}

const powerOfPositive = (x: number, y: number): number => {
  const { high, low } = extendedLog(x)
  const exponent = y * high
  if (!(Math.abs(exponent) < 1024)) return exponent > 0 ? Infinity : exponent < 0 ? 0 : 1
  if (Math.abs(exponent) < 5.551115123125783e-17) return 1 + exponent
  return expOfSum(exponent, y * low + productError(y, high, exponent))
}
