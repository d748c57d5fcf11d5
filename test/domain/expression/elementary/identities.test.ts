import { describe, expect, it } from "@effect/vitest"
import { FastCheck } from "effect"
import * as elementary from "../../../../src/domain/expression/elementary/functions.js"

const {
  asin,
  asinh,
  atan,
  atan2,
  atanh,
  cbrt,
  cos,
  cosh,
  erf,
  exp,
  exp2,
  gamma,
  hypot,
  log2,
  pow,
  sin,
  sinh,
  tan,
  tanh
} = elementary

const any = FastCheck.double({ noNaN: true })
const ordinary = FastCheck.double({ min: -1000, max: 1000, noNaN: true })
const integer = (min: number, max: number) => FastCheck.integer({ min, max })

const holds = <T>(arbitrary: FastCheck.Arbitrary<T>, check: (value: T) => void) => {
  const property = FastCheck.property(arbitrary, (value) => {
    check(value)
  })
  FastCheck.assert(property, { seed: 1, numRuns: 2000 })
}

describe("the elementary functions", () => {
  it("are odd where the mathematics is", () => {
    const odd = [sin, tan, asin, atan, sinh, tanh, asinh, atanh, erf, cbrt]
    for (const values of [any, ordinary]) holds(values, (x) => odd.forEach((f) => expect(f(-x)).toBe(-f(x))))
  })

  it("are even where the mathematics is", () => {
    for (const values of [any, ordinary]) holds(values, (x) => [cos, cosh].forEach((f) => expect(f(-x)).toBe(f(x))))
  })

  it("stay within their ranges", () => {
    holds(any, (x) => {
      if (Math.abs(x) === Infinity) return
      expect(Math.abs(sin(x))).toBeLessThanOrEqual(1)
      expect(Math.abs(cos(x))).toBeLessThanOrEqual(1)
      expect(Math.abs(atan(x))).toBeLessThanOrEqual(Math.PI / 2)
      expect(Math.abs(tanh(x))).toBeLessThanOrEqual(1)
      expect(exp(x)).toBeGreaterThanOrEqual(0)
      expect(cosh(x)).toBeGreaterThanOrEqual(1)
    })
  })

  it("take powers of two and their logarithms exactly", () => {
    for (let n = -1074; n <= 1023; n++) {
      expect(log2(exp2(n))).toBe(n)
      expect(pow(2, n)).toBe(exp2(n))
    }
  })

  it("take an integer's power exactly where a double can hold it", () => {
    holds(FastCheck.tuple(integer(-1000, 1000), integer(0, 40)), ([base, exponent]) => {
      const exact = BigInt(base) ** BigInt(exponent)
      if (exact ** 2n <= 2n ** 106n) expect(pow(base, exponent)).toBe(Number(exact))
    })
  })

  it("take the first power as the number itself, and an odd power of a negative number as the negative", () => {
    holds(any, (x) => {
      expect(pow(x, 1)).toBe(x)
      expect(pow(x, 0)).toBe(1)
    })
    holds(FastCheck.tuple(ordinary, integer(-50, 50)), ([x, n]) => {
      expect(pow(-x, 2 * n + 1)).toBe(-pow(x, 2 * n + 1))
      expect(pow(-x, 2 * n)).toBe(pow(x, 2 * n))
    })
  })

  it("reflect atan2 in both axes' signs", () => {
    holds(FastCheck.tuple(any, any), ([y, x]) => expect(atan2(-y, x)).toBe(-atan2(y, x)))
    holds(any, (x) => {
      if (x > 0) expect(atan2(x, x)).toBe(Math.PI / 4)
    })
  })

  it("measure the hypotenuse whatever the order and the signs, and exactly in Pythagorean triples", () => {
    holds(FastCheck.tuple(any, any, any), ([x, y, z]) => {
      expect(hypot([x, -y, z])).toBe(hypot([Math.abs(z), Math.abs(x), Math.abs(y)]))
    })
    holds(FastCheck.tuple(integer(1, 1000), integer(1, 1000), integer(-900, 900)), ([m, n, k]) => {
      const scale = 2 ** k
      expect(hypot([(m * m - n * n) * scale, 2 * m * n * scale])).toBe((m * m + n * n) * scale)
    })
  })

  it("give factorials of integers exactly up to 22!", () => {
    let factorial = 1n
    for (let n = 1; n <= 23; n++) {
      expect(gamma(n)).toBe(Number(factorial))
      factorial *= BigInt(n)
    }
  })
})
