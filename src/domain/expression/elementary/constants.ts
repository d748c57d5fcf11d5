/** pi/2, pi and ln 2 as sums of two doubles, and the addends that round to integers. */

export const halfPiHigh = 1.5707963267948966
export const halfPiLow = 6.123233995736766e-17

export const piHigh = Math.PI
export const piLow = 1.2246467991473532e-16

/** ln 2; the high part has 42 bits, so that its product with an exponent is exact. */
export const ln2High = 0.6931471805598903
export const ln2Low = 5.497923018708371e-14

/** ln 2 as fdlibm has it, the high part with 33 bits. */
export const fdlibmLn2High = 0.6931471803691238
export const fdlibmLn2Low = 1.9082149292705877e-10

/** 1.5 * 2^52: adding and then subtracting it rounds a number below 2^51 to an integer. */
export const toInteger = 6755399441055744
