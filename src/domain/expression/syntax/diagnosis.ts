/**
 * What CPython says of a text that our parser would not have.
 */
import { syntaxError } from "../raise.js"
import { Grammar } from "./grammar/grammar.js"
import { tooDeep } from "./grammar/recognizer.js"
import { Lexer } from "./lexer.js"
import { Tokens } from "./tokens.js"

/**
 * Fails with the syntax error that CPython finds in a text of which our parser could make nothing from `stop` on, or,
 * where it refused a part, in the whole. If there is none, or the text is nested too deep to tell, this returns.
 */
export const diagnose = (text: string, brackets: number, stop: number | undefined): void => {
  if (text === "") syntaxError("invalid syntax", 0, 0)
  const grammar = new Grammar(new Tokens(new Lexer(text, brackets)))
  try {
    if (stop === undefined) grammar.judge()
    else grammar.explainAt(stop)
  } catch (error) {
    if (error !== tooDeep) throw error
  }
}
