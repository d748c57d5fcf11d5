// What the evaluator in dist/ answers, in the terms in which python3 is asked.
import { Evaluator } from "effect-switchboard"
import * as Either from "effect/Either"

const budget = { ...Evaluator.defaultBudget, input: 65_536 }

/** The most of the processor's time that one took, of all that were asked. */
export const slowest = { milliseconds: 0, text: "" }

export const answer = (text) => {
  const start = process.cpuUsage()
  const result = Evaluator.evaluate(text, budget)
  const { system, user } = process.cpuUsage(start)
  const milliseconds = (system + user) / 1_000
  if (milliseconds > slowest.milliseconds) Object.assign(slowest, { milliseconds, text })
  if (Either.isRight(result)) return { kind: "value", text: result.right, tag: "value" }
  const error = result.left
  const place = error._tag === "SyntaxError" ? `${error.line}:${error.column}:` : ""
  return { kind: error.pythonClass, text: place + error.message, tag: error._tag }
}
