import { describe, expect, it } from "@effect/vitest"
import { alone, type Case, inPairs, texts } from "../../../bench/sweep/cases.mjs"
import { defaultBudget } from "../../../src/domain/expression/budget.js"
import { isEvaluationError } from "../../../src/domain/expression/errors.js"
import { answer } from "../../../src/domain/expression/evaluate.js"
import { callables } from "../../../src/domain/expression/library/names.js"
import { Meter } from "../../../src/domain/expression/meter.js"
import { binarySymbols, relationSymbols, unarySymbols } from "../../../src/domain/expression/run/program.js"

const vocabulary = { callables, binary: binarySymbols, relations: relationSymbols, unary: unarySymbols }

interface Outcome {
  readonly used: number
  /** The tag of its error, or that it has an answer. */
  readonly tag: string
}

const evaluated = (expression: string): Outcome => {
  const meter = new Meter(defaultBudget)
  try {
    answer(expression, meter)
    return { used: meter.used, tag: "answer" }
  } catch (error) {
    if (!isEvaluationError(error)) throw error
    return { used: meter.used, tag: error._tag }
  }
}

/** Those that end otherwise than they may: by no typed error, or with more than the budget. */
const strays = (cases: ReadonlyArray<Case>): ReadonlyArray<string> =>
  cases.flatMap(({ expression }) => {
    try {
      const { used } = evaluated(expression)
      return used <= defaultBudget.fuel ? [] : [`${expression}: ${used} steps`]
    } catch (error) {
      return [`${expression}: ${String(error)}`]
    }
  })

describe("expressions that are meant to harm", () => {
  it.each([
    ["alone", alone(vocabulary).filter((_, index) => index % 17 === 0)],
    ["in pairs", inPairs(vocabulary).filter((_, index) => index % 61 === 0)],
    ["texts that are no expressions", texts]
  ])(
    "35. Whatever is done to nasty values, as often as fits in a line, ends in an answer or a typed error: %s",
    (_, cases) => {
      expect(cases.length).toBeGreaterThan(30)
      expect(strays(cases)).toEqual([])
    }
  )

  it("nothing that can be called is left out", () => {
    const swept = new Set(alone(vocabulary).map(({ subject }) => subject))
    expect(callables.filter((callable) => !swept.has(callable))).toEqual([])
    expect(callables.length).toBeGreaterThan(80)
  })
})

/** Values of each kind that has sizes, by their size. */
const families = {
  text: (size: number) => `'a'*${size}`,
  wideText: (size: number) => `'\\U0001F600'*${size}`,
  digits: (size: number) => `'1'*${size}`,
  integer: (size: number) => `(1<<${size * 16})-1`,
  list: (size: number) => `[1]*${size}`,
  range: (size: number) => `range(${size})`
}

/** How what is too large, or of the wrong kind, is refused without a look at all of it. */
const refusals = ["BudgetExceeded", "Overflow", "TypeMismatch"]

/** Whether what it costs grows with what it is given, where it takes such a value at all. */
const grows = (apply: (value: string) => string, family: (size: number) => string): boolean => {
  const [small, large] = [64, 1024].map((size) => {
    const done = evaluated(apply(family(size)))
    return { ...done, own: done.used - evaluated(`[${family(size)}]==0`).used }
  })
  if (small === undefined || large === undefined || refusals.includes(small.tag)) return true
  return refusals.includes(large.tag) || large.own > small.own + 2
}

const unmoved = (forms: ReadonlyArray<readonly [string, (value: string) => string]>): ReadonlyArray<string> =>
  forms.flatMap(([name, apply]) => {
    const kinds = Object.entries(families).filter(([, family]) => !grows((value) => `[${apply(value)}]==0`, family))
    return kinds.length === 0 ? [] : [`${name}: ${kinds.map(([kind]) => kind).join(" ")}`]
  })

describe("who gives more pays more", () => {
  it("but for what takes no longer for more, and is vouched for here", () => {
    const forms = callables.map((callable) => [callable, (value: string) => `${callable}(${value})`] as const)
    expect(unmoved(forms)).toEqual([
      // An int is given back as it is.
      "int: integer",
      "str: range",
      "bool: text wideText digits integer list range",
      "slice: text wideText digits integer list range",
      // The items of a list are shared, for nothing changes them.
      "list: list",
      "tuple: list",
      // What is walked pays later, as it is walked.
      "reversed: range",
      "zip: text wideText digits list range",
      "enumerate: text wideText digits list range",
      // The first item decides.
      "all: range",
      "any: text wideText digits list range",
      "len: list range",
      "repr: range",
      "math.trunc: integer",
      "math.floor: integer",
      "math.ceil: integer",
      "int.conjugate: integer",
      "int.as_integer_ratio: integer"
    ])
  })

  it("and so it is with operators", () => {
    const forms = [...binarySymbols, ...relationSymbols].map((symbol) =>
      [symbol, (value: string) => `(${value}) ${symbol} (${value})`] as const
    )
    expect(unmoved(forms)).toEqual([])
  })
})
