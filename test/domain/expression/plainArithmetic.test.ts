import { expect, it } from "@effect/vitest"
import * as FastCheck from "effect/FastCheck"
import { evaluate } from "../../../src/domain/expression/evaluate.js"
import { plain } from "../../../src/domain/expression/plainArithmetic.js"

/** With less depth than plain arithmetic may need, every text goes the long way. */
const full = { depth: 120 }

const piece = FastCheck.oneof(
  FastCheck.constantFrom(
    "+",
    "-",
    "*",
    "/",
    "//",
    "%",
    "**",
    "(",
    ")",
    " ",
    ".",
    "-",
    "0",
    "1",
    "2",
    "10",
    "e5",
    "pi",
    "math.e",
    "e"
  ),
  FastCheck.nat(1_000).map(String),
  FastCheck.tuple(FastCheck.nat(9_999), FastCheck.nat(999)).map(([whole, part]) => `${whole}.${part}`),
  FastCheck.bigInt({ min: 0n, max: 2n ** 60n }).map(String)
)

const { sum } = FastCheck.letrec<{ sum: string }>((tie) => ({
  sum: FastCheck.oneof(
    { maxDepth: 4, depthSize: "medium" },
    piece,
    FastCheck.tuple(tie("sum"), FastCheck.constantFrom("+", "-", "*", "/", "//", "%", "**"), tie("sum")).map((parts) =>
      parts.join("")
    ),
    tie("sum").map((inner) => `(${inner})`),
    tie("sum").map((inner) => `-${inner}`),
    FastCheck.tuple(
      FastCheck.constantFrom("sqrt", "math.sin", "log", "gamma", "fabs", "math.exp", "abs", "floor"),
      tie("sum")
    ).map(([name, inner]) => `${name}(${inner})`)
  )
}))

it("the short way for plain arithmetic gives the answer of the long one", () => {
  let quick = 0
  FastCheck.assert(
    FastCheck.property(sum, (text) => {
      if (plain(text) !== undefined) quick++
      expect(evaluate(text)).toEqual(evaluate(text, full))
    }),
    { numRuns: 10_000 }
  )
  expect(quick).toBeGreaterThan(1_000)
})

it.each([
  ["12+34*2", "80"],
  ["-7//2", "-4"],
  ["2**0.5", "1.4142135623730951"],
  ["(1.5+2)*3", "10.5"],
  ["10/4", "2.5"],
  ["-2**2", "-4"],
  ["2**-1", "0.5"],
  [" 1 + 2 ", "3"],
  ["sqrt(4)", "2.0"],
  ["math.sin(pi/2)", "1.0"],
  ["2*e", "5.43656365691809"]
])("%s goes the short way", (text, value) => {
  expect(plain(text)).toBe(value)
})

it.each([
  "1/0",
  "2**64",
  "1e5",
  "0x10",
  "1_000",
  "007",
  "1.2.3",
  "1 2",
  "(1",
  "1j",
  "sqrt(-1)",
  "exp(1000)",
  "pi(2)",
  "math.foo(1)",
  "sqrt(1, 2)",
  "abs(1)",
  "Pi",
  "e_",
  "pi.real",
  "",
  "\t1",
  "5 // 0.0"
])(
  "%s does not",
  (text) => {
    expect(plain(text)).toBeUndefined()
  }
)
