/**
 * What CPython says of a text that our parser would not have.
 */
import { Grammar, tooDeep } from "./grammar.js"
import { Lexer } from "./lexer.js"
import { syntaxError } from "./raise.js"
import { Tokens } from "./tokens.js"

/**
 * Fails with the syntax error that CPython finds in a text. Where it finds none, or the text is nested too deep to
 * tell, this returns.
 */
export const diagnose = (text: string, brackets: number): void => {
  if (text === "") syntaxError("invalid syntax", 0, 0)
  try {
    new Grammar(new Tokens(new Lexer(text, brackets))).judge()
  } catch (error) {
    if (error !== tooDeep) throw error
  }
}
