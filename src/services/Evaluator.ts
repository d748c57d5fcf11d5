/**
 * The calculator's service: the text of an expression in, the text of its value or a typed error out.
 *
 * @since 0.1.0
 * @module
 */
import * as Context from "effect/Context"
import * as Effect from "effect/Effect"
import * as Exit from "effect/Exit"
import * as Layer from "effect/Layer"
import { type Budget, withDefaults } from "../domain/expression/budget.js"
import { type EvaluationError, isEvaluationError } from "../domain/expression/errors.js"
import { answer, plainAnswer } from "../domain/expression/evaluate.js"
import { Meter } from "../domain/expression/meter.js"

export { type Budget, defaultBudget } from "../domain/expression/budget.js"
export * from "../domain/expression/errors.js"
export { evaluate } from "../domain/expression/evaluate.js"

/**
 * Answers expressions. Bring your own, or take {@link layer}.
 *
 * @since 0.1.0
 * @category tags
 * @example
 * ```ts
 * import * as Effect from "effect/Effect"
 * import { Evaluator } from "effect-switchboard"
 *
 * const program = Effect.gen(function*() {
 *   const { evaluate } = yield* Evaluator.Evaluator
 *   return yield* evaluate("4/2")
 * }).pipe(Effect.provide(Evaluator.layer))
 *
 * assert.deepStrictEqual(Effect.runSync(program), "2.0")
 * ```
 */
export class Evaluator extends Context.Tag("effect-switchboard/Evaluator")<Evaluator, {
  readonly evaluate: (expression: string) => Effect.Effect<string, EvaluationError>
}>() {}

/**
 * An evaluator with a budget of its own; what is left out keeps its default.
 *
 * The effect of plain arithmetic is settled already (`Exit.isExit` holds), so that a server takes the answer as it is; any
 * other is a computation that does not wait, and that a server times.
 *
 * @since 0.1.0
 * @category layers
 * @example
 * ```ts
 * import * as Effect from "effect/Effect"
 * import { Evaluator } from "effect-switchboard"
 *
 * const program = Effect.gen(function*() {
 *   const { evaluate } = yield* Evaluator.Evaluator
 *   return yield* Effect.flip(evaluate("2**100"))
 * }).pipe(Effect.provide(Evaluator.layerWith({ bits: 64 })))
 *
 * assert.deepStrictEqual(Effect.runSync(program)._tag, "BudgetExceeded")
 * ```
 */
export const layerWith = (budget: Partial<Budget>): Layer.Layer<Evaluator> => {
  const limits = withDefaults(budget)
  const meter = new Meter(limits)
  const evaluate = (expression: string): Exit.Exit<string, EvaluationError> => {
    try {
      return Exit.succeed(answer(expression, meter))
    } catch (error) {
      if (isEvaluationError(error)) return Exit.fail(error)
      throw error
    }
  }
  return Layer.succeed(Evaluator, {
    evaluate: (expression) => {
      const plain = plainAnswer(expression, limits)
      return plain === undefined ? Effect.suspend(() => evaluate(expression)) : Exit.succeed(plain)
    }
  })
}

/**
 * Python's answers, within the default budget.
 *
 * @since 0.1.0
 * @category layers
 */
export const layer: Layer.Layer<Evaluator> = layerWith({})
