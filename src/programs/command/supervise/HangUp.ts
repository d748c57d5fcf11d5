/** SIGHUP, where it is a wish and not the end of a terminal. */
import * as Effect from "effect/Effect"
import type * as Scope from "effect/Scope"
import { closeSync, openSync } from "node:fs"

/** Whether this process has a terminal that is not closed. */
const hasTerminal = (): boolean => {
  try {
    closeSync(openSync("/dev/tty", "r"))
    return true
  } catch {
    return false
  }
}

let listener: { readonly hear: () => void; readonly hadTerminal: boolean } | undefined = undefined

/** Has each told from now on, until the scope closes. For one at a time. */
export const listen = (hear: () => void): Effect.Effect<void, never, Scope.Scope> =>
  Effect.acquireRelease(
    Effect.sync(() => {
      listener = { hear, hadTerminal: hasTerminal() }
    }),
    () =>
      Effect.sync(() => {
        listener = undefined
      })
  )

/** Gives whether somebody was told: nobody is where none listens, nor where the terminal is gone that this process had. */
export const tell = (): boolean => {
  if (listener === undefined || (listener.hadTerminal && !hasTerminal())) return false
  listener.hear()
  return true
}
