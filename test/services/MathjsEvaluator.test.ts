import { describe, expect, it } from "@effect/vitest"
import * as Deferred from "effect/Deferred"
import * as Effect from "effect/Effect"
import * as Fiber from "effect/Fiber"
import { layerMathjs } from "../../src/mathjs.js"
import { Evaluator } from "../../src/services/Evaluator.js"

const evaluate = (expression: string) => Effect.flatMap(Evaluator, (evaluator) => evaluator.evaluate(expression))

/** Long enough for a loaded machine to start a worker, none of which counts. */
const patient = layerMathjs({ workers: 1, timeout: "5 seconds" })

const endless = "sum(map(1:1e9, f(x) = x^2))"

describe("layerMathjs", () => {
  it.layer(patient, { timeout: "20 seconds" })((it) => {
    for (
      const [expression, answer] of [
        ["2 inch to cm", "5.08 cm"],
        ["[1, 2; 3, 4] * 2", "[[2, 4], [6, 8]]"],
        ["derivative('x^2', 'x')", "2 * x"],
        ["0.1 + 0.2", "0.3"],
        ["'abc'", "abc"]
      ] as const
    ) {
      it.effect(`answers in mathjs's language: ${expression}`, () =>
        Effect.gen(function*() {
          expect(yield* evaluate(expression)).toBe(answer)
        }))
    }

    for (
      const [expression, error] of [
        ["1+", { _tag: "SyntaxError", column: 3 }],
        ["x + 1", { _tag: "UnknownName" }],
        ["'a' + 1", { _tag: "TypeMismatch" }],
        ["[1, 2][5]", { _tag: "IndexOutOfRange" }],
        ["10 cm + 2 kg", { _tag: "DomainError", message: "Units do not match" }],
        ["import({ a: 1 })", { _tag: "UnsupportedSyntax" }],
        ["createUnit('foo')", { _tag: "UnsupportedSyntax" }],
        ["zeros(200, 200)", { _tag: "BudgetExceeded", kind: "output" }]
      ] as const
    ) {
      it.effect(`fails with a typed error: ${expression}`, () =>
        Effect.gen(function*() {
          expect(yield* Effect.flip(evaluate(expression))).toMatchObject(error)
        }))
    }

    it.effect("refuses an expression that is too long", () =>
      Effect.gen(function*() {
        const error = yield* Effect.flip(evaluate("1".repeat(4097)))
        expect(error).toMatchObject({ _tag: "BudgetExceeded", kind: "input", limit: 4096 })
      }))

    it.effect("lets no expression change what the next one means", () =>
      Effect.gen(function*() {
        expect(yield* evaluate("a = 5")).toBe("5")
        expect(yield* Effect.flip(evaluate("a + 1"))).toMatchObject({ _tag: "UnknownName" })
      }))
  })

  it.live("replaces a worker that overruns its time, and only that request fails", () =>
    Effect.gen(function*() {
      expect(yield* evaluate("1 + 1")).toBe("2")
      const [slow, next] = yield* Effect.all([Effect.flip(evaluate(endless)), evaluate("2 + 2")], { concurrency: 2 })
      expect(slow).toMatchObject({ _tag: "BudgetExceeded", kind: "fuel", limit: 500 })
      expect(next).toBe("4")
    }).pipe(Effect.provide(layerMathjs({ workers: 1, timeout: "500 millis" }))))

  it.live("replaces a worker that outgrows its heap, and only that request fails", () =>
    Effect.gen(function*() {
      expect(yield* Effect.flip(evaluate("ones(5000, 5000)"))).toMatchObject({
        _tag: "BudgetExceeded",
        kind: "sequence",
        limit: 64
      })
      expect(yield* evaluate("2 + 2")).toBe("4")
    }).pipe(Effect.provide(layerMathjs({ workers: 1, heap: 64, timeout: "20 seconds" }))))

  it.live("replaces a worker whose request was given up", () =>
    Effect.gen(function*() {
      const asked = yield* Deferred.make<void>()
      const request = yield* Effect.fork(Effect.zipRight(Deferred.succeed(asked, undefined), evaluate(endless)))
      yield* Deferred.await(asked)
      yield* Fiber.interrupt(request)
      expect(yield* evaluate("2 + 2")).toBe("4")
    }).pipe(Effect.provide(patient)))
})
