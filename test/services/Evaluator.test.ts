import { describe, expect, it } from "@effect/vitest"
import * as Effect from "effect/Effect"
import * as Exit from "effect/Exit"
import * as Done from "../../src/domain/Done.js"
import * as Evaluator from "../../src/services/Evaluator.js"

describe("Evaluator.layer", () => {
  it.effect("answers with the characters Python prints", () =>
    Effect.gen(function*() {
      const { evaluate } = yield* Evaluator.Evaluator
      expect(yield* evaluate("4/2")).toBe("2.0")
      expect(yield* evaluate("-7//2")).toBe("-4")
      expect(yield* evaluate("(1+2)*3**2 % 20")).toBe("7")
    }).pipe(Effect.provide(Evaluator.layer)))

  it.effect("fails with an error whose message is Python's", () =>
    Effect.gen(function*() {
      const { evaluate } = yield* Evaluator.Evaluator
      const error = yield* Effect.flip(evaluate("1/0"))
      expect(error).toMatchObject({
        _tag: "DivisionByZero",
        pythonClass: "ZeroDivisionError",
        message: "division by zero"
      })
    }).pipe(Effect.provide(Evaluator.layer)))

  it.effect("answers plain arithmetic at once, and everything else by a computation that a server need not run a fiber for", () =>
    Effect.gen(function*() {
      const { evaluate } = yield* Evaluator.Evaluator
      expect(Exit.isExit(evaluate("1+1"))).toBe(true)
      expect(Exit.isExit(evaluate("1+"))).toBe(false)
      expect(Exit.isExit(Done.onTheSpot(evaluate("1+")))).toBe(true)
    }).pipe(Effect.provide(Evaluator.layer)))
})

describe("Evaluator.layerWith", () => {
  it.effect("refuses an expression longer than its budget for input", () =>
    Effect.gen(function*() {
      const { evaluate } = yield* Evaluator.Evaluator
      const error = yield* Effect.flip(evaluate("1+1+1"))
      expect(error).toMatchObject({ _tag: "BudgetExceeded", kind: "input", limit: 4 })
    }).pipe(Effect.provide(Evaluator.layerWith({ input: 4 }))))
})
