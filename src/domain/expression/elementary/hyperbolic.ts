/**
 * The hyperbolic functions and their inverses, by fdlibm's formulas (Sun Microsystems, 1993) over the exp, expm1,
 * log and log1p of this directory. Their errors, up to 2 ulp, are the formulas' own, and CPython prints them.
 */
import { highWord } from "./bits.js"
import { expm1 } from "./expm1.js"
import { exp } from "./exponential.js"
import { log1p } from "./log1p.js"
import { log } from "./logarithm.js"

/** Where e^x overflows but half of it does not. */
const overflow = 710.4758600739439

/** e^x / 2 for x >= 22. */
const halfExp = (x: number): number => {
  if (highWord(x) < 0x40862e42) return 0.5 * exp(x)
  if (!(x <= overflow)) return x + Infinity
  const root = exp(0.5 * x)
  return 0.5 * root * root
}

/** The hyperbolic sine, within 2 ulp. */
export const sinh = (x: number): number => {
  const size = Math.abs(x)
  if (size < 3.725290298461914e-09) return x
  if (!(size < 22)) return x < 0 ? -halfExp(size) : halfExp(size)
  const t = expm1(size)
  const half = x < 0 ? -0.5 : 0.5
  return size < 1 ? half * (2 * t - t * t / (t + 1)) : half * (t + t / (t + 1))
}

/** The hyperbolic cosine, within 2 ulp. */
export const cosh = (x: number): number => {
  const size = Math.abs(x)
  if (!(size < 22)) return halfExp(size)
  if (highWord(size) < 0x3fd62e43) {
    if (size < 2.7755575615628914e-17) return 1
    const t = expm1(size)
    const w = 1 + t
    return 1 + t * t / (w + w)
  }
  const t = exp(size)
  return 0.5 * t + 0.5 / t
}

/** The hyperbolic tangent, within 2 ulp. */
export const tanh = (x: number): number => {
  const size = Math.abs(x)
  if (size < 2.7755575615628914e-17) return x
  if (size >= 22) return x < 0 ? -1 : 1
  const t = expm1(size >= 1 ? 2 * size : -2 * size)
  const y = size >= 1 ? 1 - 2 / (t + 2) : -t / (t + 2)
  return x < 0 ? -y : y
}

/** The inverse hyperbolic sine, within 2 ulp. */
export const asinh = (x: number): number => {
  const size = Math.abs(x)
  if (size < 3.725290298461914e-09) return x
  let y: number
  if (highWord(size) > 0x41b00000) y = log(size) + Math.LN2
  else if (highWord(size) > 0x40000000) y = log(2 * size + 1 / (Math.sqrt(size * size + 1) + size))
  else {
    const square = size * size
    y = log1p(size + square / (1 + Math.sqrt(1 + square)))
  }
  return x < 0 ? -y : y
}

/** The inverse hyperbolic cosine, within 2 ulp; NaN below 1. */
export const acosh = (x: number): number => {
  if (x < 1) return NaN
  if (x >= 268435456) return log(x) + Math.LN2
  if (x > 2) return log(2 * x - 1 / (x + Math.sqrt(x * x - 1)))
  const t = x - 1
  return log1p(t + Math.sqrt(2 * t + t * t))
}

/** The inverse hyperbolic tangent, within 2 ulp; infinite at ±1, NaN beyond. */
export const atanh = (x: number): number => {
  const size = Math.abs(x)
  if (size < 3.725290298461914e-09) return x
  const twice = size + size
  const y = 0.5 * log1p(size < 0.5 ? twice + twice * size / (1 - size) : size > 1 ? NaN : twice / (1 - size))
  return x < 0 ? -y : y
}
