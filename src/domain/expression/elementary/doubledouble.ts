/**
 * Numbers of about 106 bits, kept as the unevaluated sum of two doubles, and the exact operations beneath them.
 *
 * Dekker, "A floating-point technique for extending the available precision", Numer. Math. 18 (1971); Knuth,
 * TAOCP vol. 2, 4.2.2. Where nothing else is said, arguments are far from overflow and underflow.
 */
export interface DoubleDouble {
  readonly high: number
  readonly low: number
}

/** 2^27 + 1: multiplying by it splits a double into halves of 26 bits, whose products are exact. */
const splitter = 134217729

/** What `product`, the rounded a * b, lacks: a * b - product, exactly. */
export const productError = (a: number, b: number, product: number): number => {
  const ca = splitter * a
  const ah = ca - (ca - a)
  const al = a - ah
  const cb = splitter * b
  const bh = cb - (cb - b)
  const bl = b - bh
  return ((ah * bh - product) + ah * bl + al * bh) + al * bl
}

/** What `sum`, the rounded a + b, lacks: a + b - sum, exactly. */
export const sumError = (a: number, b: number, sum: number): number => {
  const c = sum - a
  return (a - (sum - c)) + (b - c)
}

/**
 * a * b + c with one rounding, as the processor's instruction. It may differ from it only where the exact value lies
 * within 2^-50 of an ulp of the middle between two doubles.
 */
export const fusedMultiplyAdd = (a: number, b: number, c: number): number => {
  const product = a * b
  const sum = product + c
  return sum + (sumError(product, c, sum) + productError(a, b, product))
}

const normalized = (high: number, low: number): DoubleDouble => {
  const sum = high + low
  return { high: sum, low: low - (sum - high) }
}

export const add = (a: DoubleDouble, b: DoubleDouble): DoubleDouble => {
  const sum = a.high + b.high
  return normalized(sum, sumError(a.high, b.high, sum) + (a.low + b.low))
}

export const negate = (a: DoubleDouble): DoubleDouble => ({ high: -a.high, low: -a.low })

export const multiply = (a: DoubleDouble, b: DoubleDouble): DoubleDouble => {
  const product = a.high * b.high
  return normalized(product, productError(a.high, b.high, product) + (a.high * b.low + a.low * b.high))
}

export const divide = (a: DoubleDouble, b: DoubleDouble): DoubleDouble => {
  const quotient = a.high / b.high
  const product = quotient * b.high
  const remainder = (a.high - product) - productError(quotient, b.high, product) + a.low - quotient * b.low
  return normalized(quotient, remainder / b.high)
}

export const squareRoot = (a: DoubleDouble): DoubleDouble => {
  const root = Math.sqrt(a.high)
  const square = root * root
  return normalized(root, ((a.high - square) - productError(root, root, square) + a.low) / (2 * root))
}

export const fromNumber = (x: number): DoubleDouble => ({ high: x, low: 0 })
