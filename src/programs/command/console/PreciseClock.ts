/** Effect's clock, with a sleep that ends on time. */
import * as Clock from "effect/Clock"
import * as Duration from "effect/Duration"
import * as Effect from "effect/Effect"

/** A timer of Node's may be late by this much, in milliseconds. */
const slack = 2

/**
 * The last two milliseconds of a sleep are spent looking at the clock, between one round of the event loop and the next:
 * precise to some ten microseconds, and a core is busy with it. A load of so many requests a second is measured from the
 * time each was due, which a timer's lateness would falsify.
 */
export const precise: Clock.Clock = (() => {
  const clock = Clock.make()
  const until = (due: bigint): Effect.Effect<void> =>
    Effect.async((resume) => {
      let immediate = setImmediate(function look() {
        if (clock.unsafeCurrentTimeNanos() >= due) resume(Effect.void)
        else immediate = setImmediate(look)
      })
      return Effect.sync(() => clearImmediate(immediate))
    })
  return {
    ...clock,
    [Clock.ClockTypeId]: Clock.ClockTypeId,
    unsafeCurrentTimeMillis: () => clock.unsafeCurrentTimeMillis(),
    unsafeCurrentTimeNanos: () => clock.unsafeCurrentTimeNanos(),
    sleep: (duration) =>
      Effect.suspend(() => {
        const due = clock.unsafeCurrentTimeNanos() + BigInt(Math.round(Duration.toMillis(duration) * 1_000_000))
        const rest = until(due)
        const coarse = Duration.toMillis(duration) - slack
        return coarse <= 0 ? rest : Effect.zipRight(clock.sleep(Duration.millis(coarse)), rest)
      })
  }
})()
