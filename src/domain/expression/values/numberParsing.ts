/**
 * What `int('…')`, `float('…')` and `complex('…')` read: white space around, underscores between digits, decimal
 * digits of any script.
 */
import type { Meter } from "../meter.js"
import { domainError } from "../raise.js"
import * as integers from "./integers.js"
import * as strings from "./strings.js"
import { Complex, Float, type Int } from "./values.js"

/** Python's limit on decimal conversion, which is quadratic. */
export const digitLimit = 4300

export const tooManyDigits = (digits: number): string =>
  `Exceeds the limit (${digitLimit} digits) for integer string conversion: value has ${digits} digits; ` +
  "use sys.set_int_max_str_digits() to increase the limit"

// Unicode's spaces; but of ASCII's only C's, which leaves out the separators \x1c to \x1f.
const blank = "(?:(?!\\ufeff)[\\s\\x85])+"
const edges = new RegExp(`^${blank}|${blank}$`, "gu")
const foreignDigit = /(?![0-9])\p{Nd}/gu

// Decimal digits are assigned in runs of ten, so the place in the run tells the value.
const digitValue = (digit: string): string => {
  const code = digit.codePointAt(0) ?? 0
  let start = code
  while (/\p{Nd}/u.test(String.fromCodePoint(start - 1))) start--
  return String((code - start) % 10)
}

const plain = (literal: string): string => literal.replace(edges, "").replace(foreignDigit, digitValue)

const prefixes = new Map([["b", 2], ["o", 8], ["x", 16]])

const simple = /^[0-9]+$/

const integer = /^([+-]?)(?:0([box])_?)?([0-9a-z]+(?:_[0-9a-z]+)*)$/i

export const parseInteger = (literal: string, base: number, meter: Meter): Int => {
  meter.text(literal.length)
  if (base === 10 && simple.test(literal)) return integers.fromBigInt(magnitudeOf(literal, 10, meter))
  const malformed = (): never =>
    domainError(`invalid literal for int() with base ${base}: ${strings.repr(literal).slice(0, 200)}`)
  const match = integer.exec(withoutPrefix(plain(literal), base))
  if (match === null) return malformed()
  const [, sign, letter, grouped = ""] = match
  const prefix = prefixes.get((letter ?? "").toLowerCase())
  const digits = grouped.replaceAll("_", "").toLowerCase()
  const radix = base === 0 ? prefix ?? 10 : base
  for (const digit of digits) if (!(Number.parseInt(digit, 36) < radix)) return malformed()
  // A bare number in base 0 is written as in a program: no leading zeros.
  if (base === 0 && prefix === undefined && /^0+[1-9]/.test(digits)) return malformed()
  const magnitude = magnitudeOf(digits, radix, meter)
  return integers.fromBigInt(sign === "-" ? -magnitude : magnitude)
}

/** The text with a prefix only if the base allows one: in base 16 `0b1` is 177, and in base 10 it is nothing. */
const withoutPrefix = (literal: string, base: number): string => {
  const match = /^([+-]?)0([box])_?(?=[0-9a-z])/i.exec(literal)
  if (match === null || base === 0) return literal
  if (prefixes.get((match[2] ?? "").toLowerCase()) === base) return (match[1] ?? "") + literal.slice(match[0].length)
  return literal.replace(/0(?=[box])/i, "00")
}

const magnitudeOf = (digits: string, radix: number, meter: Meter): bigint => {
  const bits = digits.length * Math.log2(radix)
  const prefix = radix === 16 ? "0x" : radix === 8 ? "0o" : radix === 2 ? "0b" : undefined
  if (prefix === undefined && radix !== 4 && radix !== 32 && digits.length > digitLimit) {
    return domainError(tooManyDigits(digits.length))
  }
  meter.integer(bits)
  meter.product(bits, prefix === undefined ? bits : 64)
  if (prefix !== undefined) return BigInt(prefix + digits)
  if (radix === 10) return BigInt(digits)
  let value = 0n
  for (const digit of digits) value = value * BigInt(radix) + BigInt(Number.parseInt(digit, 36))
  return value
}

const float = /^[+-]?(?:(?:\d+\.?\d*|\.\d+)(?:e[+-]?\d+)?|inf(?:inity)?|nan)$/i

const grouped = /(?<=\d)_(?=\d)/g

const readFloat = (literal: string): number => {
  const lower = literal.toLowerCase()
  if (lower.includes("n")) return lower.includes("a") ? NaN : lower.startsWith("-") ? -Infinity : Infinity
  return Number(lower)
}

export const parseFloat = (literal: string, meter: Meter): Float => {
  meter.text(literal.length)
  const digits = plain(literal).replace(grouped, "")
  if (!float.test(digits)) return domainError(`could not convert string to float: ${strings.repr(literal)}`)
  return new Float(readFloat(digits))
}

const number = "(?:(?:\\d+\\.?\\d*|\\.\\d+)(?:e[+-]?\\d+)?|inf(?:inity)?|nan)"
const complex = new RegExp(`^(?:([+-]?${number})?(?:([+-]${number}?)j)?|([+-]?${number}?)j)$`, "i")

const readPart = (part: string | undefined): number =>
  part === undefined ? 0 : part === "" || part === "+" ? 1 : part === "-" ? -1 : readFloat(part)

export const parseComplex = (literal: string, meter: Meter): Complex => {
  meter.text(literal.length)
  const trimmed = plain(literal)
  const inner = trimmed.startsWith("(") && trimmed.endsWith(")") ? plain(trimmed.slice(1, -1)) : trimmed
  const digits = inner.replace(grouped, "")
  if (digits.includes("_")) return domainError(`could not convert string to complex: ${strings.repr(literal)}`)
  const match = complex.exec(digits)
  if (match === null || inner === "") return domainError("complex() arg is a malformed string")
  const [, real, imag, alone] = match
  return new Complex(readPart(real), readPart(alone ?? imag))
}
