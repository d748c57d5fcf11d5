/**
 * The elementary real functions, with the last digit CPython 3.11 prints on Linux (glibc 2.36, x86-64 with fused
 * multiply-add). Of half a million random arguments for each, asin and acos differ in 1 of 15,000, atan and atan2 in
 * 1 of 40,000, log, log2, log10, sin and cos in 1 of 250,000 or fewer, by one ulp; the others in none.
 *
 * They are total, as C99's are: a pole or an overflow is an infinity, an argument outside the domain is NaN, and
 * signed zeros keep their sign. Raising Python's errors is the caller's part.
 */
export { acos, asin } from "./arcsine.js"
export { atan, atan2 } from "./arctangent.js"
export { erf, erfc } from "./errorFunction.js"
export { expm1 } from "./expm1.js"
export { exp, exp2 } from "./exponential.js"
export { gamma, lgamma } from "./gammaFunction.js"
export { acosh, asinh, atanh, cosh, sinh, tanh } from "./hyperbolic.js"
export { log1p } from "./log1p.js"
export { log, log10, log2 } from "./logarithm.js"
export { pow } from "./power.js"
export { cbrt, hypot, modulus } from "./root.js"
export { cos, sin, tan } from "./trigonometric.js"
