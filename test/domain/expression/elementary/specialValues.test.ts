import { describe, expect, it } from "@effect/vitest"
import * as elementary from "../../../../src/domain/expression/elementary/functions.js"

const { acos, acosh, asin, asinh, atan, atan2, atanh, cbrt, cos, cosh, erf, erfc, exp, exp2, expm1 } = elementary
const { gamma, hypot, lgamma, log, log10, log1p, log2, modulus, pow, sin, sinh, tan, tanh } = elementary

const tiny = 5e-324
const huge = Number.MAX_VALUE

describe("C99's special values", () => {
  it("come from NaN as NaN", () => {
    const { hypot: _, pow: __, atan2: ___, modulus: ____, ...unary } = elementary
    for (const [name, f] of Object.entries(unary)) expect([name, f(NaN)]).toEqual([name, NaN])
    expect(atan2(NaN, 1)).toBe(NaN)
    expect(atan2(1, NaN)).toBe(NaN)
  })

  it("keep the sign of zero in odd functions, and are the argument itself for the least double", () => {
    for (const f of [sin, tan, asin, atan, sinh, tanh, asinh, atanh, expm1, log1p, cbrt, erf]) {
      expect(f(0)).toBe(0)
      expect(f(-0)).toBe(-0)
    }
    for (const f of [sin, tan, asin, atan, sinh, tanh, asinh, atanh, expm1, log1p]) expect(f(-tiny)).toBe(-tiny)
  })

  it("are infinite where a result is too large", () => {
    expect([exp(709.782712893384), exp(709.7827128933841)]).toEqual([1.7976931348622732e308, Infinity])
    expect([exp2(1023), exp2(1024)]).toEqual([2 ** 1023, Infinity])
    expect([expm1(709.7827128933841), sinh(710.4758600739440), sinh(-711), cosh(-711)]).toEqual([
      Infinity,
      Infinity,
      -Infinity,
      Infinity
    ])
    expect([pow(10, 309), pow(-10, 309), pow(1 + 2 ** -52, huge), gamma(172)]).toEqual([
      Infinity,
      -Infinity,
      Infinity,
      Infinity
    ])
    expect(hypot([huge, huge])).toBe(Infinity)
  })

  it("are subnormal or zero where a result is too small", () => {
    expect([exp(-745.1332191019411), exp(-745.1332191019412)]).toEqual([tiny, 0])
    expect([exp2(-1074), exp2(-1075), exp2(-1074.9)]).toEqual([tiny, 0, tiny])
    expect([pow(2, -1074), pow(-2, -1073), pow(2, -1076), pow(-2, -1077)]).toEqual([tiny, -2 * tiny, 0, -0])
    expect([erfc(28), erfc(-7), gamma(-200.5), gamma(-201.5)]).toEqual([0, 2, -0, 0])
    expect([atan2(tiny, huge), atan2(-tiny, huge)]).toEqual([0, -0])
  })

  it("are poles at the ends of domains and NaN beyond", () => {
    for (const f of [log, log2, log10]) {
      expect([f(0), f(-0), f(-1), f(Infinity)]).toEqual([-Infinity, -Infinity, NaN, Infinity])
    }
    expect([log1p(-1), log1p(-1.5), log1p(Infinity)]).toEqual([-Infinity, NaN, Infinity])
    expect([atanh(1), atanh(-1), atanh(1.5)]).toEqual([Infinity, -Infinity, NaN])
    expect([acosh(1), acosh(0.5), acosh(-1), acosh(Infinity)]).toEqual([0, NaN, NaN, Infinity])
    expect([asin(1.5), acos(-1.5), acos(1), asin(-1)]).toEqual([NaN, NaN, 0, -Math.PI / 2])
    expect([sin(Infinity), cos(-Infinity), tan(Infinity)]).toEqual([NaN, NaN, NaN])
    expect([gamma(0), gamma(-0), gamma(-1), gamma(-Infinity), gamma(Infinity)]).toEqual([
      Infinity,
      -Infinity,
      NaN,
      NaN,
      Infinity
    ])
    expect([lgamma(0), lgamma(-3), lgamma(-Infinity), lgamma(1), lgamma(2)]).toEqual([
      Infinity,
      Infinity,
      Infinity,
      0,
      0
    ])
  })

  it("are the limits at infinity", () => {
    expect([exp(-Infinity), exp2(-Infinity), expm1(-Infinity), exp(Infinity)]).toEqual([0, 0, -1, Infinity])
    expect([atan(Infinity), atan(-Infinity), tanh(Infinity), tanh(-Infinity)]).toEqual([
      Math.PI / 2,
      -Math.PI / 2,
      1,
      -1
    ])
    expect([asinh(-Infinity), sinh(-Infinity), cosh(-Infinity), cbrt(-Infinity)]).toEqual([
      -Infinity,
      -Infinity,
      Infinity,
      -Infinity
    ])
    expect([erf(Infinity), erf(-Infinity), erfc(Infinity), erfc(-Infinity)]).toEqual([1, -1, 0, 2])
  })

  it("let pow be 1 to the power of NaN, NaN to the power of 0, and -1 to infinite powers", () => {
    expect([pow(1, NaN), pow(NaN, 0), pow(-1, Infinity), pow(-1, -Infinity), pow(NaN, 1), pow(2, NaN)]).toEqual([
      1,
      1,
      1,
      1,
      NaN,
      NaN
    ])
  })

  it("let pow divide by zero, by the sign of zero for odd integers only", () => {
    expect([pow(0, -1), pow(-0, -1), pow(-0, -2), pow(-0, 3), pow(-0, 0.5), pow(-0, -0.5)]).toEqual([
      Infinity,
      -Infinity,
      Infinity,
      -0,
      0,
      Infinity
    ])
    expect([pow(-Infinity, 3), pow(-Infinity, -3), pow(Infinity, -1), pow(0.5, -Infinity), pow(-2, 0.5)]).toEqual([
      -Infinity,
      -0,
      0,
      Infinity,
      NaN
    ])
  })

  it("let atan2 choose its quadrant by signed zeros and infinities", () => {
    expect([atan2(0, 0), atan2(0, -0), atan2(-0, -0), atan2(-0, 1)]).toEqual([0, Math.PI, -Math.PI, -0])
    expect([atan2(1, 0), atan2(-1, -0), atan2(0, -1)]).toEqual([Math.PI / 2, -Math.PI / 2, Math.PI])
    expect([atan2(Infinity, Infinity), atan2(-Infinity, -Infinity), atan2(1, -Infinity)]).toEqual([
      Math.PI / 4,
      -3 * Math.PI / 4,
      Math.PI
    ])
  })

  it("let hypot and modulus be infinite beside NaN, and 0 of no coordinates", () => {
    expect([hypot([NaN, -Infinity]), hypot([NaN, 1]), hypot([]), hypot([-3])]).toEqual([Infinity, NaN, 0, 3])
    expect([modulus(NaN, -Infinity), modulus(NaN, 1), modulus(-0, -0), modulus(-3, 0)]).toEqual([Infinity, NaN, 0, 3])
  })
})

describe("answers people look for", () => {
  it("are exact where glibc's are, and are not where they are not", () => {
    expect([exp2(10), log2(8), log10(1000), pow(10, -5), pow(0.9, 4), pow(2, 0.5)]).toEqual([
      1024,
      3,
      3,
      1e-5,
      0.6561,
      Math.SQRT2
    ])
    expect([cbrt(27), sin(1e22), log(8) / log(2)]).toEqual([3.0000000000000004, -0.8522008497671888, 3])
  })

  it("reduce multiples of pi/4 as glibc does, which rounds its choice of the nearest multiple of pi/2 once", () => {
    expect([sin(1246.4268853117503), cos(6200.718500022854), tan(-20.420352248333657)]).toEqual([
      0.7071067811866578,
      0.7071067811860721,
      1020057991976307.9
    ])
  })
})
