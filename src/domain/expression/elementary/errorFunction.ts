/**
 * erf and erfc, within 1 and 2 ulp: fdlibm's rational approximations (Sun Microsystems, 1993) and their coefficients,
 * in glibc's order of evaluation, over this directory's exp.
 */
import { fromWords, highWord } from "./bits.js"
import { exp } from "./exponential.js"

/** The first 24 bits of a number near erf 1. */
const erfOfOne = 0.8450629115104675

/** 2 / sqrt(pi) - 1. */
const slope = 0.1283791670955126

/** erf(x) / x - 1 for |x| < 0.84375, from x^2. */
const nearZero = (z: number): number => {
  const z2 = z * z
  const z4 = z2 * z2
  const r = (0.12837916709551256 + z * -0.3250421072470015)
    + z2 * (-0.02848174957559851 + z * -0.005770270296489442)
    + z4 * -2.3763016656650163e-05
  const s = (1 + z * 0.39791722395915535)
    + z2 * (0.0650222499887673 + z * 0.005081306281875766)
    + z4 * (0.00013249473800432164 + z * -3.960228278775368e-06)
  return r / s
}

/** erf(1 + s) - erfOfOne for -0.15625 <= s < 0.25. */
const nearOne = (s: number): number => {
  const s2 = s * s
  const s4 = s2 * s2
  const s6 = s4 * s2
  const p = (-0.0023621185607526594 + s * 0.41485611868374833)
    + s2 * (-0.3722078760357013 + s * 0.31834661990116175)
    + s4 * (-0.11089469428239668 + s * 0.035478304325618236)
    + s6 * -0.002166375594868791
  const q = (1 + s * 0.10642088040084423)
    + s2 * (0.540397917702171 + s * 0.07182865441419627)
    + s4 * (0.12617121980876164 + s * 0.01363708391202905)
    + s6 * 0.011984499846799107
  return p / q
}

/** log(x erfc(x)) + x^2 + 0.5625 for 1.25 <= x < 28, from s = 1/x^2: in two pieces that meet near 1/0.35. */
const tail = (x: number, s: number): number => {
  const s2 = s * s
  const s4 = s2 * s2
  const s6 = s4 * s2
  if (x < 2.857142857142857) {
    const r = (-0.009864944034847148 + s * -0.6938585727071818)
      + s2 * (-10.558626225323291 + s * -62.375332450326006)
      + s4 * (-162.39666946257347 + s * -184.60509290671104)
      + s6 * (-81.2874355063066 + s * -9.814329344169145)
    const q = (1 + s * 19.651271667439257)
      + s2 * (137.65775414351904 + s * 434.56587747522923)
      + s4 * (645.3872717332679 + s * 429.00814002756783)
      + s6 * (108.63500554177944 + s * 6.570249770319282)
      + s4 * s4 * -0.0604244152148581
    return r / q
  }
  const r = (-0.0098649429247001 + s * -0.799283237680523)
    + s2 * (-17.757954917754752 + s * -160.63638485582192)
    + s4 * (-637.5664433683896 + s * -1025.0951316110772)
    + s6 * -483.5191916086514
  const q = (1 + s * 30.33806074348246)
    + s2 * (325.7925129965739 + s * 1536.729586084437)
    + s4 * (3199.8582195085955 + s * 2553.0504064331644)
    + s6 * (474.52854120695537 + s * -22.44095244658582)
  return r / q
}

/** erfc(x) for 1.25 <= x < 28. */
const complement = (x: number): number => {
  // e^(-x^2) in two factors: z has 21 bits, so that its square is exact.
  const z = fromWords(highWord(x), 0)
  const r = exp(-z * z - 0.5625) * exp((z - x) * (z + x) + tail(x, 1 / (x * x)))
  return r / x
}

/** The error function, within 1 ulp: CPython's digits. */
export const erf = (x: number): number => {
  const size = Math.abs(x)
  if (size < 0.84375) {
    if (size >= 3.725290298461914e-09) return x + x * nearZero(x * x)
    if (size >= 2.848094538889218e-306) return x + slope * x
    return 0.0625 * (16 * x + (16 * slope) * x)
  }
  if (!(size < 6)) return x > 0 ? 1 : x < 0 ? -1 : NaN
  const y = size < 1.25 ? erfOfOne + nearOne(size - 1) : 1 - complement(size)
  return x < 0 ? -y : y
}

/** The complementary error function, 1 - erf(x) without the cancellation, within 2 ulp: CPython's digits. */
export const erfc = (x: number): number => {
  const size = Math.abs(x)
  if (size < 0.84375) {
    if (size < 1.3877787807814457e-17) return 1 - x
    const y = nearZero(x * x)
    return x < 0.25 ? 1 - (x + x * y) : 0.5 - (x * y + (x - 0.5))
  }
  if (size < 1.25) return x > 0 ? (1 - erfOfOne) - nearOne(size - 1) : 1 + (erfOfOne + nearOne(size - 1))
  if (x > 0) return size < 28 ? complement(size) : 0
  return size < 6 ? 2 - complement(size) : x < 0 ? 2 : NaN
}
