/**
 * The arctangent of a quotient of double-doubles, with a relative error below 2^-67: beneath atan, atan2, asin, acos.
 */
import { add, divide, fromNumber, multiply, negate, productError, sumError } from "./doubledouble.js"
import { sineAndCosine } from "./sineAndCosine.js"

/** atan(i/64) for i = 1 ... 64, zero until `fillRow`. */
const arctangentHigh = new Float64Array(65)
const arctangentLow = new Float64Array(65)

/**
 * Computes a row when it is first needed, so that loading the module costs little; its high part. From y near atan t,
 * one step to y + (t cos y - sin y) / (cos y + t sin y), which the engine's ulp leaves within 2^-150 of atan t.
 */
const fillRow = (i: number): number => {
  const t = fromNumber(i / 64)
  const y = Math.atan(i / 64)
  const [sine, cosine] = sineAndCosine(y)
  const step = divide(add(multiply(t, cosine), negate(sine)), add(cosine, multiply(t, sine)))
  arctangentLow[i] = step.high
  return arctangentHigh[i] = y
}

/** The low part of the last `arctangent`. A cell, for a pair would be allocated. */
export const arctangentRest = new Float64Array(1)

/**
 * atan((n + nLow) / (d + dLow)) for 0 <= n <= d, both far from overflow and underflow; its rest in `arctangentRest`.
 * With t = i/64 the multiple nearest to n/d it is atan t + atan r, r = (n - t d)/(d + t n), |r| <= 1/128.
 */
export const arctangent = (n: number, nLow: number, d: number, dLow: number): number => {
  const i = Math.round(64 * n / d)
  const t = i / 64
  const td = t * d
  const top = n - td
  const topLow = nLow - productError(t, d, td) - t * dLow
  const tn = t * n
  const bottom = d + tn
  const bottomLow = sumError(d, tn, bottom) + productError(t, n, tn) + (dLow + t * nLow)
  const r = top / bottom
  const product = r * bottom
  const rLow = ((top - product) - productError(r, bottom, product) + topLow - r * bottomLow) / bottom
  const square = r * r
  const series = r * square
    * (-1 / 3 + square * (1 / 5 + square * (-1 / 7 + square * (1 / 9 - square / 11))))
  const high = i === 0 ? 0 : arctangentHigh[i]! || fillRow(i)
  const sum = high + r
  const rest = sumError(high, r, sum) + (series + rLow + arctangentLow[i]!)
  const y = sum + rest
  arctangentRest[0] = (sum - y) + rest
  return y
}
