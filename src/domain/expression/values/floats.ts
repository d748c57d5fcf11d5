/**
 * Floats: their text, their floored division, their exact value.
 */
import { bitsOf } from "../elementary/bits.js"
import { divisionByZero, domainError, overflow } from "../raise.js"
import * as integerCosts from "./integerCosts.js"
import * as integers from "./integers.js"
import { Float, type Int, Tuple } from "./values.js"

/** The shortest digits that read back as the same float, with an exponent outside 1e-4 to 1e16. */
const shortest = (value: number): string => {
  if (Number.isNaN(value)) return "nan"
  const magnitude = Math.abs(value)
  if (magnitude === Infinity) return value < 0 ? "-inf" : "inf"
  if ((magnitude < 1e16 && magnitude >= 1e-4) || magnitude === 0) return Object.is(value, -0) ? "-0" : String(value)
  const text = value.toExponential()
  const exponent = text.length - text.indexOf("e") - 2
  return exponent < 2 ? `${text.slice(0, -1)}0${text.slice(-1)}` : text
}

/** `repr` of a float. */
export const repr = (value: number): string => {
  const text = shortest(value)
  return Number.isInteger(value) && Math.abs(value) < 1e16 ? `${text}.0` : text
}

/** A part of a complex number, which has no `.0`. */
export const reprPart = shortest

/** C's remainder of two very unequal floats takes a step for each bit between them. */
export const remainderCost = (left: number, right: number): number =>
  Math.abs(left) < Math.abs(right) * 2 ** 60 ? 2 : 32

export const modulo = (left: number, right: number, message = "float modulo"): number => {
  if (right === 0) return divisionByZero(message)
  const remainder = left % right
  if (remainder === 0) return right < 0 ? -0 : 0
  return remainder < 0 !== right < 0 ? remainder + right : remainder
}

export const floorDivide = (left: number, right: number, message = "float floor division by zero"): number => {
  if (right === 0) return divisionByZero(message)
  const remainder = left % right
  let quotient = (left - remainder) / right
  if (remainder !== 0 && remainder < 0 !== right < 0) quotient -= 1
  if (quotient === 0) return Object.is(left / right, -0) || left / right < 0 ? -0 : 0
  const floor = Math.floor(quotient)
  return quotient - floor > 0.5 ? floor + 1 : floor
}

export const divide = (left: number, right: number): number =>
  right === 0 ? divisionByZero("float division by zero") : left / right

/** `value` as an integer times a power of two. Only for finite values. */
export const exact = (value: number): readonly [mantissa: bigint, exponent: number] => {
  const bits = bitsOf(value)
  const field = Number(bits >> 52n & 0x7ffn)
  const fraction = bits & 0xfffffffffffffn
  const mantissa = field === 0 ? fraction : fraction | 0x10000000000000n
  return [value < 0 ? -mantissa : mantissa, Math.max(field, 1) - 1075]
}

/** The two integers, in lowest terms, whose ratio is the float. */
export const integerRatio = (value: number): readonly [bigint, bigint] => {
  if (Number.isNaN(value)) return domainError("cannot convert NaN to integer ratio")
  if (!Number.isFinite(value)) return overflow("cannot convert Infinity to integer ratio")
  let [mantissa, exponent] = exact(value)
  if (mantissa === 0n) return [0n, 1n]
  if (exponent >= 0) return [mantissa << BigInt(exponent), 1n]
  while (exponent < 0 && mantissa % 2n === 0n) {
    mantissa /= 2n
    exponent++
  }
  return [mantissa, 1n << BigInt(-exponent)]
}

export const asIntegerRatio = (value: number): Tuple => {
  const [numerator, denominator] = integerRatio(value)
  return new Tuple([integers.fromBigInt(numerator), integers.fromBigInt(denominator)])
}

/** To the nearest integer, ties to even. */
export const roundHalfEven = (value: number): number => {
  const floor = Math.floor(value)
  const rest = value - floor
  if (rest < 0.5) return floor
  return rest > 0.5 || floor % 2 !== 0 ? floor + 1 : floor
}

/** `value * 10 ** places` to the nearest integer, ties to even, from the float's exact binary value. */
const scaledToInteger = (value: number, places: number): bigint => {
  const [mantissa, exponent] = exact(value)
  let numerator = exponent > 0 ? mantissa << BigInt(exponent) : mantissa
  let denominator = exponent < 0 ? 1n << BigInt(-exponent) : 1n
  if (places > 0) numerator *= 10n ** BigInt(places)
  else denominator *= 10n ** BigInt(-places)
  const quotient = numerator / denominator
  const twice = 2n * (numerator - quotient * denominator)
  return twice > denominator || (twice === denominator && quotient % 2n === 1n) ? quotient + 1n : quotient
}

/** To a number of decimal digits, read back as the nearest float. */
export const roundTo = (value: number, digits: number): Float => {
  if (!Number.isFinite(value) || value === 0 || digits > 323) return new Float(value)
  if (digits < -308) return new Float(value < 0 ? -0 : 0)
  const rounded = Number(`${scaledToInteger(Math.abs(value), digits)}e${-digits}`)
  if (rounded === Infinity) return overflow("rounded value too large to represent")
  return new Float(value < 0 ? -rounded : rounded)
}

/** The steps that `fixed` and `scientific` take: by the digits of the power of ten, and those that are written. */
export const digitsCost = (value: number, places: number): number => {
  const bits = 64 + Math.min(places, 1074) * 3.33 + Math.abs(Math.log2(Math.abs(value) || 1))
  return 20 + integerCosts.decimal((bits < Infinity ? bits : 0) / 64)
}

/** C's `%f` of a finite float that is not negative. */
export const fixed = (value: number, places: number): string => {
  // Past this there are only zeros.
  const told = Math.min(places, 1074)
  const digits = scaledToInteger(value, told).toString().padStart(told + 1, "0") + "0".repeat(places - told)
  return places === 0 ? digits : `${digits.slice(0, -places)}.${digits.slice(-places)}`
}

/** Whether a float is less than that power of ten, by its exact value. */
const isBelow = (value: number, power: number): boolean => {
  const [mantissa, exponent] = exact(value)
  const left = mantissa << BigInt(Math.max(exponent, 0))
  const right = 1n << BigInt(Math.max(-exponent, 0))
  return power < 0 ? left * 10n ** BigInt(-power) < right : left < right * 10n ** BigInt(power)
}

/** The power of ten of a float's first digit. */
const decimalExponent = (value: number): number => {
  const shown = value.toExponential()
  const exponent = Number(shown.slice(shown.indexOf("e") + 1))
  // The shortest digits of 1e23 are 1, but it is a little less.
  return shown.startsWith("1e") && isBelow(value, exponent) ? exponent - 1 : exponent
}

/** C's `%e`, likewise. */
export const scientific = (value: number, places: number): string => {
  const told = Math.min(places, 800)
  let exponent = value === 0 ? 0 : decimalExponent(value)
  let digits = scaledToInteger(value, told - exponent).toString()
  // Rounding may reach the next power of ten.
  if (digits.length > told + 1) {
    exponent++
    digits = digits.slice(0, -1)
  }
  digits = digits.padEnd(places + 1, "0")
  const power = `${exponent < 0 ? "-" : "+"}${String(Math.abs(exponent)).padStart(2, "0")}`
  return `${digits.charAt(0)}${places === 0 ? "" : `.${digits.slice(1)}`}e${power}`
}

/** An integer times a power of two as the nearest float, or an infinity. */
export const scaled = (mantissa: bigint, exponent: bigint): number => {
  const top = BigInt(integers.bitLength(mantissa)) + exponent
  if (top > 1025n) return Infinity
  if (top < -1080n) return 0
  return exponent < 0n ? integers.ratio(mantissa, 1n << -exponent) : integers.ratio(mantissa << exponent, 1n)
}

/** `2 ** exponent * value`, rounded once. */
export const loadExponent = (value: number, exponent: Int): number => {
  if (value === 0 || !Number.isFinite(value)) return value
  const [mantissa, shift] = exact(Math.abs(value))
  const magnitude = scaled(mantissa, BigInt(shift) + BigInt(exponent))
  if (magnitude === Infinity) return overflow("math range error")
  return value < 0 ? -magnitude : magnitude
}
