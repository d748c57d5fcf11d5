/**
 * The ways an expression can fail. Each carries the name of the exception Python raises for it and,
 * where Python has words for it, Python's own message.
 *
 * @since 0.1.0
 */
import * as Data from "effect/Data"

/**
 * The text is not a Python expression.
 *
 * `line` and `column` count from 1, as CPython reports them: column 0 is the end of the line, line 0 an empty text.
 *
 * @since 0.1.0
 * @category errors
 */
export class SyntaxError extends Data.TaggedError("SyntaxError")<{
  readonly message: string
  readonly line: number
  readonly column: number
}> {
  readonly pythonClass = "SyntaxError"
}

/**
 * The text is Python, but of a part that is refused: lambda, comprehensions, dict and set displays, `:=`,
 * star-arguments, f-strings, bytes, dunders. `feature` names it.
 *
 * @since 0.1.0
 * @category errors
 */
export class UnsupportedSyntax extends Data.TaggedError("UnsupportedSyntax")<{
  readonly message: string
  readonly feature: string
  readonly line: number
  readonly column: number
}> {
  readonly pythonClass = "SyntaxError"
}

/**
 * A name that is neither a builtin nor in `math`.
 *
 * @since 0.1.0
 * @category errors
 */
export class UnknownName extends Data.TaggedError("UnknownName")<{ readonly message: string }> {
  readonly pythonClass = "NameError"
}

/**
 * An operation on values it is not defined for, or a call with the wrong arguments.
 *
 * @since 0.1.0
 * @category errors
 */
export class TypeMismatch extends Data.TaggedError("TypeMismatch")<{ readonly message: string }> {
  readonly pythonClass = "TypeError"
}

/**
 * Division, remainder or a negative power of zero.
 *
 * @since 0.1.0
 * @category errors
 */
export class DivisionByZero extends Data.TaggedError("DivisionByZero")<{ readonly message: string }> {
  readonly pythonClass = "ZeroDivisionError"
}

/**
 * A result too large for a float.
 *
 * @since 0.1.0
 * @category errors
 */
export class Overflow extends Data.TaggedError("Overflow")<{ readonly message: string }> {
  readonly pythonClass = "OverflowError"
}

/**
 * A value of the right type that the operation has no answer for: `math.sqrt(-1)`, `int('x')`.
 *
 * @since 0.1.0
 * @category errors
 */
export class DomainError extends Data.TaggedError("DomainError")<{ readonly message: string }> {
  readonly pythonClass = "ValueError"
}

/**
 * An index past either end of a sequence.
 *
 * @since 0.1.0
 * @category errors
 */
export class IndexOutOfRange extends Data.TaggedError("IndexOutOfRange")<{ readonly message: string }> {
  readonly pythonClass = "IndexError"
}

/**
 * An attribute outside the closed list that values have.
 *
 * @since 0.1.0
 * @category errors
 */
export class UnknownAttribute extends Data.TaggedError("UnknownAttribute")<{ readonly message: string }> {
  readonly pythonClass = "AttributeError"
}

/**
 * What of the budget ran out: steps, the size of an integer, nesting, the length of a sequence, of the text in or
 * of the text out; where a process evaluates, its milliseconds or the MiB of its heap.
 *
 * @since 0.1.0
 * @category models
 */
export type BudgetKind = "fuel" | "bits" | "depth" | "sequence" | "input" | "output" | "time" | "memory"

/**
 * The expression asked for more than its budget. `limit` is what it was allowed, in the unit of its kind.
 *
 * @since 0.1.0
 * @category errors
 */
export class BudgetExceeded extends Data.TaggedError("BudgetExceeded")<{
  readonly message: string
  readonly kind: BudgetKind
  readonly limit: number
}> {
  readonly pythonClass = this.kind === "depth" ? "RecursionError" : "MemoryError"
}

/**
 * Everything `evaluate` can fail with.
 *
 * @since 0.1.0
 * @category errors
 */
export type EvaluationError =
  | SyntaxError
  | UnsupportedSyntax
  | UnknownName
  | TypeMismatch
  | DivisionByZero
  | Overflow
  | DomainError
  | IndexOutOfRange
  | UnknownAttribute
  | BudgetExceeded

const kinds = {
  SyntaxError,
  UnsupportedSyntax,
  UnknownName,
  TypeMismatch,
  DivisionByZero,
  Overflow,
  DomainError,
  IndexOutOfRange,
  UnknownAttribute,
  BudgetExceeded
}

/**
 * Whether a caught value is one of the evaluator's own.
 *
 * @since 0.1.0
 * @category guards
 */
export const isEvaluationError = (error: unknown): error is EvaluationError =>
  Object.values(kinds).some((kind) => error instanceof kind)

/**
 * An error of another process, told by its parts.
 *
 * @internal
 */
export const revive = (parts: { readonly _tag: EvaluationError["_tag"] }): EvaluationError => {
  const Kind = kinds[parts._tag] as new(parts: object) => EvaluationError
  return new Kind(parts)
}
