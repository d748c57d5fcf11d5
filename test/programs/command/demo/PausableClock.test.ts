import { expect, it } from "@effect/vitest"
import * as Clock from "effect/Clock"
import * as Effect from "effect/Effect"
import * as Fiber from "effect/Fiber"
import * as TestClock from "effect/TestClock"
import { PausableClock } from "../../../../src/programs/command/demo/PausableClock.js"

const paused = Effect.map(Effect.clock, (clock) => new PausableClock(clock))

it.effect("a sleep lasts longer by as long as its clock was paused, once or more often, and ends on time", () =>
  Effect.gen(function*() {
    const clock = yield* paused
    const sleeping = yield* Effect.fork(
      Effect.withClock(Effect.zipRight(Effect.sleep(100), Clock.currentTimeMillis), clock)
    )
    yield* TestClock.adjust(40)
    clock.toggle()
    yield* TestClock.adjust(1000)
    expect(clock.unsafeCurrentTimeMillis()).toBe(40)
    clock.toggle()
    yield* TestClock.adjust(20)
    clock.toggle()
    yield* TestClock.adjust(5)
    clock.toggle()
    yield* TestClock.adjust(39)
    expect((yield* Fiber.poll(sleeping))._tag).toBe("None")
    yield* TestClock.adjust(1)
    expect(yield* Fiber.join(sleeping)).toBe(100)
  }))

it.effect("a sleep that is begun while the clock is paused begins when it goes on", () =>
  Effect.gen(function*() {
    const clock = yield* paused
    clock.toggle()
    const sleeping = yield* Effect.fork(Effect.withClock(Effect.sleep(100), clock))
    yield* TestClock.adjust(1000)
    clock.toggle()
    yield* TestClock.adjust(99)
    expect((yield* Fiber.poll(sleeping))._tag).toBe("None")
    yield* TestClock.adjust(1)
    yield* Fiber.join(sleeping)
  }))
