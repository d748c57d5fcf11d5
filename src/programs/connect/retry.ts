import * as Effect from "effect/Effect"
import * as Schedule from "effect/Schedule"
import type { Lines } from "./Lines.js"

/** A wait of 100 ms, and each one after it twice as long, up to 5 seconds. */
const backOff = Schedule.union(Schedule.exponential("100 millis"), Schedule.spaced("5 seconds"))

/**
 * Tries again, `times` times at the most, as long as the server refuses. It has answered nothing then, so what was sent
 * to it can be sent again.
 */
export const retry = <A, E extends { readonly _tag: string; readonly message: string }, R>(
  attempt: Effect.Effect<A, E, R>,
  times: number,
  say: (sentence: string) => void
): Effect.Effect<A, E, R> => {
  let left = times
  return Effect.tapError(attempt, (error) =>
    Effect.sync(() => {
      if (error._tag === "ConnectionRefused" && left > 0) {
        say(`${error.message} Trying again, ${left} ${left === 1 ? "time" : "times"} at the most.`)
      }
      left--
    })).pipe(
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
    if (this.isAnswered) return
    this.isAnswered = true
    this.taken = this.taken.slice(this.at)
    this.at = 0
  }
}
