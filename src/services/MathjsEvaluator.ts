/**
 * An evaluator that answers in mathjs's language: units, matrices, symbolic names.
 *
 * mathjs has no bounds of its own, so it runs in processes that can be killed. One that overruns its time or its heap
 * is ended and replaced, and only the request it was at work on gets an error. They are not worker threads, because a
 * thread that allocates in a burst outruns its `resourceLimits`, and V8 then ends the whole process: the server.
 *
 * @since 0.1.0
 */
import * as Data from "effect/Data"
import * as Duration from "effect/Duration"
import * as Effect from "effect/Effect"
import * as Exit from "effect/Exit"
import * as Layer from "effect/Layer"
import * as Pool from "effect/Pool"
import { createRequire } from "node:module"
import { availableParallelism } from "node:os"
import { defaultBudget } from "../domain/expression/budget.js"
import { BudgetExceeded, type BudgetKind, type EvaluationError } from "../domain/expression/errors.js"
import { Evaluator } from "./Evaluator.js"
import * as Calculator from "./mathjs/Calculator.js"
import { failure } from "./mathjs/failure.js"
import type { Reply } from "./mathjs/program.js"

/**
 * The package `mathjs` cannot be found from here.
 *
 * @since 0.1.0
 * @category errors
 */
export class MathjsNotInstalled extends Data.TaggedError("MathjsNotInstalled")<{ readonly cause: unknown }> {
  override get message(): string {
    return "This evaluator needs the package mathjs: npm install mathjs"
  }
}

/**
 * What mathjs may take.
 *
 * @since 0.1.0
 * @category models
 */
export interface Options {
  /** Worker processes, and so requests at once; the others wait. Default one for each core but one, at most 4. */
  readonly workers?: number | undefined
  /** Time for one request, from when a worker takes it up. Default 1 second. */
  readonly timeout?: Duration.DurationInput | undefined
  /** Each worker's heap, in MiB. mathjs itself takes about 35. Default 128. */
  readonly heap?: number | undefined
  /** Length of an expression, in bytes of UTF-8. Default 4,096. */
  readonly input?: number | undefined
  /** Length of an answer, in UTF-16 units. Default 65,536. */
  readonly output?: number | undefined
}

const find = Effect.try({
  try: () => createRequire(import.meta.url).resolve("mathjs"),
  catch: (cause) => new MathjsNotInstalled({ cause })
})

const exceeded = (kind: BudgetKind, limit: number, message: string): BudgetExceeded =>
  new BudgetExceeded({ kind, limit, message })

/**
 * An {@link Evaluator} over mathjs. Its processes end with the layer's scope.
 *
 * Overrunning the time fails with `BudgetExceeded` of the kind `fuel`, whose limit is in milliseconds; overrunning the
 * heap, of the kind `sequence`, whose limit is in MiB.
 *
 * @since 0.1.0
 * @category layers
 * @example
 * ```ts
 * import * as Effect from "effect/Effect"
 * import { Evaluator } from "effect-switchboard"
 * import { layerMathjs } from "effect-switchboard/mathjs"
 *
 * const program = Effect.gen(function*() {
 *   const { evaluate } = yield* Evaluator.Evaluator
 *   return yield* evaluate("2 inch to cm")
 * }).pipe(Effect.provide(layerMathjs({ timeout: "2 seconds" })))
 *
 * const answer: Promise<string> = Effect.runPromise(program)
 * assert.ok(answer)
 * ```
 */
export const layerMathjs = (options: Options = {}): Layer.Layer<Evaluator, MathjsNotInstalled> =>
  Layer.scoped(Evaluator, make(options))

const make = Effect.fnUntraced(function*({
  heap = 128,
  input = defaultBudget.input,
  output = defaultBudget.output,
  timeout = "1 second",
  workers = Math.max(1, Math.min(4, availableParallelism() - 1))
}: Options) {
  const mathjs = yield* find
  const limit = Duration.decode(timeout)
  // An orphan ends itself, but never before the server would have ended it.
  const last = Math.max(1, Math.min(Math.ceil(2 * Duration.toMillis(limit)), 2 ** 31 - 1))
  const pool = yield* Pool.make({ acquire: Calculator.make({ mathjs, output, last }, heap), size: workers })

  const overran = (): BudgetExceeded =>
    exceeded("fuel", Duration.toMillis(limit), `the expression takes longer than ${Duration.format(limit)}`)
  const died = (): BudgetExceeded => exceeded("sequence", heap, `the expression takes more memory than ${heap} MiB`)

  const ask = (expression: string): Effect.Effect<Reply, BudgetExceeded> =>
    Effect.scoped(
      Effect.flatMap(Pool.get(pool), (calculator) =>
        calculator.ask(expression).pipe(
          Effect.timeoutFail({ duration: limit, onTimeout: overran }),
          Effect.onExit((exit) => Exit.isSuccess(exit) ? Effect.void : Pool.invalidate(pool, calculator))
        ))
    ).pipe(Effect.catchTags({ Lost: () => Exit.fail(died()), Gone: () => ask(expression) }))

  const read = (reply: Reply): Effect.Effect<string, EvaluationError> => {
    if (!("text" in reply)) return Exit.fail(failure(reply.name, reply.message))
    return reply.text.length > output
      ? Exit.fail(exceeded("output", output, `a text would be longer than ${output} characters`))
      : Exit.succeed(reply.text)
  }

  return {
    evaluate: (expression: string): Effect.Effect<string, EvaluationError> =>
      Buffer.byteLength(expression) > input
        ? Exit.fail(exceeded("input", input, `the expression is longer than ${input} bytes`))
        : Effect.flatMap(ask(expression), read)
  }
})
