/**
 * Raising, as an expression that can stand where a value is wanted.
 */
import {
  BudgetExceeded,
  type BudgetKind,
  DivisionByZero,
  DomainError,
  type EvaluationError,
  IndexOutOfRange,
  Overflow,
  SyntaxError,
  TypeMismatch,
  UnknownAttribute,
  UnknownName,
  UnsupportedSyntax
} from "./errors.js"

// A stack trace costs more than most evaluations, and would show a user only our own frames.
const raise = (make: () => EvaluationError): never => {
  const limit = Error.stackTraceLimit
  Error.stackTraceLimit = 0
  try {
    throw make()
  } finally {
    Error.stackTraceLimit = limit
  }
}

export const typeMismatch = (message: string): never => raise(() => new TypeMismatch({ message }))

export const divisionByZero = (message: string): never => raise(() => new DivisionByZero({ message }))

export const overflow = (message: string): never => raise(() => new Overflow({ message }))

export const domainError = (message: string): never => raise(() => new DomainError({ message }))

export const indexOutOfRange = (message: string): never => raise(() => new IndexOutOfRange({ message }))

/** CPython shows no more of a name, in bytes of UTF-8. */
const shownOfName = 200

export const unknownName = (name: string): never => {
  const shown = Buffer.from(name).subarray(0, shownOfName).toString()
  return raise(() => new UnknownName({ message: `name '${shown}' is not defined` }))
}

export const unknownAttribute = (message: string): never => raise(() => new UnknownAttribute({ message }))

export const syntaxError = (message: string, line: number, column: number): never =>
  raise(() => new SyntaxError({ message, line, column }))

export const unsupported = (feature: string, line: number, column: number): never =>
  raise(() => new UnsupportedSyntax({ message: `${feature} not supported`, feature, line, column }))

export const budgetExceeded = (kind: BudgetKind, limit: number, message: string): never =>
  raise(() => new BudgetExceeded({ message, kind, limit }))
