import * as Clock from "effect/Clock"
import * as Duration from "effect/Duration"
import * as Effect from "effect/Effect"

/** A clock that can be stopped for a while. Its time is that since some moment: the wall clock does not move it. */
export class PausableClock implements Clock.Clock {
  readonly [Clock.ClockTypeId]: Clock.ClockTypeId = Clock.ClockTypeId
  private readonly clock: Clock.Clock
  private pausedAt: bigint | undefined = undefined
  /** Nanoseconds that it has stood still, in all. */
  private lost = 0n
  private waiting: Array<() => void> = []

  constructor(clock: Clock.Clock) {
    this.clock = clock
  }

  get isPaused(): boolean {
    return this.pausedAt !== undefined
  }

  /** Stops it, or has it go on. */
  toggle(): void {
    const now = this.clock.unsafeCurrentTimeNanos()
    if (this.pausedAt === undefined) {
      this.pausedAt = now
      return
    }
    this.lost += now - this.pausedAt
    this.pausedAt = undefined
    for (const resume of this.waiting.splice(0)) resume()
  }

  unsafeCurrentTimeNanos(): bigint {
    return (this.pausedAt ?? this.clock.unsafeCurrentTimeNanos()) - this.lost
  }

  unsafeCurrentTimeMillis(): number {
    return Number(this.unsafeCurrentTimeNanos() / 1_000_000n)
  }

  readonly currentTimeNanos = Effect.sync(() => this.unsafeCurrentTimeNanos())
  readonly currentTimeMillis = Effect.sync(() => this.unsafeCurrentTimeMillis())

  sleep(duration: Duration.Duration): Effect.Effect<void> {
    if (!Duration.isFinite(duration)) return this.clock.sleep(duration)
    return Effect.suspend(() =>
      this.until(this.unsafeCurrentTimeNanos() + BigInt(Math.round(Duration.toMillis(duration) * 1e6)))
    )
  }

  private until(due: bigint): Effect.Effect<void> {
    return Effect.suspend(() => {
      if (this.isPaused) return Effect.zipRight(this.resumed, this.until(due))
      const left = due - this.unsafeCurrentTimeNanos()
      return left <= 0n ? Effect.void : Effect.zipRight(this.clock.sleep(Duration.nanos(left)), this.until(due))
    })
  }

  private readonly resumed = Effect.async<void>((resume) => {
    this.waiting.push(() => resume(Effect.void))
  })
}
