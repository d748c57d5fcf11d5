/**
 * Integers of any size. What the operations cost, and whether the budget allows their results, says `integerCosts`.
 */
import { divisionByZero, domainError, overflow } from "../raise.js"
import { Float, type Int } from "./values.js"

export const fromBigInt = (value: bigint): Int =>
  value >= -9007199254740991n && value <= 9007199254740991n ? Number(value) : value

/** Lengths in bits, each a quarter more than the one before, and the least integer that is longer: 40 KiB in all. */
const lengths = Array.from({ length: 34 }, (_, index) => Math.floor(52 * 1.25 ** index))
const longer = lengths.map((length) => 1n << BigInt(length))

/** How many of those lengths a magnitude exceeds. Integers of unequal length are compared at once. */
const exceeded = (magnitude: bigint): number => {
  let low = 0
  let high = longer.length
  while (low < high) {
    const middle = (low + high) >> 1
    if (magnitude >= longer[middle]!) low = middle + 1
    else high = middle
  }
  return low
}

const bitLengthOfNumber = (value: number): number => {
  const magnitude = Math.abs(value)
  const high = Math.floor(magnitude / 2 ** 32)
  return high > 0 ? 64 - Math.clz32(high) : 32 - Math.clz32(magnitude)
}

/** Number of binary digits of the magnitude. */
export const bitLength = (value: Int): number => {
  if (typeof value === "number") return bitLengthOfNumber(value)
  let rest = value < 0n ? -value : value
  let bits = 0
  for (let count = exceeded(rest); count > 0; count = exceeded(rest)) {
    const cut = lengths[count - 1]!
    rest >>= BigInt(cut)
    bits += cut
  }
  return bits + bitLengthOfNumber(Number(rest))
}

/** The bit length, or up to a quarter more, in a time that does not grow with it. */
export const sizeInBits = (value: Int): number => {
  const magnitude = Math.abs(Number(value))
  if (magnitude < Infinity) return Math.floor(Math.log2(magnitude + 1)) + 2
  const count = exceeded((value as bigint) < 0n ? -(value as bigint) : value as bigint)
  return count < lengths.length ? lengths[count]! : bitLength(value)
}

export const add = (left: Int, right: Int): Int => {
  if (typeof left === "number" && typeof right === "number") {
    const sum = left + right
    if (Number.isSafeInteger(sum)) return sum
  }
  return fromBigInt(BigInt(left) + BigInt(right))
}

export const subtract = (left: Int, right: Int): Int => {
  if (typeof left === "number" && typeof right === "number") {
    const difference = left - right
    if (Number.isSafeInteger(difference)) return difference
  }
  return fromBigInt(BigInt(left) - BigInt(right))
}

export const negate = (value: Int): Int => typeof value === "number" ? 0 - value : -value

export const multiply = (left: Int, right: Int): Int => {
  if (typeof left === "number" && typeof right === "number") {
    const product = left * right
    // An int has no negative zero.
    if (Number.isSafeInteger(product)) return product + 0
  }
  return fromBigInt(BigInt(left) * BigInt(right))
}

/** Quotient rounded down and the remainder that has the divisor's sign. */
const floored = (left: Int, right: Int): readonly [bigint, bigint] => {
  const divisor = BigInt(right)
  const quotient = BigInt(left) / divisor
  const remainder = BigInt(left) - quotient * divisor
  return remainder !== 0n && remainder < 0n !== divisor < 0n
    ? [quotient - 1n, remainder + divisor]
    : [quotient, remainder]
}

export const floorDivide = (left: Int, right: Int): Int => {
  if (right === 0) return divisionByZero("integer division or modulo by zero")
  if (typeof left === "number" && typeof right === "number") {
    // The exact quotient is at least 1/|right| away from the next integer, and rounding moves it by less.
    return Math.floor(left / right) + 0
  }
  return fromBigInt(floored(left, right)[0])
}

export const modulo = (left: Int, right: Int): Int => {
  if (right === 0) return divisionByZero("integer modulo by zero")
  if (typeof left === "number" && typeof right === "number") {
    const remainder = left % right
    return remainder !== 0 && remainder < 0 !== right < 0 ? remainder + right : remainder + 0
  }
  return fromBigInt(floored(left, right)[1])
}

/** `left ** right` for a `right` that is not negative. */
export const power = (left: Int, right: Int): Int => {
  if (right === 0 || left === 1) return 1
  if (left === 0) return 0
  if (left === -1) return BigInt(right) % 2n === 0n ? 1 : -1
  const bits = Math.log2(Math.abs(Number(left)))
  const resultBits = (bits < Infinity ? bits : bitLength(left)) * Number(right)
  if (resultBits < 52) {
    let product = 1
    for (let count = Number(right); count > 0; count--) product *= Number(left)
    return product
  }
  return fromBigInt(BigInt(left) ** BigInt(right))
}

/** `base ** exponent % modulus`, with Python's sign. */
export const modularPower = (base: Int, exponent: Int, modulus: Int): Int => {
  if (modulus === 0) return domainError("pow() 3rd argument cannot be 0")
  const divisor = BigInt(modulus) < 0n ? -BigInt(modulus) : BigInt(modulus)
  let square = BigInt(modulo(base, modulus))
  if (square < 0n) square += divisor
  if (exponent < 0) square = inverse(square, divisor)
  const digits = (BigInt(exponent) < 0n ? -BigInt(exponent) : BigInt(exponent)).toString(16)
  // Four bits of the exponent at a time, from the top.
  const powers = [1n % divisor]
  for (let index = 1; index < 16; index++) {
    powers.push((powers[index - 1] ?? 1n) * square % divisor)
  }
  let result = 1n % divisor
  for (const digit of digits) {
    for (let bit = 0; bit < 4; bit++) {
      result = result * result % divisor
    }
    result = result * (powers[Number.parseInt(digit, 16)] ?? 1n) % divisor
  }
  return fromBigInt(BigInt(modulus) < 0n && result !== 0n ? result - divisor : result)
}

const inverse = (value: bigint, modulus: bigint): bigint => {
  let [previous, current] = [modulus, value % modulus]
  let [previousFactor, factor] = [0n, 1n]
  while (current !== 0n) {
    const quotient = previous / current
    ;[previous, current] = [current, previous - quotient * current]
    ;[previousFactor, factor] = [factor, previousFactor - quotient * factor]
  }
  if (previous !== 1n) return domainError("base is not invertible for the given modulus")
  return previousFactor < 0n ? previousFactor + modulus : previousFactor
}

export const shiftLeft = (left: Int, right: Int): Int => {
  if (right < 0) return domainError("negative shift count")
  if (left === 0) return 0
  if (typeof left === "number" && right < 53) {
    const shifted = left * 2 ** Number(right)
    if (Number.isSafeInteger(shifted)) return shifted
  }
  return fromBigInt(BigInt(left) << BigInt(right))
}

export const shiftRight = (left: Int, right: Int): Int => {
  if (right < 0) return domainError("negative shift count")
  if (typeof left === "number") return right < 64 ? Math.floor(left / 2 ** Number(right)) : left < 0 ? -1 : 0
  const bits = sizeInBits(left)
  return fromBigInt(left >> BigInt(right < bits ? right : bits))
}

const isWord = (value: Int): value is number => typeof value === "number" && (value | 0) === value

export const and = (left: Int, right: Int): Int =>
  isWord(left) && isWord(right) ? left & right : fromBigInt(BigInt(left) & BigInt(right))

export const or = (left: Int, right: Int): Int =>
  isWord(left) && isWord(right) ? left | right : fromBigInt(BigInt(left) | BigInt(right))

export const xor = (left: Int, right: Int): Int =>
  isWord(left) && isWord(right) ? left ^ right : fromBigInt(BigInt(left) ^ BigInt(right))

export const invert = (value: Int): Int => typeof value === "number" ? -1 - value : fromBigInt(~value)

export const absolute = (value: Int): Int => value < 0 ? negate(value) : value

export const toNumber = (value: Int): number => {
  const number = Number(value)
  return Number.isFinite(number) ? number : overflow("int too large to convert to float")
}

/** The integer part of a float. */
export const truncated = (value: number): Int => {
  if (Number.isNaN(value)) return domainError("cannot convert float NaN to integer")
  if (!Number.isFinite(value)) return overflow("cannot convert float infinity to integer")
  const whole = Math.trunc(value)
  return Number.isSafeInteger(whole) ? whole + 0 : BigInt(whole)
}

/** A ratio of integers as the nearest float, ties to even. */
export const ratio = (numerator: bigint, denominator: bigint): number => {
  const negative = numerator < 0n !== denominator < 0n
  const top = numerator < 0n ? -numerator : numerator
  const bottom = denominator < 0n ? -denominator : denominator
  // At least 55 bits of quotient, and no bit below a subnormal's last: the lowest bit then says "and something more".
  const shift = Math.max(bitLength(top) - bitLength(bottom) - 55, -1076)
  const scaledTop = shift < 0 ? top << BigInt(-shift) : top
  const scaledBottom = shift > 0 ? bottom << BigInt(shift) : bottom
  const quotient = scaledTop / scaledBottom
  const sticky = quotient * scaledBottom === scaledTop ? quotient : quotient | 1n
  const magnitude = scale(sticky, shift)
  return negative ? -magnitude : magnitude
}

/** `value * 2 ** exponent` rounded once, where `exponent` is -1076 or `value` has at least 55 bits. */
const scale = (value: bigint, exponent: number): number => {
  if (exponent > -1076 || value >> 54n > 0n) {
    const half = Math.trunc(exponent / 2)
    return Number(value) * 2 ** half * 2 ** (exponent - half)
  }
  // A subnormal: its last place is fixed, two bits up.
  const kept = value >> 2n
  const rest = value & 3n
  return Number(rest === 3n || (rest === 2n && kept % 2n === 1n) ? kept + 1n : kept) * 2 ** -1074
}

/** An integer past a float's range as a fraction of the power of two above it, rounded once; `bits` is its length. */
export const fraction = (value: Int, bits: number): number => {
  const cut = BigInt(bits - 64)
  const top = BigInt(value) >> cut
  return ratio(top << cut === value ? top : top | 1n, 1n << 64n)
}

export const trueDivide = (left: Int, right: Int): Float => {
  if (right === 0) return divisionByZero("division by zero")
  if (typeof left === "number" && typeof right === "number") return new Float(left / right)
  const quotient = ratio(BigInt(left), BigInt(right))
  return new Float(Number.isFinite(quotient) ? quotient : overflow("integer division result too large for a float"))
}

/** To the nearest multiple of a power of ten, ties to even. */
export const roundTo = (value: Int, digits: Int): Int => {
  if (digits >= 0) return value
  if (bitLength(value) < -3 * Number(digits)) return 0
  const unit = BigInt(power(10, negate(digits)))
  const [quotient, remainder] = floored(value, fromBigInt(unit))
  const up = remainder * 2n > unit || (remainder * 2n === unit && quotient % 2n !== 0n)
  return fromBigInt((up ? quotient + 1n : quotient) * unit)
}
