import { describe, expect, it } from "@effect/vitest"
import * as Deferred from "effect/Deferred"
import * as Duration from "effect/Duration"
import * as Effect from "effect/Effect"
import * as Exit from "effect/Exit"
import * as Fiber from "effect/Fiber"
import * as TestClock from "effect/TestClock"
import type { Order } from "../../../../src/programs/command/serve/worker/messages.js"
import { WorkerFailed } from "../../../../src/programs/command/supervise/errors.js"
import * as Shift from "../../../../src/programs/command/supervise/Shift.js"
import type { Ended, Hand, Ready } from "../../../../src/programs/command/supervise/Worker.js"

const failed = new WorkerFailed({ code: 2, message: "Not today." })
const killed: Ended = { code: null, signal: "SIGKILL" }

/** A worker without a process: it serves at once, or fails at once. */
class Puppet implements Hand {
  readonly number: number
  readonly pid = undefined
  readonly since = performance.now()
  ended: Ended | undefined = undefined
  report: Hand["report"] = undefined
  readonly orders: Array<Order> = []
  private readonly over = Effect.runSync(Deferred.make<Ended>())
  readonly whenEnded = Deferred.await(this.over)
  readonly whenReady: Effect.Effect<Ready, WorkerFailed>

  constructor(number: number, isGood: boolean) {
    this.number = number
    this.whenReady = isGood
      ? Effect.succeed({ _tag: "Ready", model: "threaded", protocol: "calc", listening: [] })
      : Effect.fail(failed)
    if (!isGood) this.end(killed)
  }

  /** One that is told to ends in good order. */
  order(order: Order): void {
    this.orders.push(order)
    this.report = { _tag: "Stopped", accepted: 1, cut: this.number, metrics: [] }
    this.end({ code: 0, signal: null })
  }

  kill(): void {
    this.end(killed)
  }

  private end(how: Ended): void {
    this.ended ??= how
    Deferred.unsafeDone(this.over, Effect.succeed(this.ended))
  }
}

/** A shift of two; of its workers those serve that are good, by the order of their starts. */
const begin = (isGood: (number: number) => boolean) =>
  Effect.gen(function*() {
    const puppets: Array<Puppet> = []
    const said: Array<unknown> = []
    const over = yield* Deferred.make<void, WorkerFailed>()
    const shift = yield* Effect.exit(Shift.make({
      of: 2,
      places: 1,
      patience: Duration.seconds(10),
      say: ({ fields }) => said.push(fields["event"]),
      over: (how) => Deferred.unsafeDone(over, how),
      start: () => {
        const puppet = new Puppet(puppets.length + 1, isGood(puppets.length + 1))
        puppets.push(puppet)
        return puppet
      }
    }))
    return { over, puppets, said, shift }
  })

describe("The workers of the same settings", () => {
  it.effect("are started after one that shows that they can; where another cannot, none stays", () =>
    Effect.gen(function*() {
      const first = yield* begin((number) => number > 1)
      expect(first.shift).toEqual(Exit.fail(failed))
      expect(first.puppets.length).toBe(1)
      const second = yield* begin((number) => number === 1)
      expect(second.shift).toEqual(Exit.fail(failed))
      expect(second.puppets[0]!.orders).toEqual([{ _tag: "Retire", staying: [0] }])
    }))

  it.effect("are replaced, each by one; told to end they are not, and it is known how many clients were cut", () =>
    Effect.gen(function*() {
      const { puppets, said, shift } = yield* begin(() => true)
      const { end, workers } = yield* shift
      puppets[0]!.kill()
      yield* TestClock.adjust(0)
      expect(workers().map(({ number }) => number)).toEqual([3, 2])
      expect(said).toEqual(["worker-died", "worker-ready"])
      expect(yield* end({ _tag: "Stop" })).toBe(3 + 2)
      yield* TestClock.adjust("1 minute")
      expect(puppets.length).toBe(3)
      expect(said.length).toBe(2)
    }))

  it.effect("are given up where none is left and none can be started five times", () =>
    Effect.gen(function*() {
      const { over, puppets, said, shift } = yield* begin((number) => number <= 2)
      yield* shift
      puppets[1]!.kill()
      yield* TestClock.adjust("1 minute")
      expect(yield* Deferred.isDone(over)).toBe(false)
      const before = puppets.length
      expect(before).toBeGreaterThan(6)
      puppets[0]!.kill()
      const end = yield* Effect.fork(Effect.exit(Deferred.await(over)))
      yield* TestClock.adjust("1 minute")
      expect(yield* Fiber.join(end)).toEqual(Exit.fail(failed))
      expect(said.filter((event) => event === "worker-died").length).toBe(2)
    }))
})
