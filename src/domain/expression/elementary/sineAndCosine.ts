/** The sine and cosine of a double, |x| < 1.4, to about 100 bits: for tables, not for the hot path. */
import { add, divide, type DoubleDouble, fromNumber, multiply } from "./doubledouble.js"

const one = fromNumber(1)

/** 1 - s/((f+1)(f+2)) + s^2/((f+1)...(f+4)) - ..., fifteen terms: below 1.4 the next is less than 2^-98. */
const series = (square: DoubleDouble, first: number): DoubleDouble => {
  let sum = one
  for (let n = 30 + first; n > first; n -= 2) {
    sum = add(one, divide(multiply(sum, square), fromNumber(-n * (n - 1))))
  }
  return sum
}

export const sineAndCosine = (x: number): readonly [sine: DoubleDouble, cosine: DoubleDouble] => {
  const square = multiply(fromNumber(x), fromNumber(x))
  return [multiply(fromNumber(x), series(square, 1)), series(square, 0)]
}
