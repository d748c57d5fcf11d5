/**
 * What CPython says of a text that our parser rejected.
 */
import type { Budget } from "./budget.js"
import { Grammar } from "./grammar.js"
import { Lexer } from "./lexer.js"
import { budgetExceeded, syntaxError } from "./raise.js"
import { Tokens } from "./tokens.js"

/**
 * Fails with the syntax error that CPython finds in a text. Where it finds none, the text is Python, of a part
 * that is refused, and this returns.
 */
export const diagnose = (text: string, { brackets, depth }: Budget): void => {
  if (text.includes("\0")) syntaxError("source code string cannot contain null bytes", 0, 0)
  if (text === "") syntaxError("invalid syntax", 0, 0)
  const tokens = new Tokens(new Lexer(text, brackets))
  new Grammar(
    tokens,
    4 * depth,
    () => budgetExceeded("depth", depth, `the expression nests more than ${depth} deep`)
  ).judge()
}
