import * as outcomes from "./outcomes.js"
import type { Output } from "./Output.js"
import type { Outcome } from "./talk.js"

/** Who is told what the server says. */
export interface Audience {
  readonly told: (outcome: Outcome) => void
  /** The server said it of itself. */
  readonly unasked: (message: unknown) => void
}

/** Prints each reply alone on a line, or as an object; `say` says what is none. */
export const printer = (output: Output, isJson: boolean, say: (sentence: string) => void): Audience => {
  const text = process.stdout.isTTY ? outcomes.printable : outcomes.oneLine
  return {
    told: (outcome) => {
      const { error, reply } = outcome
      if (isJson) output.print(outcomes.json(outcome))
      else if (reply !== undefined) output.print(text(reply))
      else if (error?._tag === "Rejection") say(error.message)
    },
    unasked: (message) => {
      if (isJson) output.print(outcomes.unasked(message))
      else say(`The server says, unasked: ${outcomes.printable(message)}`)
    }
  }
}
