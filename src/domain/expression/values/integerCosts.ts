/**
 * What the operations on integers cost, in steps of the meter: by the sizes of what they are given, and of what they
 * make. A safe integer is a number, and costs what the instruction does. The formulas follow V8's own algorithms,
 * measured from 64 to 65,536 bits: linear ones, and for products Karatsuba's, Toom's and Fourier's, which together
 * grow with the longer operand times the root of the shorter.
 */
import type { Meter } from "../meter.js"
import { bitLength, sizeInBits } from "./integers.js"
import type { Int } from "./values.js"

/** What an operation on bigints takes whatever their size. */
const base = 6

const isSmall = (left: Int, right: Int): boolean => typeof left === "number" && typeof right === "number"

/** 64-bit words, at most a quarter too many. */
export const words = (value: Int): number => typeof value === "number" ? 1 : sizeInBits(value) / 64

/** Walking so many words. */
export const linear = (words: number): number => base + words / 16

/** The memory of so many words that are made. */
const memory = (words: number): number => words / 4

/** Walking so many words, and making as many. */
export const making = (words: number): number => linear(words) + memory(words)

/** Multiplying two integers of so many words. */
export const product = (left: number, right: number): number =>
  base + 0.5 * Math.max(left, right) * Math.sqrt(Math.min(left, right))

/** Dividing: the quotient's words times the divisor's. */
export const quotient = (dividend: number, divisor: number): number =>
  dividend < divisor ? linear(divisor) : linear(dividend) + 2 * product(dividend - divisor + 1, divisor)

/** Between an integer and its decimal digits. */
export const decimal = (words: number): number => base + 4 * product(words, words)

/** Between an integer and its digits in a base that is a power of two. */
export const digits = (count: number): number => base + count / 32

/** Admits the bits that a bigint of this size needs at most. */
const made = (bits: number, exact: () => number, meter: Meter): number =>
  meter.integer(bits <= meter.budget.bits ? bits : exact())

export const unary = (value: Int): number => typeof value === "number" ? 0 : making(words(value))

/** Of an operation whose result is no longer than its operands. */
export const bitwise = (left: Int, right: Int): number =>
  isSmall(left, right) ? 1 : 2 * linear(words(left) + words(right)) + memory(Math.max(words(left), words(right)))

export const sum = (left: Int, right: Int, meter: Meter): number => {
  if (isSmall(left, right)) return 0
  const bits = made(
    Math.max(sizeInBits(left), sizeInBits(right)),
    () => Math.max(bitLength(left), bitLength(right)),
    meter
  )
  return bits + 2 * linear(words(left) + words(right))
}

export const multiplication = (left: Int, right: Int, meter: Meter): number => {
  if (isSmall(left, right)) return 0
  const bits = made(sizeInBits(left) + sizeInBits(right), () => bitLength(left) + bitLength(right) - 2, meter)
  return bits + product(words(left), words(right))
}

export const division = (left: Int, right: Int): number =>
  isSmall(left, right) ? 0 : base + memory(words(left)) + quotient(words(left), words(right))

/** A ratio as a float: the quotient has a word. */
export const ratio = (left: Int, right: Int): number => isSmall(left, right) ? 0 : 20 + 2 * (words(left) + words(right))

/** Of `left ** right` for a `right` that is not negative. */
export const power = (left: Int, right: Int, meter: Meter): number => {
  const magnitude = Math.abs(Number(left))
  if (magnitude <= 1) return 1
  const bits = (magnitude < Infinity ? Math.log2(magnitude) : bitLength(left)) * Number(right)
  if (bits < 52) return Number(right) / 8
  return meter.integer(bits) + 16 + product(bits / 64, bits / 64)
}

export const shiftLeft = (left: Int, right: Int, meter: Meter): number => {
  if (left === 0 || right < 0) return 0
  const bits = sizeInBits(left) + Number(right)
  if (bits < 53) return 0
  return made(bits, () => bitLength(left) + Number(right), meter) + linear(words(left) + bits / 64)
}

/** A step of `pow` with a modulus for each bit of the exponent and a quarter more, and sixteen powers beforehand. */
export const modularPower = (baseValue: Int, exponent: Int, modulus: Int): number => {
  const size = words(modulus)
  const step = product(size, size) + quotient(2 * size, size)
  const inverse = exponent < 0 ? inversion(modulus) : 0
  return division(baseValue, modulus) + inverse + digits(sizeInBits(exponent)) +
    step * (20 + 1.25 * sizeInBits(exponent))
}

/** Steps of Euclid's algorithm at most: of consecutive Fibonacci numbers it takes 1.44 for a bit. */
const euclid = (bits: number, step: number): number => (2 + 1.44 * bits) * step

const inversion = (modulus: Int): number => euclid(sizeInBits(modulus), 6 * linear(words(modulus)))

/** Euclid's algorithm on numbers. */
const smallDivisor = 24

/** The greatest common divisor. After the first step both are as short as the shorter. */
export const commonDivisor = (left: Int, right: Int): number => {
  const shorter = Math.min(sizeInBits(left), sizeInBits(right))
  if (shorter <= 53) return smallDivisor + division(left, right) + division(right, left)
  return division(left, right) + division(right, left) + euclid(shorter, 2 * linear(shorter / 64))
}

/** Rounding to a power of ten no longer than the integer. */
export const rounding = (value: Int): number => {
  const size = words(value)
  return 20 + 4 * product(size, size)
}

/** The product of `count` consecutive integers up to `last`, which has so many bits: by halves. */
export const falling = (count: number, last: Int, bits: number): number => {
  const size = bits / 64
  return 20 + 3 * count + 2 * product(size, size) + unary(last)
}

/** Newton's iteration: it begins within a factor of two of the root, and doubles its digits. */
export const root = (value: Int): number => {
  const size = words(value)
  return 20 + (3 + Math.log2(sizeInBits(value))) * quotient(size, size / 2)
}
