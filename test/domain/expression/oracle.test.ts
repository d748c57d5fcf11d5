import { describe, expect, it } from "@effect/vitest"
import * as FastCheck from "effect/FastCheck"
import { spawnSync } from "node:child_process"
import { answer } from "./tables.js"

/**
 * Arithmetic from the definitions, over exact fractions. A float is the fraction it equals; where an operation must
 * round, the nearest float is found by comparing fractions, not by computing with floats.
 */
interface Exact {
  readonly top: bigint
  readonly bottom: bigint
  readonly isFloat: boolean
}

class Undefined extends Error {}

const magnitude = (value: bigint): bigint => value < 0n ? -value : value

const fraction = (value: number): Exact => {
  let bottom = 1n
  let scaled = value
  while (!Number.isInteger(scaled)) {
    scaled *= 2
    bottom *= 2n
  }
  return { top: BigInt(scaled), bottom, isFloat: true }
}

/** The float nearest a fraction, the even one of two. */
const nearest = (top: bigint, bottom: bigint): Exact => {
  if (top === 0n) return { top, bottom: 1n, isFloat: true }
  const [size, unit] = [magnitude(top), bottom]
  // The quotient is to have 53 bits, so this is right or one too small.
  let exponent = size.toString(2).length - unit.toString(2).length - 53
  for (;;) {
    const a = exponent < 0 ? size << BigInt(-exponent) : size
    const b = exponent < 0 ? unit : unit << BigInt(exponent)
    const quotient = a / b
    if (quotient >= 2n ** 53n) exponent++
    else if (quotient < 2n ** 52n) exponent--
    else {
      const twice = 2n * (a - quotient * b)
      const rounded = twice > b || (twice === b && quotient % 2n === 1n) ? quotient + 1n : quotient
      const value = top < 0n ? -rounded : rounded
      return exponent < 0
        ? { top: value, bottom: 2n ** BigInt(-exponent), isFloat: true }
        : { top: value << BigInt(exponent), bottom: 1n, isFloat: true }
    }
  }
}

const floor = (top: bigint, bottom: bigint): bigint => {
  const [a, b] = bottom < 0n ? [-top, -bottom] : [top, bottom]
  return a >= 0n ? a / b : -((-a + b - 1n) / b)
}

const asFloat = (value: Exact): Exact => value.isFloat ? value : nearest(value.top, value.bottom)

const settle = (top: bigint, bottom: bigint, isFloat: boolean): Exact => {
  const [a, b] = bottom < 0n ? [-top, -bottom] : [top, bottom]
  return isFloat ? nearest(a, b) : { top: a, bottom: b, isFloat }
}

const combine = (operator: string, first: Exact, second: Exact): Exact => {
  const isFloat = first.isFloat || second.isFloat
  const [x, y] = isFloat ? [asFloat(first), asFloat(second)] : [first, second]
  switch (operator) {
    case "+":
      return settle(x.top * y.bottom + y.top * x.bottom, x.bottom * y.bottom, isFloat)
    case "-":
      return settle(x.top * y.bottom - y.top * x.bottom, x.bottom * y.bottom, isFloat)
    case "*":
      return settle(x.top * y.top, x.bottom * y.bottom, isFloat)
  }
  if (y.top === 0n) throw new Undefined()
  if (operator === "/") return settle(x.top * y.bottom, x.bottom * y.top, true)
  const quotient = floor(x.top, y.top)
  return { top: operator === "//" ? quotient : x.top - quotient * y.top, bottom: 1n, isFloat: false }
}

/** Two answers of the same value may be written alike only. */
const same = (text: string, { bottom, isFloat, top }: Exact): boolean => {
  if (!isFloat) return text === String(top)
  if (/^-?\d+$/.test(text) || !Number.isFinite(Number(text))) return false
  const read = fraction(Number(text))
  return read.top * bottom === top * read.bottom
}

type Tree = { readonly text: string; readonly value: () => Exact }

const integer: FastCheck.Arbitrary<Tree> = FastCheck.oneof(
  FastCheck.bigInt({ min: 0n, max: 2n ** 60n }),
  FastCheck.bigInt({ min: 0n, max: 100n }),
  FastCheck.bigInt({ min: 2n ** 53n - 3n, max: 2n ** 53n + 3n })
).map((top) => ({ text: String(top), value: () => ({ top, bottom: 1n, isFloat: false }) }))

const decimal: FastCheck.Arbitrary<Tree> = FastCheck.tuple(FastCheck.nat(99_999), FastCheck.nat(999)).map(
  ([whole, part]) => {
    const text = `${whole}.${part}`
    return { text, value: () => nearest(BigInt(`${whole}${part}`), 10n ** BigInt(String(part).length)) }
  }
)

const binary = (operators: ReadonlyArray<string>, operand: FastCheck.Arbitrary<Tree>): FastCheck.Arbitrary<Tree> =>
  FastCheck.tuple(operand, FastCheck.constantFrom(...operators), operand).map(([left, operator, right]) => ({
    text: `(${left.text} ${operator} ${right.text})`,
    value: () => combine(operator, left.value(), right.value())
  }))

const negated = (operand: FastCheck.Arbitrary<Tree>): FastCheck.Arbitrary<Tree> =>
  operand.map(({ text, value }) => ({
    text: `(-${text})`,
    value: () => ({ ...value(), top: -value().top })
  }))

/** Small enough that no float overflows, which the oracle knows nothing of. */
const shape = { maxDepth: 3, depthSize: "small" } as const

const { integers, numbers } = FastCheck.letrec<{ integers: Tree; numbers: Tree }>((tie) => ({
  integers: FastCheck.oneof(
    shape,
    integer,
    binary(["+", "-", "*", "//", "%"], tie("integers")),
    negated(tie("integers"))
  ),
  numbers: FastCheck.oneof(
    shape,
    decimal,
    integer,
    binary(["+", "-", "*", "/"], tie("numbers")),
    negated(tie("numbers"))
  )
}))

describe("arithmetic", () => {
  it.each([["integers", integers], ["numbers", numbers]])(
    "agrees with exact fractions on 5,000 random expressions of %s",
    (_, trees) => {
      let answered = 0
      FastCheck.assert(
        FastCheck.property(trees, ({ text, value }) => {
          const { value: given } = answer(text)
          try {
            const expected = value()
            if (!same(given, expected)) {
              expect(`${text} = ${given}`).toBe(`${text} = ${expected.top}/${expected.bottom}`)
            }
            answered++
          } catch (error) {
            if (!(error instanceof Undefined)) throw error
            expect(given).toBe("ZeroDivisionError")
          }
        }),
        { numRuns: 5_000 }
      )
      expect(answered).toBeGreaterThan(4_000)
    }
  )

  it.skipIf(spawnSync("python3", ["-c", "import sys; sys.exit(sys.version_info[:2] != (3, 11))"]).status !== 0)(
    "agrees with python3 on 2,000 random expressions, to the character",
    () => {
      const { tree } = FastCheck.letrec<{ tree: string }>((tie) => ({
        tree: FastCheck.oneof(
          { maxDepth: 4, depthSize: "small" },
          FastCheck.constantFrom("0", "1", "7", "2.5", "-0.0", "1e16", "2**53", "10**25", "True", "0.1", "1e-5"),
          FastCheck.tuple(
            tie("tree"),
            FastCheck.constantFrom("+", "-", "*", "/", "//", "%", "&", "|", "<", "==", "and", "or"),
            tie("tree")
          ).map((parts) => `(${parts.join(" ")})`),
          // Powers and shifts by little, or python3 would not come back.
          FastCheck.tuple(tie("tree"), FastCheck.constantFrom("** 2", "** 0.5", "** -1", "<< 3", ">> 2")).map((parts) =>
            `(${parts.join(" ")})`
          ),
          tie("tree").map((inner) => `(-${inner})`)
        )
      }))
      const texts = FastCheck.sample(tree, 2_000)
      const script = `
import json, sys
def answer(text):
    try: return str(eval(text))
    except Exception as error: return type(error).__name__
print(json.dumps([answer(text) for text in json.load(sys.stdin)]))`
      const { stdout } = spawnSync("python3", ["-W", "ignore", "-c", script], {
        input: JSON.stringify(texts),
        encoding: "utf8",
        timeout: 20_000
      })
      const expected = JSON.parse(stdout) as ReadonlyArray<string>
      const differing = texts.flatMap((text, index) => {
        const { message, value } = answer(text)
        return value === expected[index] || message.endsWith("bits")
          ? []
          : [`${text}: ${value}, and not ${expected[index]}`]
      })
      expect(differing).toEqual([])
    }
  )
})
