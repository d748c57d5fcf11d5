import * as Either from "effect/Either"
import { createRequire } from "node:module"
import { BudgetExceeded } from "../../domain/expression/errors.js"
import { failure } from "./mathjsFailure.js"
import type { Answer } from "./messages.js"

export interface Settings {
  /** The file that mathjs is loaded from. */
  readonly mathjs: string
  /** The longest answer, in UTF-16 units. */
  readonly output: number
}

/** What of mathjs is used. */
interface Mathjs {
  readonly all: object
  readonly create: (factories: object) => {
    readonly import: (functions: object, options: { readonly override: boolean }) => void
    readonly evaluate: (expression: string, scope: Map<string, unknown>) => unknown
    readonly format: (value: unknown, options: { readonly precision: number }) => string
  }
}

/** What would outlive the request, or let an expression change what the next one means. */
const refused = ["import", "createUnit", "config", "reviver"]

export const make = ({ mathjs, output }: Settings): Answer => {
  const { all, create } = createRequire(mathjs)(mathjs) as Mathjs
  const { evaluate, format, import: define } = create(all)
  define(
    Object.fromEntries(refused.map((name) => [name, () => {
      throw Object.assign(new Error(`the function ${name} is not supported`), { name: "Refused" })
    }])),
    { override: true }
  )
  const tooLong = new BudgetExceeded({
    kind: "output",
    limit: output,
    message: `a text would be longer than ${output} characters`
  })
  return (expression) => {
    try {
      const value = evaluate(expression, new Map())
      const text = typeof value === "string" ? value : format(value, { precision: 14 })
      return text.length > output ? Either.left(tooLong) : Either.right(text)
    } catch (error) {
      const { message, name } = error instanceof Error ? error : { message: String(error), name: "Error" }
      return Either.left(failure(name, message.slice(0, output)))
    }
  }
}
