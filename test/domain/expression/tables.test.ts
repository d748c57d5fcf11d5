import { describe, expect, it } from "@effect/vitest"
import { answer, misses, rows } from "./tables.js"

const cases = rows("python_eval_cases")

// Within 4 units in the last place is promised of these, and tested with the elementary functions.
const approximate = /\b(?:erf|erfc|gamma|lgamma)\(/

/**
 * The rows whose answer the evaluator's own language changes: CPython had `math` in scope, and here its members are
 * names of their own as well.
 */
const bareNames = new Map([
  ["pi", "3.141592653589793"],
  ["e", "2.718281828459045"],
  ["sin(15)", "0.6502878401571168"],
  ["sin(32)", "0.5514266812416906"],
  ["sqrt(27)", "5.196152422706632"],
  ["sqrt(28)", "5.291502622129181"],
  ["sqrt(31)", "5.5677643628300215"],
  ["sqrt(38)", "6.164414002968976"],
  ["sqrt(58)", "7.615773105863909"],
  ["sqrt(76)", "8.717797887081348"],
  ["sqrt(84)", "9.16515138991168"],
  ["sqrt(91)", "9.539392014169456"]
])

describe("every table's answer, to the character, and every message", () => {
  const exact = cases.filter(({ expression, family }) =>
    family !== "outside" && family !== "refuse" && !approximate.test(expression) && !bareNames.has(expression)
  )

  it("has the rows it should", () => {
    expect(exact.length).toBe(7858)
  })

  it.each([...new Set(exact.map(({ family }) => family))])("of python_eval_cases, family %s", (family) => {
    expect(misses(exact.filter((row) => row.family === family))).toEqual([])
  })

  it.each(["python_pitfalls", "cpython_corners", "cpython_floats", "bc_tests", "simpleeval_tests"])("of %s", (file) => {
    expect(misses(rows(file))).toEqual([])
  })
})

it.each([...bareNames])("the name %s is known without `math.`, which is where this language leaves the table", (
  expression,
  value
) => {
  expect(cases.some((row) => row.expression === expression && row.expected === "NameError")).toBe(true)
  expect(answer(expression)).toEqual({ value, message: "" })
})

it.each(cases.filter(({ family }) => family === "refuse").map(({ expression }) => expression))("%s is refused", (
  expression
) => {
  expect(answer(expression).value).toMatch(/^(?:SyntaxError|NameError|AttributeError)$/)
})
