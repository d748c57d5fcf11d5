import * as Clock from "effect/Clock"
import * as Duration from "effect/Duration"
import * as Effect from "effect/Effect"
import { Bell } from "../../stream/Bell.js"
import type { Lines } from "./Lines.js"

/** The same messages again and again: a round follows when the last is answered, and not before its time. */
export class Rounds implements Lines {
  private readonly messages: ReadonlyArray<string>
  private readonly interval: number
  private left: number
  private at = 0
  private unanswered = 0
  private beganAt = 0
  private readonly allAnswered = new Bell(() => this.unanswered === 0)

  constructor(messages: ReadonlyArray<string>, times: number, interval: Duration.Duration) {
    this.messages = messages
    this.left = times
    this.interval = Duration.toMillis(interval)
  }

  readonly next: Lines["next"] = Effect.suspend(() => {
    if (this.at === this.messages.length) return --this.left > 0 ? this.rest : Effect.succeed(undefined)
    return this.at === 0 ? Effect.flatMap(Clock.currentTimeMillis, (now) => this.begin(now)) : this.take()
  })

  readonly answered = (): void => {
    if (--this.unanswered === 0) this.allAnswered.ring()
  }

  private begin(now: number): Effect.Effect<string> {
    this.beganAt = now
    return this.take()
  }

  private take(): Effect.Effect<string> {
    this.unanswered++
    return Effect.succeed(this.messages[this.at++]!)
  }

  private readonly rest: Lines["next"] = Effect.gen(this, function*() {
    yield* this.allAnswered.wait
    yield* Effect.sleep(Math.max(0, this.beganAt + this.interval - (yield* Clock.currentTimeMillis)))
    this.at = 0
    return yield* this.next
  })
}
