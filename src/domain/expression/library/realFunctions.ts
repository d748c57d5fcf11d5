/**
 * Functions of reals that are exact, or nearly: no series, only a float's parts.
 */
import { bitsOf, fromBits } from "../elementary/bits.js"
import * as elementary from "../elementary/functions.js"
import type { Meter } from "../meter.js"
import * as sequences from "../operators/sequences.js"
import { domainError, overflow, typeMismatch } from "../raise.js"
import * as floats from "../values/floats.js"
import * as integers from "../values/integers.js"
import { Float, Tuple, typeName, type Value } from "../values/values.js"

export const outside = (): never => domainError("math domain error")

export const tooLarge = (): never => overflow("math range error")

export const real = (value: Value): number => {
  if (value instanceof Float) return value.value
  const whole = sequences.index(value)
  return whole === undefined ? typeMismatch(`must be real number, not ${typeName(value)}`) : integers.toNumber(whole)
}

export const pow = (x: number, y: number): number => {
  const result = elementary.pow(x, y)
  if (Number.isFinite(result) || !Number.isFinite(x) || !Number.isFinite(y)) return result
  return Number.isNaN(result) || x === 0 ? outside() : tooLarge()
}

export const fmod = (x: number, y: number): number => {
  const result = x % y
  return Number.isNaN(result) && !Number.isNaN(x) && !Number.isNaN(y) ? outside() : result
}

/** IEEE 754's: `x - n y` for the integer `n` nearest `x / y`, ties to even. */
export const remainder = (x: number, y: number): number => {
  if (Number.isNaN(x) || Number.isNaN(y)) return NaN
  if (y === 0 || !Number.isFinite(x)) return outside()
  if (!Number.isFinite(y)) return x
  const [top, bottom] = [Math.abs(x), Math.abs(y)]
  const rest = top % bottom
  const complement = bottom - rest
  const nearest = rest < complement
    ? rest
    : rest > complement
    ? -complement
    : rest - 2 * ((0.5 * (top - rest)) % bottom)
  return x < 0 || Object.is(x, -0) ? -nearest : nearest
}

export const copysign = (x: number, y: number): number => {
  const magnitude = Math.abs(x)
  return y < 0 || Object.is(y, -0) ? -magnitude : magnitude
}

export const nextafter = (x: number, y: number): number => {
  if (Number.isNaN(x) || Number.isNaN(y)) return NaN
  if (x === y) return y
  if (x === 0) return copysign(5e-324, y)
  return fromBits(bitsOf(x) + (x < y === x > 0 ? 1n : -1n))
}

export const ulp = (x: number): number => {
  const magnitude = Math.abs(x)
  if (!Number.isFinite(magnitude)) return magnitude
  const next = nextafter(magnitude, Infinity)
  return next === Infinity ? magnitude - nextafter(magnitude, 0) : next - magnitude
}

export const frexp = (x: number): Tuple => {
  if (x === 0 || !Number.isFinite(x)) return new Tuple([new Float(x), 0])
  const [mantissa, shift] = floats.exact(x)
  const exponent = shift + integers.bitLength(integers.fromBigInt(mantissa))
  return new Tuple([new Float(floats.loadExponent(x, -exponent)), exponent])
}

export const modf = (x: number): Tuple => {
  const fraction = Number.isFinite(x) ? x % 1 : Number.isNaN(x) ? NaN : 0
  return new Tuple([new Float(copysign(fraction, x)), new Float(Math.trunc(x))])
}

/** The steps of adding a float to a sum of two thousand bits. */
const addendCost = 16

/** The exact sum of floats, as a count of the smallest subnormal, rounded once. */
export const fsum = (value: Value, meter: Meter): Float => {
  let total = 0n
  let special = 0
  let infinities = 0
  for (const item of sequences.exhaust(value, meter)) {
    meter.spend(addendCost)
    const x = real(item)
    if (Number.isFinite(x)) {
      const [mantissa, shift] = floats.exact(x)
      total += mantissa << BigInt(shift + 1074)
      if (total >> 2098n > 0n || -total >> 2098n > 0n) return overflow("intermediate overflow in fsum")
    } else {
      special += x
      if (!Number.isNaN(x)) infinities += x
    }
  }
  if (Number.isNaN(infinities)) return domainError("-inf + inf in fsum")
  if (special !== 0) return new Float(special)
  const sum = integers.ratio(total, 1n << 1074n)
  return new Float(Number.isFinite(sum) ? sum : overflow("intermediate overflow in fsum"))
}
