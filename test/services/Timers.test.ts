import { describe, expect, it } from "@effect/vitest"
import { Simulation } from "effect-switchboard/testing"
import * as Clock from "effect/Clock"
import * as Effect from "effect/Effect"
import * as FastCheck from "effect/FastCheck"
import * as TestClock from "effect/TestClock"
import type { Timer } from "../../src/services/Timers.js"
import * as Timers from "../../src/services/Timers.js"

type Expiry = readonly [name: number, at: number]

interface Named extends Timer {
  readonly name: number
}

const named = (name: number, expired: Array<Expiry>): Named => ({
  name,
  at: Infinity,
  order: 0,
  slot: 0,
  expire: (now) => void expired.push([name, now])
})

type Step =
  | { readonly step: "schedule"; readonly name: number; readonly after: number }
  | { readonly step: "cancel"; readonly name: number }
  | { readonly step: "pass"; readonly time: number }

const steps: FastCheck.Arbitrary<Array<Step>> = FastCheck.array(
  FastCheck.oneof(
    {
      arbitrary: FastCheck.record({
        step: FastCheck.constant("schedule" as const),
        name: FastCheck.nat(20),
        after: FastCheck.integer({ min: 1, max: 50 })
      }),
      weight: 4
    },
    {
      arbitrary: FastCheck.record({ step: FastCheck.constant("cancel" as const), name: FastCheck.nat(20) }),
      weight: 2
    },
    { arbitrary: FastCheck.record({ step: FastCheck.constant("pass" as const), time: FastCheck.nat(30) }), weight: 1 }
  ),
  { maxLength: 100, size: "large" }
)

/** The model: a list, sorted again at every step; a new time takes the newest order. */
const model = (steps: ReadonlyArray<Step>): Array<number> => {
  const expired: Array<number> = []
  let pending: Array<{ readonly name: number; readonly at: number; readonly order: number }> = []
  let now = 0
  for (const [order, step] of steps.entries()) {
    if (step.step === "pass") {
      now += step.time
      const sorted = pending.toSorted((a, b) => a.at - b.at || a.order - b.order)
      expired.push(...sorted.filter(({ at }) => at <= now).map(({ name }) => name))
      pending = pending.filter(({ at }) => at > now)
    } else {
      pending = pending.filter(({ name }) => name !== step.name)
      if (step.step === "schedule") pending.push({ name: step.name, at: now + step.after, order })
    }
  }
  return expired
}

describe("Timers", () => {
  it.effect.prop(
    "expire in the order of their times, then of their scheduling, however they are moved",
    { steps },
    ({ steps }) =>
      Effect.scoped(Effect.gen(function*() {
        const timers = yield* Timers.make(Effect.void)
        const expired: Array<Expiry> = []
        const all = Array.from({ length: 21 }, (_, name) => named(name, expired))
        for (const step of steps) {
          if (step.step === "schedule") timers.schedule(all[step.name]!, timers.now() + step.after)
          else if (step.step === "cancel") timers.cancel(all[step.name]!)
          else yield* TestClock.adjust(step.time)
        }
        expect(expired.map(([name]) => name)).toEqual(model(steps))
      })),
    // Passing time costs milliseconds.
    { fastCheck: { numRuns: 30 } }
  )

  it.scoped("expire at their time, not a millisecond before", () =>
    Effect.gen(function*() {
      const timers = yield* Timers.make(Effect.void)
      const expired: Array<Expiry> = []
      timers.schedule(named(1, expired), 100)
      yield* TestClock.adjust(99)
      expect(expired).toEqual([])
      yield* TestClock.adjust(1)
      expect(expired).toEqual([[1, 100]])
    }))

  it.scoped("expire once, and may be scheduled again from their own expiry", () =>
    Effect.gen(function*() {
      const timers = yield* Timers.make(Effect.void)
      const expired: Array<number> = []
      const beat: Timer = {
        at: Infinity,
        order: 0,
        slot: 0,
        expire: (now) => {
          expired.push(now)
          timers.schedule(beat, now + 10)
        }
      }
      timers.schedule(beat, 10)
      for (let i = 0; i < 3; i++) yield* TestClock.adjust(10)
      expect(expired).toEqual([10, 20, 30])
    }))

  it.scoped("that schedule themselves in the past, or for now, hold nobody up: they are due again a millisecond later", () =>
    Effect.gen(function*() {
      const timers = yield* Timers.make(Effect.void)
      const expired: Array<Expiry> = []
      const late = (name: number, lateness: number): Named => {
        const timer: Named = {
          ...named(name, expired),
          expire: (now) => {
            expired.push([name, now])
            timers.schedule(timer, now - lateness)
          }
        }
        return timer
      }
      timers.schedule(late(1, 1000), 10)
      timers.schedule(late(2, 0), 10)
      timers.schedule(named(3, expired), 11)
      yield* TestClock.adjust(10)
      yield* TestClock.adjust(1)
      expect(expired).toEqual([[1, 10], [2, 10], [3, 11], [1, 11], [2, 11]])
    }))

  it.effect("that are late, as the process was stopped, let the network say first what has come, and may be put off by it", () =>
    Simulation.run(Effect.scoped(Effect.gen(function*() {
      const expired: Array<Expiry> = []
      const polls: Array<number> = []
      const putOff = named(1, expired)
      const timers: Timers.Timers = yield* Timers.make(Effect.map(Clock.currentTimeMillis, (now) => {
        polls.push(now)
        timers.schedule(putOff, now + 50)
      }))
      timers.schedule(putOff, 50)
      timers.schedule(named(2, expired), 50)
      yield* Simulation.freeze(1000)
      yield* Effect.sleep(100)
      expect(polls).toEqual([1000])
      expect(expired).toEqual([[2, 1000], [1, 1050]])
    }))))

  it.effect("that fall due while the network has its say need another look", () =>
    Simulation.run(Effect.scoped(Effect.gen(function*() {
      const expired: Array<Expiry> = []
      const putOff = named(2, expired)
      let looks = 0
      const timers: Timers.Timers = yield* Timers.make(Effect.suspend(() => {
        looks++
        if (looks === 2) timers.schedule(putOff, timers.now() + 50)
        // The first time, the process is stopped once more while it looks.
        return looks === 1 ? Simulation.freeze(1000) : Effect.void
      }))
      timers.schedule(named(1, expired), 50)
      timers.schedule(putOff, 1500)
      yield* Simulation.freeze(1000)
      yield* Effect.sleep(1500)
      expect(looks).toBe(2)
      expect(expired).toEqual([[1, 1000], [2, 2050]])
    }))))

  it.scoped("take no notice of a wall clock that is set", () =>
    Effect.gen(function*() {
      const real = yield* Effect.clock
      let wall = 1_000_000
      const timers = yield* Effect.withClock(Timers.make(Effect.void), {
        ...real,
        [Clock.ClockTypeId]: Clock.ClockTypeId,
        sleep: (duration) => real.sleep(duration),
        unsafeCurrentTimeNanos: () => real.unsafeCurrentTimeNanos(),
        unsafeCurrentTimeMillis: () => wall
      })
      const expired: Array<Expiry> = []
      timers.schedule(named(1, expired), timers.now() + 100)
      wall -= 3_600_000
      yield* TestClock.adjust(100)
      expect(expired).toEqual([[1, 100]])
      timers.schedule(named(2, expired), timers.now() + 100)
      wall += 7_200_000
      timers.schedule(named(3, expired), timers.now() + 50)
      yield* TestClock.adjust(50)
      expect(expired).toEqual([[1, 100], [3, 150]])
    }))

  it.effect("are silent once their scope is closed, whatever is still done to them", () =>
    Effect.gen(function*() {
      const expired: Array<Expiry> = []
      const [first, second, third] = [named(1, expired), named(2, expired), named(3, expired)]
      const timers = yield* Effect.scoped(Effect.tap(Timers.make(Effect.void), (timers) =>
        Effect.sync(() => {
          timers.schedule(first, 10)
          timers.schedule(second, 20)
        })))
      timers.cancel(first)
      timers.cancel(second)
      timers.schedule(second, 5)
      timers.schedule(third, 5)
      timers.cancel(third)
      yield* TestClock.adjust(100)
      expect(expired).toEqual([])
    }))
})
