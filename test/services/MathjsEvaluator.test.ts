import { describe, expect, it } from "@effect/vitest"
import * as Deferred from "effect/Deferred"
import * as Effect from "effect/Effect"
import * as Fiber from "effect/Fiber"
import type { ChildProcess } from "node:child_process"
import { subscribe } from "node:diagnostics_channel"
import { once } from "node:events"
import { layerMathjs } from "../../src/mathjs.js"
import { Evaluator } from "../../src/services/Evaluator.js"

const evaluate = (expression: string) => Effect.flatMap(Evaluator, (evaluator) => evaluator.evaluate(expression))

/** Long enough for a loaded machine to start a process, none of which counts. */
const patient = layerMathjs({ workers: 1, timeout: "5 seconds" })

/** Takes minutes, and next to no memory. */
const endless = "f(n) = n == 0 ? 1 : sum(map(1:1000, g(x) = f(n - 1))); f(4)"

/** Node tells of every process that this one starts. */
const started: Array<ChildProcess> = []
subscribe("child_process", (event) => started.push((event as { process: ChildProcess }).process))
const running = (): Array<ChildProcess> =>
  started.filter(({ exitCode, signalCode }) => exitCode === null && signalCode === null)

describe("layerMathjs", () => {
  it.layer(patient, { timeout: "20 seconds" })("one for many requests", (it) => {
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

  it.live("replaces a process that overruns its time, and only that request fails", () =>
    Effect.gen(function*() {
      expect(yield* evaluate("1 + 1")).toBe("2")
      const [slow, next] = yield* Effect.all([Effect.flip(evaluate(endless)), evaluate("2 + 2")], { concurrency: 2 })
      expect(slow).toMatchObject({ _tag: "BudgetExceeded", kind: "time", limit: 500 })
      expect(next).toBe("4")
    }).pipe(Effect.provide(layerMathjs({ workers: 1, timeout: "500 millis" }))))

  for (
    const bomb of [
      "ones(5000, 5000)",
      "map(1:1e8, f(x) = ones(100, 100))",
      "f(a, n) = n == 0 ? a : f(concat(a, a), n - 1); size(f([1, 2, 3], 40))",
      "f(a, n) = n == 0 ? a : f(concat(a, a), n - 1); f('abc', 27)"
    ]
  ) {
    it.live(`outlives a process that outgrows its heap, and only that request fails: ${bomb}`, () =>
      Effect.gen(function*() {
        const [heavy, next] = yield* Effect.all([Effect.flip(evaluate(bomb)), evaluate("2 + 2")], { concurrency: 2 })
        expect(heavy).toMatchObject({ _tag: "BudgetExceeded", kind: "memory", limit: 64 })
        expect(next).toBe("4")
      }).pipe(Effect.provide(layerMathjs({ workers: 1, heap: 64, timeout: "20 seconds" }))))
  }

  it.live("replaces a process whose request was given up", () =>
    Effect.gen(function*() {
      const asked = yield* Deferred.make<void>()
      const request = yield* Effect.fork(Effect.zipRight(Deferred.succeed(asked, undefined), evaluate(endless)))
      yield* Deferred.await(asked)
      yield* Fiber.interrupt(request)
      expect(yield* evaluate("2 + 2")).toBe("4")
    }).pipe(Effect.provide(patient)))

  it.live("asks no process that ended while it was idle", () =>
    Effect.gen(function*() {
      expect(yield* evaluate("1 + 1")).toBe("2")
      const [idle] = running()
      const exit = once(idle!, "exit")
      idle!.kill("SIGKILL")
      yield* Effect.promise(() => exit)
      expect(yield* evaluate("2 + 2")).toBe("4")
    }).pipe(Effect.provide(patient)))

  it.live("ends its processes with its scope", () =>
    Effect.gen(function*() {
      yield* Effect.provide(Effect.tap(evaluate("1 + 1"), () => expect(running()).toHaveLength(1)), patient)
      expect(running()).toEqual([])
    }))

  it.live("leaves no process to run on without its parent, not even one at work", () =>
    Effect.gen(function*() {
      expect(yield* evaluate("1 + 1")).toBe("2")
      const [orphan] = running()
      const exit = once(orphan!, "exit")
      orphan!.send([endless])
      // As the kernel does it for a parent that is killed.
      orphan!.stdin!.destroy()
      yield* Effect.promise(() => exit)
      expect(orphan!.killed).toBe(false)
    }).pipe(Effect.provide(layerMathjs({ workers: 1, timeout: "1 second" }))))

  it.live("leaves signals to the whole group for the server to heed, which drains first", () =>
    Effect.gen(function*() {
      expect(yield* evaluate("1 + 1")).toBe("2")
      for (const signal of ["SIGINT", "SIGTERM", "SIGHUP"] as const) running()[0]!.kill(signal)
      expect(yield* evaluate("2 + 2")).toBe("4")
      expect(running()).toEqual([started.at(-1)])
    }).pipe(Effect.provide(patient)))
})
