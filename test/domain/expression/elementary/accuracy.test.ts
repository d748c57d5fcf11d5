import { describe, expect, it } from "@effect/vitest"
import { FastCheck } from "effect"
import { fusedMultiplyAdd } from "../../../../src/domain/expression/elementary/doubledouble.js"
import { acos, asin, atan, cos, exp, log, sin, tan } from "../../../../src/domain/expression/elementary/functions.js"

/** Exact arithmetic for an oracle: numbers are integers over 2^bits. */
const bits = 1300n
const unit = 1n << bits

/** x as a multiple of 2^-bits; a number that has digits below it counts as zero. */
const fixed = (x: number): bigint => {
  if (Math.abs(x) < 2 ** -900) return 0n
  const exponent = Math.floor(Math.log2(Math.abs(x))) - 53
  const digits = BigInt(x / 2 ** exponent)
  return exponent >= 0 ? (digits << BigInt(exponent)) << bits : (digits << bits) >> BigInt(-exponent)
}

const product = (a: bigint, b: bigint): bigint => (a * b) >> bits

/** The sum of terms from the first, each made of the one before, until they vanish. */
const sumOf = (first: bigint, next: (term: bigint, n: bigint) => bigint): bigint => {
  let sum = 0n
  for (let term = first, n = 1n; term !== 0n && term !== -1n; term = next(term, n++)) sum += term
  return sum
}

/** Machin: pi/4 = 4 atan(1/5) - atan(1/239). */
const arctangentOfInverse = (n: bigint): bigint => {
  let power = unit / n
  let sum = 0n
  for (let k = 1n; power !== 0n; k += 2n, power /= n * n) sum += k % 4n === 1n ? power / k : -(power / k)
  return sum
}
const pi = 4n * (4n * arctangentOfInverse(5n) - arctangentOfInverse(239n))

const exactExp = (x: number): bigint => {
  const value = fixed(x)
  return sumOf(unit, (term, n) => product(term, value) / n)
}

const exactSinOf = (angle: bigint): bigint => {
  const square = product(angle, angle)
  return sumOf(angle, (term, n) => -product(term, square) / (2n * n * (2n * n + 1n)))
}

const exactSin = (x: number): bigint => exactSinOf(fixed(x) % (2n * pi))
const exactCos = (x: number): bigint => exactSinOf(fixed(x) % (2n * pi) + pi / 2n)

const ulp = (y: number): number => 2 ** (Math.floor(Math.log2(Math.abs(y))) - 52)

const quotient = (a: bigint, b: bigint): number => Number((a << 200n) / b) / 2 ** 200

/** How far y is from an exact value, in y's ulps. */
const ulpsFrom = (exact: bigint, y: number): number => {
  return Math.abs(quotient(exact - fixed(y), unit)) / ulp(y)
}

const numbers = (min: number, max: number) => FastCheck.double({ min, max, noNaN: true, noDefaultInfinity: true })

const holds = (numRuns: number, arbitrary: FastCheck.Arbitrary<number>, check: (x: number) => void) => {
  const property = FastCheck.property(arbitrary, (x) => {
    check(x)
  })
  FastCheck.assert(property, { seed: 1, numRuns })
}

describe("against exact arithmetic", () => {
  it("exp is within 0.512 ulp", () => {
    holds(300, numbers(-30, 30), (x) => expect(ulpsFrom(exactExp(x), exp(x))).toBeLessThan(0.512))
  })

  it("log is within 0.52 ulp: the error of its result's exp says so", () => {
    holds(300, numbers(1e-9, 1e9), (x) => {
      if (x === 1) return
      const y = log(x)
      // x = e^(y + d), so d is nearly (x - e^y) / x.
      expect(Math.abs(quotient(fixed(x) - exactExp(y), fixed(x))) / ulp(y)).toBeLessThan(0.521)
    })
  })

  it("sin and cos are within 0.55 ulp for all doubles, however large", () => {
    for (const arbitrary of [numbers(-10, 10), numbers(-1e6, 1e6), numbers(1e7, 1e9), numbers(1e20, 1.7e308)]) {
      holds(150, arbitrary, (x) => {
        if (Math.abs(x) < 1e-8) return
        expect(ulpsFrom(exactSin(x), sin(x))).toBeLessThan(0.55)
        expect(ulpsFrom(exactCos(x), cos(x))).toBeLessThan(0.55)
      })
    }
  })

  it("tan is within 0.62 ulp for all doubles, however large", () => {
    for (const arbitrary of [numbers(-10, 10), numbers(1e7, 1e9), numbers(1e20, 1.7e308)]) {
      holds(150, arbitrary, (x) => {
        if (Math.abs(x) < 1e-8) return
        expect(ulpsFrom(exactSin(x) * unit / exactCos(x), tan(x))).toBeLessThan(0.62)
      })
    }
  })

  it("asin, acos and atan are within 0.56 ulp: their results' sine, cosine and tangent say so", () => {
    holds(300, numbers(0.001, 0.999), (x) => {
      const a = asin(x)
      expect(Math.abs(quotient(fixed(x) - exactSin(a), exactCos(a))) / ulp(a)).toBeLessThan(0.56)
      const c = acos(x)
      expect(Math.abs(quotient(fixed(x) - exactCos(c), exactSin(c))) / ulp(c)).toBeLessThan(0.56)
    })
    holds(300, numbers(-100, 100), (x) => {
      if (Math.abs(x) < 1e-8) return
      // The angle by which (cos y, sin y) misses (1, x) is (x cos y - sin y) / (cos y + x sin y).
      const y = atan(x)
      const [sine, cosine] = [exactSin(y), exactCos(y)]
      const miss = quotient(product(fixed(x), cosine) - sine, cosine + product(fixed(x), sine))
      expect(Math.abs(miss) / ulp(y)).toBeLessThan(0.56)
    })
  })

  it("a fused multiply-add rounds once", () => {
    const whole = FastCheck.maxSafeInteger()
    FastCheck.assert(
      FastCheck.property(whole, whole, whole, (a, b, c) => {
        const exact = BigInt(a) * BigInt(b) + BigInt(c)
        expect(fusedMultiplyAdd(a, b, c) + 0).toBe(Number(exact))
        expect(fusedMultiplyAdd(a, b, -a * b) + 0).toBe(Number(BigInt(a) * BigInt(b) - BigInt(a * b)))
      }),
      { seed: 1, numRuns: 5000 }
    )
  })
})
