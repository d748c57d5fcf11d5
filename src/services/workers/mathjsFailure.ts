import {
  BudgetExceeded,
  DomainError,
  type EvaluationError,
  IndexOutOfRange,
  SyntaxError,
  TypeMismatch,
  UnknownName,
  UnsupportedSyntax
} from "../../domain/expression/errors.js"

/** What mathjs threw, told by its name and its words, as an error of the evaluator's own. */
export const failure = (name: string, message: string): EvaluationError => {
  const place = /\(char (\d+)\)/.exec(message)
  const position = { line: 1, column: Number(place?.[1] ?? 0) }
  if (name === "SyntaxError") return new SyntaxError({ message, ...position })
  if (name === "Refused") return new UnsupportedSyntax({ message, feature: message, ...position })
  if (name === "IndexError") return new IndexOutOfRange({ message })
  if (/^Undefined (?:symbol|function)/.test(message)) return new UnknownName({ message })
  if (/call stack/i.test(message)) return new BudgetExceeded({ message, kind: "depth", limit: 0 })
  if (name === "TypeError" || /^(?:Unexpected type|Cannot convert)/.test(message)) return new TypeMismatch({ message })
  return new DomainError({ message })
}
