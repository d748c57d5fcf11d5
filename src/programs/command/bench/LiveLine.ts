/** One line on a terminal that tells how a load goes; in a pipe, nothing. */
import * as Effect from "effect/Effect"
import * as Schedule from "effect/Schedule"
import { Drawing } from "../console/Drawing.js"
import { isDrawable } from "../console/terminal.js"
import type { Progress } from "./Load.js"
import * as words from "./words.js"

const bar = (share: number): string => {
  const filled = Math.round(Math.min(share, 1) * 20)
  return "█".repeat(filled) + "░".repeat(20 - filled)
}

/** Shows the progress, again and again, until it is interrupted; then the line is gone. */
export const show = (
  server: string,
  seconds: { readonly warmUp: number; readonly measure: number },
  progress: () => Progress
): Effect.Effect<never> => {
  if (!isDrawable(process.stderr)) return Effect.never
  const line = new Drawing(process.stderr)
  const draw = (): void => {
    const now = progress()
    const whole = now.phase === "warming up" ? seconds.warmUp : seconds.measure
    line.draw(
      `${server} ${bar(now.seconds / whole)} ${now.phase}, ${
        words.count(now.replies / now.seconds)
      } requests/s, 99 % within ${words.time(now.p99)}${now.errors === 0 ? "" : `, ${words.count(now.errors)} errors`}`
    )
  }
  return Effect.ensuring(
    Effect.zipRight(Effect.repeat(Effect.sync(draw), Schedule.spaced(200)), Effect.never),
    Effect.sync(() => {
      line.clear()
      // Gives the cursor back.
      line.done()
    })
  )
}
