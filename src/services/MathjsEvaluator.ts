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
import * as Effect from "effect/Effect"
import * as Exit from "effect/Exit"
import * as Layer from "effect/Layer"
import { createRequire } from "node:module"
import { defaultBudget } from "../domain/expression/budget.js"
import { BudgetExceeded, type EvaluationError } from "../domain/expression/errors.js"
import { Evaluator } from "./Evaluator.js"
import type { Settings } from "./workers/mathjs.js"
import * as Pool from "./workers/Pool.js"
import type { WorkerNotFound } from "./workers/program.js"

/**
 * The package `mathjs` cannot be found from here.
 *
 * @since 0.1.0
 * @category errors
 */
export class MathjsNotInstalled extends Data.TaggedError("MathjsNotInstalled")<{ readonly cause: unknown }> {
  override get message(): string {
    return "This evaluator needs the package mathjs: npm install mathjs@15"
  }
}

/**
 * What mathjs may take.
 *
 * @since 0.1.0
 * @category models
 */
export interface Options extends Pool.Options {
  /** Length of an expression, in bytes of UTF-8. Default 4,096. */
  readonly input?: number | undefined
  /** Length of an answer, in UTF-16 units. Default 65,536. */
  readonly output?: number | undefined
}

const find = Effect.try({
  try: () => createRequire(import.meta.url).resolve("mathjs"),
  catch: (cause) => new MathjsNotInstalled({ cause })
})

/**
 * An {@link Evaluator} over mathjs. Its processes end with the layer's scope.
 *
 * Who overruns the time fails with `BudgetExceeded` of the kind `time`, who overruns the heap of the kind `memory`.
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
export const layerMathjs = (options: Options = {}): Layer.Layer<Evaluator, MathjsNotInstalled | WorkerNotFound> =>
  Layer.scoped(Evaluator, make(options))

const make = Effect.fnUntraced(function*(options: Options) {
  const { input = defaultBudget.input, output = defaultBudget.output } = options
  const settings: Settings = { mathjs: yield* find, output }
  const { ask } = yield* Pool.make({ program: "mathjs", settings }, options)
  const message = `the expression is longer than ${input} bytes`
  const tooLong = Exit.fail(new BudgetExceeded({ kind: "input", limit: input, message }))
  return {
    evaluate: (expression: string): Effect.Effect<string, EvaluationError> =>
      Buffer.byteLength(expression) > input ? tooLong : ask(expression)
  }
})
