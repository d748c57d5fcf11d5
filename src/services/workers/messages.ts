import type * as Either from "effect/Either"
import type { EvaluationError } from "../../domain/expression/errors.js"

/** What a worker evaluates with. Its module exports it as `make`, a function of the settings. */
export type Answer = (expression: string) => Either.Either<string, EvaluationError>

/** What a worker is told at its start, as the JSON of its one argument. */
export interface Start {
  /** `python`, `mathjs`, or the URL of a module that exports `make`. */
  readonly program: string
  readonly settings: unknown
}

/** To a worker: expressions, to be answered one after the other, each by a reply of its own. */
export type Batch = ReadonlyArray<string>

/** From a worker, once. */
export const ready = "ready"

/** From a worker: a value, an error told by its parts, or the words of a bug. */
export type Reply =
  | { readonly text: string }
  | { readonly error: { readonly _tag: EvaluationError["_tag"] } }
  | { readonly defect: string }
