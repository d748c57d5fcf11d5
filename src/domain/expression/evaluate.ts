/**
 * Python 3.11's expressions: pure, synchronous, bounded.
 *
 * @since 0.1.0
 */
import * as Either from "effect/Either"
import { type Budget, defaultBudget } from "./budget.js"
import { diagnose } from "./diagnosis.js"
import * as display from "./display.js"
import { BudgetExceeded, type EvaluationError, isEvaluationError } from "./errors.js"
import { normalized } from "./lexer.js"
import { run } from "./machine.js"
import { Meter } from "./meter.js"
import { Parser, rejected } from "./parser.js"
import type { Program } from "./program.js"
import { syntaxError } from "./raise.js"

const compile = (text: string, budget: Budget): Program => {
  try {
    return new Parser(text, budget).program()
  } catch (error) {
    if (!(error instanceof BudgetExceeded)) diagnose(text, budget)
    if (error === rejected) return syntaxError("invalid syntax", 1, 0)
    throw error
  }
}

/**
 * The value of a Python expression as text, the same characters as `str(eval(expression))`.
 *
 * @since 0.1.0
 * @category evaluation
 */
export const evaluate = (
  expression: string,
  budget: Partial<Budget> = {}
): Either.Either<string, EvaluationError> => {
  const limits = budget === defaultBudget ? defaultBudget : { ...defaultBudget, ...budget }
  try {
    const meter = new Meter(limits)
    meter.input(expression)
    return Either.right(display.str(run(compile(normalized(expression), limits), meter), meter))
  } catch (error) {
    if (isEvaluationError(error)) return Either.left(error)
    throw error
  }
}
