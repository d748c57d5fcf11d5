/**
 * Python 3.11's expressions: pure, synchronous, bounded.
 *
 * @since 0.1.0
 */
import * as Either from "effect/Either"
import { type Budget, defaultBudget, withDefaults } from "./budget.js"
import { type EvaluationError, isEvaluationError } from "./errors.js"
import { Meter, requireInput } from "./meter.js"
import { plain } from "./plainArithmetic.js"
import { syntaxError } from "./raise.js"
import { run } from "./run/machine.js"
import type { Program } from "./run/program.js"
import { diagnose } from "./syntax/diagnosis.js"
import { normalized } from "./syntax/lexer.js"
import { Parser } from "./syntax/parser.js"
import * as representation from "./values/representation.js"

/** The steps of compiling a character, and of explaining what is wrong with a text, which only its length bounds. */
const compilingCost = 2
const explainingCost = 40

const compile = (text: string, meter: Meter): Program => {
  const { budget } = meter
  if (text.includes("\0")) return syntaxError("source code string cannot contain null bytes", 0, 0)
  meter.spend(compilingCost * text.length)
  const parser = new Parser(text, budget)
  try {
    return parser.program()
  } catch (error) {
    // Python judges the syntax of the whole text before it runs any, or refuses any.
    if (parser.judged) {
      meter.count(explainingCost * text.length)
      diagnose(text, budget.brackets, parser.stop)
    }
    throw error
  }
}

/** Whether plain arithmetic of that length cannot run out of anything. */
const isRoomy = ({ bits, brackets, depth, fuel, output }: Budget, length: number): boolean =>
  fuel >= length && bits >= 64 && brackets >= 64 && depth >= 128 && output >= 64

/**
 * The answer of an expression that is plain arithmetic: in no time, and within any budget that has room for it. Others
 * are left to {@link answer}.
 *
 * @internal
 */
export const plainAnswer = (expression: string, budget: Budget): string | undefined =>
  expression.length <= budget.input && isRoomy(budget, expression.length) ? plain(expression) : undefined

/**
 * Evaluates any expression within the meter's budget, and throws the {@link EvaluationError}. Either way the meter then
 * says what it took; one meter serves any number of evaluations, one after the other.
 *
 * @internal
 */
export const answer = (expression: string, meter: Meter): string => {
  const { budget } = meter
  meter.refill()
  requireInput(expression, budget.input)
  return representation.str(run(compile(normalized(expression), meter), meter), meter)
}

/**
 * The value of a Python expression as text, the same characters as `str(eval(expression))`.
 *
 * What is left out of the budget keeps its default.
 *
 * @since 0.1.0
 * @category evaluation
 * @example
 * ```ts
 * import * as Either from "effect/Either"
 * import { Evaluator } from "effect-switchboard"
 *
 * assert.deepStrictEqual(Evaluator.evaluate("0.1 + 0.2"), Either.right("0.30000000000000004"))
 *
 * const error = Either.getOrThrow(Either.flip(Evaluator.evaluate("9**9**9", { bits: 1_000 })))
 * assert.deepStrictEqual(error._tag, "BudgetExceeded")
 * ```
 */
export const evaluate = (
  expression: string,
  budget: Partial<Budget> = defaultBudget
): Either.Either<string, EvaluationError> => {
  try {
    const limits = withDefaults(budget)
    return Either.right(plainAnswer(expression, limits) ?? answer(expression, new Meter(limits)))
  } catch (error) {
    if (isEvaluationError(error)) return Either.left(error)
    throw error
  }
}
