/** expm1. */
import { highWord, powerOfTwo, scaleByPowerOfTwo } from "./bits.js"
import { fdlibmLn2High, fdlibmLn2Low } from "./constants.js"
import { fusedMultiplyAdd } from "./doubledouble.js"

/**
 * e^x - 1, without the cancellation near 0; within 1 ulp. The rational approximation and its coefficients are
 * fdlibm's (Sun Microsystems, 1993), in glibc's order of evaluation and fused where glibc's is and it shows.
 */
export const expm1 = (x: number): number => {
  const size = Math.abs(x)
  if (size < 5.551115123125783e-17) return x
  if (!(x <= 709.782712893384)) return x + Infinity
  if (x < -38.816242) return -1
  let k = 0
  let r = x
  let c = 0
  if (highWord(size) > 0x3fd62e42) {
    const sign = x > 0 ? 1 : -1
    k = highWord(size) < 0x3ff0a2b2 ? sign : Math.trunc(Math.LOG2E * x + 0.5 * sign)
    const high = x - k * fdlibmLn2High
    const low = k * fdlibmLn2Low
    r = high - low
    c = (high - r) - low
  }
  const half = 0.5 * r
  const h = r * half
  const h2 = h * h
  const ratio = 1 + h * -0.03333333333333313
    + h2 * (0.0015873015872548146 + h * -7.93650757867488e-05)
    + h2 * h2 * (4.008217827329362e-06 + h * -2.0109921818362437e-07)
  const t = fusedMultiplyAdd(-ratio, half, 3)
  let e = h * ((ratio - t) / fusedMultiplyAdd(-r, t, 6))
  if (k === 0) return r - fusedMultiplyAdd(r, e, -h)
  e = fusedMultiplyAdd(r, e - c, -c) - h
  if (k === -1) return 0.5 * (r - e) - 0.5
  if (k === 1) return r < -0.25 ? -2 * (e - (r + 0.5)) : 1 + 2 * (r - e)
  if (k <= -2 || k > 56) return scaleByPowerOfTwo(1 - (e - r), k) - 1
  if (k < 20) return ((1 - powerOfTwo(-k)) - (e - r)) * powerOfTwo(k)
  return (r - (e + powerOfTwo(-k)) + 1) * powerOfTwo(k)
}
