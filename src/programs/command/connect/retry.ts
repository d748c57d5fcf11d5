import * as Effect from "effect/Effect"
import * as Schedule from "effect/Schedule"
import type { Lines } from "./Lines.js"

/** A wait of 100 ms, and each one after it twice as long, up to 5 seconds. */
const backOff = Schedule.union(Schedule.exponential("100 millis"), Schedule.spaced("5 seconds"))

/** Makes an attempt, and more of them while the server refuses. `say` says that it does, and what comes next. */
export type Retry = <A, E extends { readonly _tag: string; readonly message: string }, R>(
  attempt: Effect.Effect<A, E, R>,
  say: (sentence: string) => void
) => Effect.Effect<A, E, R>

/** Tries again, `times` times at the most. A server that refused has answered nothing: what was sent can be sent again. */
export const upTo = (times: number): Retry => (attempt, say) => {
  let left = times
  return attempt.pipe(
    Effect.tapError((error) =>
      Effect.sync(() => {
        if (error._tag !== "ConnectionRefused" || left === 0) return
        say(`${error.message} Trying again, ${left === 1 ? "once" : `${left} times`} at the most.`)
        left--
      })
    ),
    Effect.retry({ schedule: backOff, times, while: (error) => error._tag === "ConnectionRefused" })
  )
}

/** Lines that can be had again, as long as none of them is answered. */
export class Replay implements Lines {
  private readonly lines: Lines
  private taken: Array<string | undefined> = []
  private at = 0
  private isAnswered = false

  constructor(lines: Lines) {
    this.lines = lines
  }

  readonly next: Lines["next"] = Effect.suspend(() => {
    if (this.at < this.taken.length) return Effect.succeed(this.taken[this.at++])
    return Effect.map(this.lines.next, (line) => {
      if (!this.isAnswered || line === undefined) this.at = this.taken.push(line)
      return line
    })
  })

  rewind(): void {
    this.at = 0
  }

  answered(): void {
    this.lines.answered?.()
    if (this.isAnswered) return
    this.isAnswered = true
    this.taken = this.taken.slice(this.at)
    this.at = 0
  }
}
