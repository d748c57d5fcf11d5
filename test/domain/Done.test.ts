import { describe, expect, it } from "@effect/vitest"
import * as Cause from "effect/Cause"
import * as Effect from "effect/Effect"
import * as Exit from "effect/Exit"
import * as Done from "../../src/domain/Done.js"

const later = <A>(value: A): Effect.Effect<A> => Effect.as(Effect.yieldNow(), value)

const match = (effect: Effect.Effect<number, string>) => Done.match(effect, (e) => `not ${e}`, (n) => `so ${n}`)

describe("Done", () => {
  it.effect("maps what is done at once, and what is not like any effect", () =>
    Effect.gen(function*() {
      const done = Done.map(Effect.succeed(1), (n) => n + 1)
      expect(Done.isDone(done)).toBe(true)
      expect(yield* done).toBe(2)
      const waiting = Done.map(later(1), (n) => n + 1)
      expect(Done.isDone(waiting)).toBe(false)
      expect(yield* waiting).toBe(2)
    }))

  it.effect("leaves failures to whoever runs the effect", () =>
    Effect.gen(function*() {
      expect(yield* Effect.flip(Done.map(Effect.fail("no"), () => 1))).toBe("no")
    }))

  it.effect("makes values of failures and of successes, at once where they are done", () =>
    Effect.gen(function*() {
      expect(Done.isDone(match(Effect.succeed(1)))).toBe(true)
      expect(Done.isDone(match(Effect.fail("one")))).toBe(true)
      expect(yield* match(Effect.succeed(1))).toBe("so 1")
      expect(yield* match(Effect.fail("one"))).toBe("not one")
      expect(yield* match(later(1))).toBe("so 1")
      expect(yield* match(Effect.zipRight(later(1), Effect.fail("one")))).toBe("not one")
    }))

  it.effect("runs on the spot what is but a computation, as far as it goes, and once", () =>
    Effect.gen(function*() {
      let runs = 0
      const counted = Effect.sync(() => ++runs)
      const settled = Done.onTheSpot(Effect.suspend(() => Done.map(counted, (n) => n + 1)))
      expect([Done.isDone(settled), runs]).toEqual([true, 1])
      expect(yield* settled).toBe(2)
      const waiting = Done.onTheSpot(Effect.suspend(() => later(++runs)))
      expect([Done.isDone(waiting), runs]).toEqual([false, 2])
      expect(yield* waiting).toBe(2)
      expect(runs).toBe(2)
      expect(yield* match(Effect.suspend(() => Effect.fail("one")))).toBe("not one")
      const thrown = Done.onTheSpot(Effect.sync(() => {
        throw "bug"
      }))
      expect(yield* Effect.exit(thrown)).toEqual(Exit.die("bug"))
    }))

  it.effect("leaves a defect a defect", () =>
    Effect.gen(function*() {
      for (const defect of [Effect.die("bug"), Effect.zipRight(later(1), Effect.die("bug"))]) {
        const exit = yield* Effect.exit(Done.match(defect, () => "failed", () => "succeeded"))
        expect(exit).toEqual(Exit.failCause(Cause.die("bug")))
      }
    }))
})
