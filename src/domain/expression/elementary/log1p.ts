/** log1p. */
import { fromWords, highWord, lowWord } from "./bits.js"
import { fdlibmLn2High, fdlibmLn2Low } from "./constants.js"
import { fusedMultiplyAdd } from "./doubledouble.js"

/**
 * log(1 + x), without the cancellation near 0; within 1 ulp. The approximation and its coefficients are fdlibm's
 * (Sun Microsystems, 1993), in glibc's order of evaluation and fused where glibc's is and it shows.
 */
export const log1p = (x: number): number => {
  if (!(x > -1 && x < Infinity)) return x === -1 ? -Infinity : x > 0 ? x : NaN
  const magnitude = Math.abs(x)
  if (magnitude < 5.551115123125783e-17) return x
  if (magnitude < 1.862645149230957e-09) return x - x * x * 0.5
  let k = 0
  let f = x
  let c = 0
  let tiny = false
  const high = highWord(x)
  if (!(high < 0x3fda827a && (high > 0 || high <= (0xbfd2bec3 | 0)))) {
    const u = x < 9007199254740992 ? 1 + x : x
    k = (highWord(u) >> 20) - 1023
    if (x < 9007199254740992) c = (k > 0 ? 1 - (u - x) : x - (u - 1)) / u
    let fraction = highWord(u) & 0xfffff
    if (fraction < 0x6a09e) {
      f = fromWords(fraction | 0x3ff00000, lowWord(u)) - 1
    } else {
      k += 1
      f = fromWords(fraction | 0x3fe00000, lowWord(u)) - 1
      fraction = (0x100000 - fraction) >> 2
    }
    tiny = fraction === 0
  }
  const halfSquare = 0.5 * f * f
  if (tiny) {
    if (f === 0) return k * fdlibmLn2High + (c + k * fdlibmLn2Low)
    const r = halfSquare * (1 - 0.6666666666666666 * f)
    return k === 0 ? f - r : k * fdlibmLn2High - ((r - (k * fdlibmLn2Low + c)) - f)
  }
  const s = f / (2 + f)
  const z = s * s
  const z2 = z * z
  const z4 = z2 * z2
  const series = fusedMultiplyAdd(z, 0.6666666666666735, z2 * (0.3999999999940942 + z * 0.2857142874366239))
    + z4 * (0.22222198432149784 + z * 0.1818357216161805)
    + z4 * z2 * (0.15313837699209373 + z * 0.14798198605116586)
  const correction = s * (halfSquare + series)
  return k === 0
    ? f - (halfSquare - correction)
    : k * fdlibmLn2High - ((halfSquare - (correction + (k * fdlibmLn2Low + c))) - f)
}
