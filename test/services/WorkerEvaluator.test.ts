import { describe, expect, it } from "@effect/vitest"
import * as Cause from "effect/Cause"
import * as Effect from "effect/Effect"
import * as Exit from "effect/Exit"
import * as Fiber from "effect/Fiber"
import * as Layer from "effect/Layer"
import { Calc, Evaluator, Model, NodeConnector, NodeSocketServer, Server, WorkerEvaluator } from "../../src/index.js"
import * as Peer from "../../src/programs/testing/Peer.js"

const evaluate = (expression: string) =>
  Effect.flatMap(Evaluator.Evaluator, (evaluator) => evaluator.evaluate(expression))

const program = (name: string): string => new URL(`../fixtures/evaluators/${name}.mjs`, import.meta.url).href

/** Mistakes planted where the evaluator is. */
const flawed = (options: WorkerEvaluator.Options) => WorkerEvaluator.layerProgram(program("flawed"), options)

/** Long enough for a loaded machine to start a process and to answer. */
const patient = { workers: 1, timeout: "20 seconds" } as const

const texts = Array.from({ length: 100 }, (_, index) => `'${index}'`)

describe("WorkerEvaluator.layer", () => {
  it.layer(WorkerEvaluator.layer(patient), { timeout: "20 seconds" })("over one process", (it) => {
    it.effect("answers plain arithmetic at once, in its own process", () =>
      Effect.gen(function*() {
        const { evaluate } = yield* Evaluator.Evaluator
        expect(evaluate("12+34*2")).toEqual(Exit.succeed("80"))
        expect(Exit.isExit(evaluate("sorted((3, 1, 2))"))).toBe(false)
      }))

    for (
      const expression of [
        "sorted((3, 1, 2))",
        "'\\U0001F600 ä\\n' * 2",
        "2**1000",
        "1+",
        "lambda: 1",
        "x",
        "'a'+1",
        "1//0",
        "math.exp(1e6)",
        "math.sqrt(-1)",
        "(1, 2)[5]",
        "(1).x",
        "9**9**9",
        `'${"x".repeat(5000)}'`
      ]
    ) {
      it.effect(`answers, and fails, as it would without: ${expression.slice(0, 20)}`, () =>
        Effect.gen(function*() {
          const without = yield* Effect.exit(Effect.provide(evaluate(expression), Evaluator.layer))
          const within = yield* Effect.exit(evaluate(expression))
          expect(within).toEqual(without)
          const error = Exit.isFailure(within) ? Cause.squash(within.cause) : undefined
          expect(error === undefined || Evaluator.isEvaluationError(error)).toBe(true)
        }))
    }

    it.effect("answers as many as ask at once", () =>
      Effect.gen(function*() {
        expect(yield* Effect.forEach(texts, evaluate, { concurrency: "unbounded" })).toEqual(
          texts.map((_, index) => String(index))
        )
      }))
  })

  it.effect("takes a budget", () =>
    Effect.gen(function*() {
      const error = yield* Effect.flip(evaluate("2**100"))
      expect(error).toMatchObject({ _tag: "BudgetExceeded", kind: "bits", limit: 64 })
    }).pipe(Effect.provide(WorkerEvaluator.layer({ ...patient, budget: { bits: 64 } }))))
})

describe("With a mistake in the evaluator,", () => {
  it.live("one that never ends is told so, and the next is answered by another process", () =>
    Effect.gen(function*() {
      const [error, next] = yield* Effect.all([Effect.flip(evaluate("'loop'")), evaluate("'next'")], { concurrency: 2 })
      expect(error).toMatchObject({
        _tag: "BudgetExceeded",
        kind: "time",
        limit: 500,
        message: "the expression takes longer than 500ms"
      })
      expect(next).toBe("'next'")
    }).pipe(Effect.provide(flawed({ workers: 1, timeout: "500 millis" }))))

  it.live("one that takes all memory is told so, and the next is answered by another process", () =>
    Effect.gen(function*() {
      const [error, next] = yield* Effect.all([Effect.flip(evaluate("'grow'")), evaluate("'next'")], { concurrency: 2 })
      expect(error).toMatchObject({
        _tag: "BudgetExceeded",
        kind: "memory",
        limit: 32,
        message: "the expression takes more memory than 32 MiB"
      })
      expect(next).toBe("'next'")
    }).pipe(Effect.provide(flawed({ ...patient, heap: 32 }))))

  it.scopedLive("the others are answered while one never ends, also those that were handed to its process with it", () =>
    Effect.gen(function*() {
      // While the processes start, questions wait: so they are handed out by the dozen.
      const first = yield* Effect.forkAll(texts.slice(0, 50).map(evaluate))
      yield* Effect.forkScoped(evaluate("'loop'"))
      const last = yield* Effect.forkAll(texts.slice(50).map(evaluate))
      expect([...yield* first, ...yield* last]).toEqual(texts)
    }).pipe(Effect.provide(flawed({ workers: 2, timeout: "1 hour" }))))

  it.scopedLive("one that nobody waits for any more makes room", () =>
    Effect.gen(function*() {
      expect(yield* evaluate("'first'")).toBe("'first'")
      const given = yield* Effect.forkScoped(evaluate("'loop'"))
      yield* Effect.yieldNow()
      yield* Fiber.interrupt(given)
      expect(yield* evaluate("'next'")).toBe("'next'")
    }).pipe(Effect.provide(flawed({ workers: 1, timeout: "1 hour" }))))

  it.live("one that throws dies, with its words, and its process lives", () =>
    Effect.gen(function*() {
      const exit = yield* Effect.exit(evaluate("'throw'"))
      expect(Exit.isFailure(exit) && Cause.isDieType(exit.cause) && String(exit.cause.defect)).toContain("a mistake")
      expect(yield* evaluate("'next'")).toBe("'next'")
    }).pipe(Effect.provide(flawed(patient))))

  it.live("one that ends its process dies, and is not told of memory", () =>
    Effect.gen(function*() {
      const exit = yield* Effect.exit(evaluate("'exit'"))
      expect(Exit.isFailure(exit) && Cause.isDieType(exit.cause) && String(exit.cause.defect)).toBe(
        "Error: The evaluating process ended with the code 3."
      )
      expect(yield* evaluate("'next'")).toBe("'next'")
    }).pipe(Effect.provide(flawed(patient))))

  it.live("an answer that lies unread when its time is up, since this process was held up, is taken", () =>
    Effect.gen(function*() {
      expect(yield* evaluate("'first'")).toBe("'first'")
      const asked = yield* Effect.fork(evaluate("'next'"))
      yield* Effect.yieldNow()
      Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 2000)
      expect(yield* asked).toBe("'next'")
    }).pipe(Effect.provide(flawed({ workers: 1, timeout: "1 second" }))))

  it.live("those who wait are told when no process can be started", () =>
    Effect.gen(function*() {
      const exit = yield* Effect.exit(evaluate("'first'"))
      expect(Exit.isFailure(exit) && Cause.isDieType(exit.cause) && String(exit.cause.defect)).toBe(
        "Error: No process that evaluates can be started."
      )
    }).pipe(Effect.provide(WorkerEvaluator.layerProgram(program("broken"), patient))))

  const serve = (model: Model.Model, options: WorkerEvaluator.Options) =>
    Effect.flatMap(
      Layer.build(Layer.merge(NodeSocketServer.layer(), flawed(options))),
      (context) => Effect.map(Effect.provide(Server.make(Calc.protocol, { model }), context), ({ address }) => address)
    )

  it.scopedLive("threaded serves everybody else as if nothing were", () =>
    Effect.gen(function*() {
      const address = yield* serve(Model.threaded, { workers: 2, timeout: "1 hour" })
      const stuck = yield* Peer.connect(address)
      yield* stuck.write("'loop'\n")
      const bystander = yield* Peer.connect(address)
      for (const [request, reply] of [["1+1", "2"], ["'one'", "'one'"], ["2+2", "4"], ["'two'", "'two'"]]) {
        yield* bystander.write(`${request}\n`)
        expect(yield* bystander.readLine).toBe(reply)
      }
    }).pipe(Effect.provide(NodeConnector.layer)))

  it.scopedLive("select goes on with everybody when its time is up", () =>
    Effect.gen(function*() {
      const address = yield* serve(Model.select, { workers: 1, timeout: "500 millis" })
      const stuck = yield* Peer.connect(address)
      yield* stuck.write("'loop'\n")
      const bystander = yield* Peer.connect(address)
      yield* bystander.write("1+1\n'one'\n")
      expect(yield* bystander.readLine).toBe("2")
      expect(yield* bystander.readLine).toBe("'one'")
      expect(yield* stuck.readLine).toBe("INVALID STATEMENT: the expression takes longer than 500ms")
    }).pipe(Effect.provide(NodeConnector.layer)))
})
