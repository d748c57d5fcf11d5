/**
 * What `int('…')`, `float('…')` and `complex('…')` read: white space around, underscores between digits, decimal
 * digits of any script. Every text is walked once: none of them goes back.
 */
import type { Meter } from "../meter.js"
import { domainError } from "../raise.js"
import { asciiOf, spacesEnd, stripped, withoutUnderscores } from "./decimalDigits.js"
import { floatEnd, floatValue } from "./floatScanner.js"
import * as integerCosts from "./integerCosts.js"
import * as integers from "./integers.js"
import * as strings from "./strings.js"
import { Complex, Float, type Int } from "./values.js"

/** Python's limit on decimal conversion, which is quadratic. */
export const digitLimit = 4300

export const tooManyDigits = (digits: number): string =>
  `Exceeds the limit (${digitLimit} digits) for integer string conversion: value has ${digits} digits; ` +
  "use sys.set_int_max_str_digits() to increase the limit"

const simple = /^[0-9]+$/

const prefixes = new Map([["b", 2], ["o", 8], ["x", 16]])

/** The value of a digit in bases to 36; of anything else, no digit in any. */
const digitValue = (code: number): number => {
  if (code >= 48 && code <= 57) return code - 48
  const letter = code | 32
  return letter >= 97 && letter <= 122 ? letter - 87 : 36
}

interface Digits {
  /** Without underscores. */
  readonly digits: string
  readonly end: number
}

/** The digits from there on with one underscore at most between two, or undefined where there are more. */
const digitsOf = (text: string, from: number, base: number): Digits | undefined => {
  let end = from
  for (let before = 0;; end++) {
    const code = text.charCodeAt(end)
    if (code === 95 ? before === 95 : !(digitValue(code) < base)) {
      return before === 95 ? undefined : { digits: text.slice(from, end).replaceAll("_", ""), end }
    }
    before = code
  }
}

/** CPython shows 200 characters, which two units each may make up. */
const told = (text: string): string => Array.from(text.slice(0, 400)).slice(0, 200).join("")

export const parseInteger = (literal: string, base: number, meter: Meter): Int => {
  if (base === 10 && simple.test(literal)) return integers.fromBigInt(magnitudeOf(literal, 10, meter))
  const malformed = (): never =>
    domainError(`invalid literal for int() with base ${base}: ${told(quoted(literal, meter))}`)
  const text = asciiOf(literal)
  let at = spacesEnd(text, 0)
  const sign = text.charAt(at)
  if (sign === "-" || sign === "+") at++
  const prefix = text.charAt(at) === "0" ? prefixes.get(text.charAt(at + 1).toLowerCase()) : undefined
  const radix = base === 0 ? prefix ?? 10 : base
  // In base 16 `0b1` is 177, and in base 10 it is nothing.
  if (prefix === radix) {
    at += 2
    if (text.charAt(at) === "_") at++
  }
  const found = text.charAt(at) === "_" ? undefined : digitsOf(text, at, radix)
  if (found === undefined || found.digits === "") return malformed()
  const magnitude = magnitudeOf(found.digits, radix, meter)
  // A bare number in base 0 is written as in a program: no leading zeros.
  if (base === 0 && prefix === undefined && found.digits.startsWith("0") && magnitude > 0n) return malformed()
  if (spacesEnd(text, found.end) < text.length) return malformed()
  return integers.fromBigInt(sign === "-" ? -magnitude : magnitude)
}

/** Of reading a text once, digits of all scripts included; to repeat one in words is paid for when it comes to that. */
const textCost = (literal: string): number => 8 + literal.length / 2

export const floatCost = textCost

export const complexCost = textCost

/** Of an integer of that base, which is admitted once its digits are known. */
export const integerCost = (literal: string, base: number): number => {
  const bits = Math.min(literal.length, digitLimit) * Math.log2(base || 10)
  return textCost(literal) + 2 * integerCosts.product(bits / 64, bits / 64)
}

/** A text in an error's words. */
const quoted = (literal: string, meter: Meter): string => {
  meter.spend(strings.reprCost(literal))
  return strings.repr(literal)
}

/** Digits whose value a number holds exactly, in any base: 36 ** 10 is below 2 ** 53. */
const chunk = 10

/** The bases that JavaScript reads by a prefix. */
const native = new Map([[2, "0b"], [8, "0o"], [16, "0x"]])

const magnitudeOf = (digits: string, radix: number, meter: Meter): bigint => {
  const width = Math.log2(radix)
  const isPower = Number.isInteger(width)
  if (!isPower && digits.length > digitLimit) return domainError(tooManyDigits(digits.length))
  const bits = digits.length * width
  meter.integer(bits)
  if (radix === 10) return BigInt(digits)
  const prefix = native.get(radix)
  if (prefix !== undefined) return BigInt(prefix + digits)
  const parts = Array.from(
    { length: Math.ceil(digits.length / chunk) },
    (_, part) => digits.slice(part * chunk, (part + 1) * chunk)
  )
  if (isPower) {
    const binary = parts.map((part) => Number.parseInt(part, radix).toString(2).padStart(part.length * width, "0"))
    return BigInt(`0b${binary.join("")}`)
  }
  let value = 0n
  for (const part of parts) {
    value = value * BigInt(radix ** part.length) + BigInt(Number.parseInt(part, radix))
  }
  return value
}

export const parseFloat = (literal: string, meter: Meter): Float => {
  const text = withoutUnderscores(stripped(asciiOf(literal)))
  if (text === undefined || text === "" || floatEnd(text, 0) < text.length) {
    return domainError(`could not convert string to float: ${quoted(literal, meter)}`)
  }
  return new Float(floatValue(text))
}

const isSign = (code: number): boolean => code === 43 || code === 45

const isImaginary = (code: number): boolean => code === 106 || code === 74

/** Takes `1+2j` and its like: a float, a float and a signed one with a `j`, or one with a `j`, which may be its sign. */
const scanComplex = (text: string, from: number): { readonly value: Complex; readonly end: number } | undefined => {
  const end = floatEnd(text, from)
  const next = text.charCodeAt(end)
  if (end > from && isImaginary(next)) return { value: new Complex(0, floatValue(text.slice(from, end))), end: end + 1 }
  if (end > from && !isSign(next)) return { value: new Complex(floatValue(text.slice(from, end)), 0), end }
  const real = end > from ? floatValue(text.slice(from, end)) : 0
  const imaginaryEnd = end > from ? floatEnd(text, end) : end
  const bareEnd = isSign(next) ? end + 1 : end
  const last = Math.max(imaginaryEnd, bareEnd)
  if (!isImaginary(text.charCodeAt(last))) return undefined
  const imag = imaginaryEnd > end ? floatValue(text.slice(end, imaginaryEnd)) : next === 45 ? -1 : 1
  return { value: new Complex(real, imag), end: last + 1 }
}

const malformedComplex = (): never => domainError("complex() arg is a malformed string")

export const parseComplex = (literal: string, meter: Meter): Complex => {
  const text = withoutUnderscores(asciiOf(literal))
  if (text === undefined) return domainError(`could not convert string to complex: ${quoted(literal, meter)}`)
  const start = spacesEnd(text, 0)
  const isBracketed = text.charAt(start) === "("
  const found = scanComplex(text, isBracketed ? spacesEnd(text, start + 1) : start)
  if (found === undefined) return malformedComplex()
  let at = spacesEnd(text, found.end)
  if (isBracketed) {
    if (text.charAt(at) !== ")") return malformedComplex()
    at = spacesEnd(text, at + 1)
  }
  return at < text.length ? malformedComplex() : found.value
}
