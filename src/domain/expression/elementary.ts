/**
 * The elementary real functions, with the last digit CPython 3.11 prints on Linux.
 *
 * They are total, as C99's are: a pole or an overflow is an infinity, an argument outside the domain is NaN, and
 * signed zeros keep their sign. Raising Python's errors is the caller's part.
 */
export { exp, exp2, expm1 } from "./elementary/exponential.js"
export { acosh, asinh, atanh, cosh, sinh, tanh } from "./elementary/hyperbolic.js"
export { acos, asin, atan, atan2 } from "./elementary/inverseTrigonometric.js"
export { log, log10, log1p, log2 } from "./elementary/logarithm.js"
export { pow } from "./elementary/power.js"
export { cbrt, hypot } from "./elementary/root.js"
export { erf, erfc, gamma, lgamma } from "./elementary/special.js"
export { cos, sin, tan } from "./elementary/trigonometric.js"
