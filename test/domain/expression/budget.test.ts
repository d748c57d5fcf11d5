import { describe, expect, it } from "@effect/vitest"
import * as Either from "effect/Either"
import { defaultBudget } from "../../../src/domain/expression/budget.js"
import { type BudgetKind, isEvaluationError } from "../../../src/domain/expression/errors.js"
import { answer, evaluate } from "../../../src/domain/expression/evaluate.js"
import { Meter } from "../../../src/domain/expression/meter.js"

const failure = (expression: string, budget = {}) => Either.getOrThrow(Either.flip(evaluate(expression, budget)))

const many = (part: string, length = 4_000): string => part.repeat(Math.floor(length / part.length))

describe("an expression that asks for too much is refused, and told what ran out", () => {
  it.each<[string, BudgetKind]>([
    ["9**9**9", "bits"],
    ["10**10000000", "bits"],
    ["1<<10**9", "bits"],
    ["2**40000 * 2**40000", "bits"],
    ["math.factorial(10**7)", "bits"],
    ["math.comb(10**6, 10**5)", "bits"],
    ["sum(range(10**9))", "fuel"],
    ["max(range(10**9))", "fuel"],
    ["pow(3, 2**60000, 2**60000+1)", "fuel"],
    ["math.gcd(2**60000-1, 3**30000)", "fuel"],
    ["[[0]*9999]*9999 == [[0]*9999]*9999", "fuel"],
    ["'a'*10**9", "output"],
    ["[[0]*9999]*9999", "output"],
    ["[0]*10001", "sequence"],
    ["list(range(10**9))", "sequence"],
    ["-".repeat(4000) + "1", "depth"],
    [many("not ") + "1", "depth"],
    [many("2**", 4_000) + "1", "depth"],
    ["1" + " ".repeat(4096), "input"]
  ])("%.40s (%s)", (expression, kind) => {
    expect(failure(expression)).toMatchObject({ _tag: "BudgetExceeded", kind })
  })

  it("has a limit of its own for brackets, which is Python's and in Python's words", () => {
    expect(failure("(".repeat(4000))).toMatchObject({
      _tag: "SyntaxError",
      message: "too many nested parentheses",
      line: 1,
      column: 201
    })
    expect(evaluate("(".repeat(200) + "1" + ")".repeat(200))).toEqual(Either.right("1"))
  })
})

describe("a caller's budget replaces the default, part by part", () => {
  it.each([
    ["1+1+1", { input: 4 }, "input", 4],
    ["2**70", { bits: 64 }, "bits", 64],
    ["[1]*6", { sequence: 5 }, "sequence", 5],
    ["'a'*6", { output: 5 }, "output", 5],
    ["- - - -1", { depth: 3 }, "depth", 3],
    ["1+1+1+1", { fuel: 3 }, "fuel", 3]
  ])("%s with %o", (expression, budget, kind, limit) => {
    expect(failure(expression, budget)).toMatchObject({ _tag: "BudgetExceeded", kind, limit })
    expect(Either.isRight(evaluate(expression))).toBe(true)
  })
})

/** Every shape of harm that 4 KiB allow: what is slow to read, to reject, to compute and to print. */
const hostile = [
  "9**9**9",
  "(".repeat(4000),
  "-".repeat(4000),
  "math.factorial(10**7)",
  "sum(range(10**9))",
  "'a'*10**9",
  "[[0]*9999]*9999",
  "10**10000000",
  "1<<10**9",
  "pow(7, 10**1000, 10**1000)",
  "pow(3, 2**60000, 2**64+13)",
  "math.gcd(2**60000-1, 3**30000)",
  `math.lcm(${many("10**300+7,", 3900)}1)`,
  "math.isqrt(2**65000)",
  "math.prod([3]*9999)",
  "3**40000 // 7**10000",
  many("3**20000+") + "1",
  "hex(2**65000)",
  "sum(map(int, ['9'*4000]*9999))",
  "int('z'*4000, 36)",
  "sorted([float('nan')]*9999)",
  "sorted(range(9999, 0, -1))",
  "repr('\\n'*60000)",
  "str(['a'*60000]*9999)",
  "'a'*30000+'b' in 'a'*65000",
  `[${many("[0]*9999,", 3900)}]`,
  many("1+") + "1",
  many("1.5*") + "1",
  many("1<") + "1",
  many("0 or ") + "1",
  many("1 if 1 else ") + "1",
  `1${many("[0]")}`,
  `'${many("\\x41")}'`,
  many("a,") + "$",
  `f(${many("a=1,", 3900)}b)`,
  `f(${many("a,", 3900)}*)`,
  `(${many("x=", 3000)}`,
  `(${many("a if b else ", 3000)}1 2)`,
  `(${many("a and ", 3000)}1 2)`,
  many("[x for x in ", 2000),
  many("{1:", 590),
  "((".repeat(99) + "1 2" + "))".repeat(99),
  "(" + many("lambda:", 3900) + "1 2)",
  "[" + many("*1,", 3900)
]

describe("work is paid for before it is done, by the sizes of what it is given", () => {
  it.each([
    "sum(map(len,['\\U0001F600'*32700]*10000))",
    "max(['\\U0001F600'*32700]*10000)",
    "sorted(['\\U0001F600'*32700]*10000)",
    "['a'*65000]*10000==['a'*65000]*10000",
    "sum(map(int.bit_count,[2**65535-1]*10000))",
    "sum(map(int.bit_length,[2**65535-1]*10000))",
    "sum([2**65000]*10000)",
    "list(map(math.log,[2**65000]*10000))",
    "list(map(math.isqrt,[7**23000]*100))",
    "list(map(math.gcd,[7**2300]*100,[3**2300]*100))",
    "list(map(math.factorial,[2000]*1000))",
    "list(map(round,[7**23000]*100,[-1000]*100))",
    "list(map(divmod,[7**20000]*100,[3**20000]*100))",
    "list(map(pow,[7]*1000,[2**1000]*1000,[2**1000-1]*1000))",
    "list(map(hex,[2**65000]*1000))",
    "list(map(str,[10**4299]*1000))",
    "list(map(int,['9'*4300]*1000))",
    "list(map(float,['\\u0669'*4300]*2700))",
    "list(map(complex,['1'*65000]*100))",
    "list(map(float.fromhex,['0'*65000]*100))",
    "list(map(repr,['\\n'*20000]*1000))",
    "list(map(math.fsum,[[0.1]*9999]*100))",
    "[[0]*9999]*9999 == [[0]*9999]*9999",
    "list(map(tuple,[range(9999)]*100))"
  ])("35. What would take long is refused before it is begun, and told so: %s", (expression) => {
    expect(failure(expression)).toMatchObject({ _tag: "BudgetExceeded", kind: "fuel" })
  })

  it("35. What is made is counted together: many large values are refused, as one is", () => {
    const many = "list(map(abs,[1-2**65535]*10000))"
    expect(failure(`[${many},${many},${many}]`)).toMatchObject({ _tag: "BudgetExceeded", kind: "fuel" })
    expect(failure("[" + "[0]*9999,".repeat(400) + "0] == 0")).toMatchObject({ _tag: "BudgetExceeded", kind: "fuel" })
    expect(failure("[" + "'a'*65000,".repeat(370) + "0] == 0")).toMatchObject({ _tag: "BudgetExceeded", kind: "fuel" })
  })
})

describe("no input of 4 KiB does anything but answer or fail with a typed error", () => {
  it.each(hostile.map((expression) => ({ name: expression.slice(0, 50), expression })))("$name", ({ expression }) => {
    expect(Either.isEither(evaluate(expression))).toBe(true)
  })
})

const used = (expression: string): number => {
  const meter = new Meter(defaultBudget)
  try {
    answer(expression, meter)
  } catch (error) {
    expect(isEvaluationError(error)).toBe(true)
  }
  return meter.used
}

describe("what an evaluation took is told, whichever way it ended", () => {
  it("more for more work, all of the budget at most", () => {
    expect(used("1+1")).toBeLessThan(20)
    expect(used("sum(range(100))")).toBeGreaterThan(100)
    expect(used("sum(range(1000))")).toBeGreaterThan(used("sum(range(100))") + 800)
    expect(used("sum(range(10**9))")).toBeGreaterThan(199_000)
    expect(used("sum(range(10**9))")).toBeLessThanOrEqual(200_000)
  })

  it("also for a text that is none, which takes reading it twice", () => {
    expect(used("1 +" + " ".repeat(1000))).toBeGreaterThan(1000)
  })

  it("a meter begins anew with each evaluation", () => {
    const meter = new Meter(defaultBudget)
    answer("sum(range(1000))", meter)
    answer("1+1", meter)
    expect(meter.used).toBeLessThan(20)
  })
})
