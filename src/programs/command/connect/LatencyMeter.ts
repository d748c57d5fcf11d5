/** How long replies take, on one line that is drawn anew as they come, and stays when all have. */
import * as Effect from "effect/Effect"
import * as Schedule from "effect/Schedule"
import * as Screen from "../console/Screen.js"
import * as figures from "../report/figures.js"
import { Latency } from "../report/Latency.js"
import type { Audience } from "./Audience.js"
import type { Outcome } from "./talk.js"

export class LatencyMeter implements Audience {
  private readonly latency = new Latency()
  private rejected = 0

  readonly told = ({ error, milliseconds }: Outcome): void => {
    if (error !== undefined && error._tag !== "Rejection") return
    if (error !== undefined) this.rejected++
    this.latency.record(milliseconds * 1000, 1)
  }

  readonly unasked = (): void => {}

  /** For people. */
  get line(): string {
    const { latency, rejected } = this
    if (latency.count === 0) return "no replies"
    const replies = `${figures.count(latency.count)} ${latency.count === 1 ? "reply" : "replies"}`
    const { time } = figures
    return [
      rejected === 0 ? replies : `${replies}, ${figures.count(rejected)} of them rejections`,
      `min ${time(latency.min)}`,
      `median ${time(latency.at(50))}`,
      `p99 ${time(latency.at(99))}`,
      `max ${time(latency.max)}`
    ].join("   ")
  }

  /** For programs: times in milliseconds, null where there are none. */
  get json(): string {
    const { latency, rejected } = this
    const time = (milliseconds: number): number | null => latency.count === 0 ? null : milliseconds
    return JSON.stringify({
      replies: latency.count,
      rejected,
      min: time(latency.min),
      median: time(latency.at(50)),
      p99: time(latency.at(99)),
      max: time(latency.max)
    })
  }
}

/** Runs a conversation before a meter, which has the last word however it ends. */
export const metered = <E, R>(
  isJson: boolean,
  conversation: (audience: Audience) => Effect.Effect<void, E, R>
): Effect.Effect<void, E, R> =>
  Effect.gen(function*() {
    const screen = yield* Screen.Screen
    const meter = new LatencyMeter()
    const draw = Effect.suspend(() => screen.draw(meter.line))
    yield* Effect.forkScoped(Effect.repeat(draw, Schedule.spaced("100 millis")))
    yield* Effect.ensuring(
      conversation(meter),
      Effect.suspend(() => screen.keep(isJson ? meter.json : meter.line))
    )
  }).pipe(Effect.scoped, Effect.provide(Screen.layer))
