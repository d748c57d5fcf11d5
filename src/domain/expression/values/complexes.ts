/**
 * Complex arithmetic by the formulas CPython uses, whose choice shows in the last digits: Smith's division
 * (R. L. Smith, "Algorithm 116: Complex division", CACM 5, 1962), squaring for small whole powers, polar form
 * for the rest.
 */
import { atan2, cos, exp, log, modulus, pow, sin } from "../elementary/functions.js"
import { divisionByZero, overflow } from "../raise.js"
import * as floats from "./floats.js"
import { Complex } from "./values.js"

export const add = (left: Complex, right: Complex): Complex =>
  new Complex(left.real + right.real, left.imag + right.imag)

export const subtract = (left: Complex, right: Complex): Complex =>
  new Complex(left.real - right.real, left.imag - right.imag)

export const multiply = (left: Complex, right: Complex): Complex =>
  new Complex(left.real * right.real - left.imag * right.imag, left.real * right.imag + left.imag * right.real)

/** The quotient, or undefined where the divisor is zero. */
const quotient = (left: Complex, right: Complex): Complex | undefined => {
  const real = Math.abs(right.real)
  const imag = Math.abs(right.imag)
  if (real >= imag) {
    if (real === 0) return undefined
    const ratio = right.imag / right.real
    const denominator = right.real + right.imag * ratio
    return new Complex((left.real + left.imag * ratio) / denominator, (left.imag - left.real * ratio) / denominator)
  }
  if (imag >= real) {
    const ratio = right.real / right.imag
    const denominator = right.real * ratio + right.imag
    return new Complex((left.real * ratio + left.imag) / denominator, (left.imag * ratio - left.real) / denominator)
  }
  return new Complex(NaN, NaN)
}

export const divide = (left: Complex, right: Complex): Complex =>
  quotient(left, right) ?? divisionByZero("complex division by zero")

const one = new Complex(1, 0)

const wholePower = (base: Complex, exponent: number): Complex => {
  let result = one
  let square = base
  for (let rest = exponent; rest > 0; rest = Math.floor(rest / 2)) {
    if (rest % 2 === 1) result = multiply(result, square)
    square = multiply(square, square)
  }
  return result
}

const polarPower = (base: Complex, exponent: Complex): Complex | undefined => {
  if (exponent.real === 0 && exponent.imag === 0) return one
  if (base.real === 0 && base.imag === 0) {
    return exponent.imag !== 0 || exponent.real < 0 ? undefined : new Complex(0, 0)
  }
  const radius = modulus(base.real, base.imag)
  const angle = atan2(base.imag, base.real)
  let length = pow(radius, exponent.real)
  let phase = angle * exponent.real
  if (exponent.imag !== 0) {
    length /= exp(angle * exponent.imag)
    phase += exponent.imag * log(radius)
  }
  // There C's cosine reports a domain error, which Python takes for this one.
  if (Math.abs(phase) === Infinity) return undefined
  return new Complex(length * cos(phase), length * sin(phase))
}

export const power = (base: Complex, exponent: Complex): Complex => {
  const whole = exponent.imag === 0 && Number.isInteger(exponent.real) && Math.abs(exponent.real) <= 100
  const result = !whole
    ? polarPower(base, exponent)
    : exponent.real > 0
    ? wholePower(base, exponent.real)
    : quotient(one, wholePower(base, -exponent.real))
  if (result === undefined) return divisionByZero("0.0 to a negative or complex power")
  if (Math.abs(result.real) === Infinity || Math.abs(result.imag) === Infinity) {
    return overflow("complex exponentiation")
  }
  return result
}

export const negate = (value: Complex): Complex => new Complex(-value.real, -value.imag)

export const conjugate = (value: Complex): Complex => new Complex(value.real, -value.imag)

export const absolute = (value: Complex): number => {
  const radius = modulus(value.real, value.imag)
  if (radius === Infinity && Number.isFinite(value.real) && Number.isFinite(value.imag)) {
    return overflow("absolute value too large")
  }
  return radius
}

export const repr = ({ imag, real }: Complex): string => {
  const imaginary = floats.reprPart(imag)
  if (Object.is(real, 0)) return `${imaginary}j`
  const sign = imaginary.startsWith("-") ? "" : "+"
  return `(${floats.reprPart(real)}${sign}${imaginary}j)`
}
