import * as Either from "effect/Either"
import stringWidth from "string-width"
import { evaluate } from "../../../../domain/expression/evaluate.js"

/**
 * How many columns of the terminal stand before the place where an expression stops being one; undefined if it has no
 * such place. Servers give a reason and no place, so it is found here, by the same grammar.
 */
export const faultOffset = (expression: string): number | undefined => {
  const value = evaluate(expression)
  if (Either.isRight(value)) return undefined
  const error = value.left
  if (error._tag !== "SyntaxError" && error._tag !== "UnsupportedSyntax") return undefined
  if (error.line !== 1) return undefined
  const before = Array.from(expression).slice(0, error.column === 0 ? undefined : error.column - 1)
  return stringWidth(before.join(""))
}
