import type { Console } from "effect/Console"
import * as Effect from "effect/Effect"
import { stripVTControlCharacters } from "node:util"

/** The console that @effect/cli prints to: no colours where nobody sees them, and no errors, which `ExitCode` prints. */
export const parserConsole = (console: Console): Console => ({
  ...console,
  log: (text: string = "") =>
    console.log(
      process.stdout.isTTY && process.stdout.hasColors() ? text : stripVTControlCharacters(text).trimEnd()
    ),
  error: () => Effect.void
})
