/**
 * A program run on a clock that moves by itself: an hour of waiting takes no time, and the same seed gives the same run.
 *
 * @since 0.1.0
 * @module
 */
import * as Clock from "effect/Clock"
import * as Data from "effect/Data"
import * as Duration from "effect/Duration"
import * as Effect from "effect/Effect"
import * as FiberId from "effect/FiberId"
import * as Random from "effect/Random"
import * as Runtime from "effect/Runtime"
import { ControlledScheduler } from "effect/Scheduler"
import { Agenda } from "../../domain/Agenda.js"
import { still, Stopwatch } from "../../services/Stopwatch.js"

/**
 * The program would go on for ever.
 *
 * @since 0.1.0
 * @category errors
 */
export class Stuck extends Data.TaggedError("Stuck")<{
  readonly reason: "nothing to come" | "out of time" | "too busy"
  /** Since the simulation began. */
  readonly after: Duration.Duration
}> {
  override get message(): string {
    const after = Duration.format(this.after)
    switch (this.reason) {
      case "nothing to come":
        return `After ${after} nothing more will happen, and the program waits: for what never comes, or for the real world.`
      case "out of time":
        return `After ${after} the program still runs: allow it more time, if that is no mistake.`
      default:
        return `After ${after} the program is so busy that its clock does not move: it loops without a sleep.`
    }
  }
}

/**
 * A simulation's chance, and its patience; what is left out has its default.
 *
 * @since 0.1.0
 * @category models
 */
export interface Options {
  /** Decides everything that Effect's Random is asked for. Default: 0. */
  readonly seed?: number | undefined
  /** A program that takes longer, by its own clock, is stuck. Default: 1 day. */
  readonly limit?: Duration.DurationInput | undefined
}

/** Work takes no time: what a client's share is does not depend on the machine. */
const withoutWork = Effect.provideService(Stopwatch, still)

/** Rounds of fibers at one instant after which a program counts as stuck. */
const mostRounds = 1_000_000

/** Time that moves when nobody has anything to do before it does. It begins at 0. */
class SimulatedClock implements Clock.Clock {
  readonly [Clock.ClockTypeId]: Clock.ClockTypeId = Clock.ClockTypeId
  private readonly sleepers = new Agenda<Sleeper>()
  private now = 0

  unsafeCurrentTimeMillis(): number {
    return this.now
  }

  unsafeCurrentTimeNanos(): bigint {
    return BigInt(Math.round(this.now * 1e6))
  }

  readonly currentTimeMillis = Effect.sync(() => this.unsafeCurrentTimeMillis())
  readonly currentTimeNanos = Effect.sync(() => this.unsafeCurrentTimeNanos())

  sleep(duration: Duration.Duration): Effect.Effect<void> {
    return Effect.async((resume) => {
      const sleeper: Sleeper = { resume: () => resume(Effect.void) }
      this.sleepers.add(this.now + Duration.toMillis(duration), sleeper)
      return Effect.sync(() => (sleeper.resume = undefined))
    })
  }

  /** Goes to the next time at which somebody wakes, up to `limit`, and wakes all whose time it is. Gives whether there was any. */
  advance(limit: number): boolean {
    for (let isAwake = false;;) {
      const at = this.sleepers.next
      if (isAwake ? at > this.now : at > limit || at === Infinity) return isAwake
      const { resume } = this.sleepers.take(Math.max(at, this.now))!
      if (resume === undefined) continue
      this.now = Math.max(at, this.now)
      isAwake = true
      resume()
    }
  }

  /** Goes on while nobody can look: those whose time it was meanwhile wake all together, late. */
  leap(millis: number): void {
    this.now += millis
  }

  get isEmpty(): boolean {
    return this.sleepers.next === Infinity
  }
}

/**
 * Stops the whole program for a time, network and all, as SIGSTOP and SIGCONT or a machine that was asleep do: whatever
 * was due meanwhile is due at once when it goes on. For programs in a `Simulation`; elsewhere it dies.
 *
 * @example
 * ```ts
 * import { Simulation } from "effect-switchboard/testing"
 * import { Clock, Effect } from "effect"
 *
 * const late = Effect.gen(function*() {
 *   yield* Effect.fork(Simulation.freeze("1 hour"))
 *   yield* Effect.sleep("1 second")
 *   return yield* Clock.currentTimeMillis
 * })
 * assert.strictEqual(Effect.runSync(Simulation.run(late)), 3_600_000)
 * ```
 *
 * @since 0.2.0
 * @category time
 */
export const freeze = (duration: Duration.DurationInput): Effect.Effect<void> =>
  Effect.clockWith((clock) =>
    clock instanceof SimulatedClock
      ? Effect.sync(() => clock.leap(Duration.toMillis(duration)))
      : Effect.dieMessage("Only a Simulation can be frozen.")
  )

interface Sleeper {
  /** Undefined once it was interrupted. */
  resume: (() => void) | undefined
}

/**
 * Runs a program to its end, at once: whenever all its fibers wait, its clock goes to the next time at which one wakes;
 * those of the same time wake in the order in which they went to sleep. Its Clock, its Random and the order of its fibers
 * depend on nothing but the seed.
 *
 * The program must not wait for the real world (sockets, files, promises). It fails with `Stuck` when nothing is left to
 * happen, or when the limit is reached; it is interrupted first, so its finalizers run.
 *
 * @example
 * ```ts
 * import { Simulation } from "effect-switchboard/testing"
 * import { Clock, Effect } from "effect"
 *
 * const nap = Effect.zipRight(Effect.sleep("8 hours"), Clock.currentTimeMillis)
 * assert.strictEqual(Effect.runSync(Simulation.run(nap)), 28_800_000)
 * ```
 *
 * @since 0.1.0
 * @category running
 */
export const run = <A, E, R>(program: Effect.Effect<A, E, R>, options: Options = {}): Effect.Effect<A, E | Stuck, R> =>
  Effect.flatMap(Effect.runtime<R>(), (runtime) =>
    Effect.suspend((): Effect.Effect<A, E | Stuck> => {
      const scheduler = new ControlledScheduler()
      const clock = new SimulatedClock()
      const fiber = Runtime.runFork(runtime)(
        program.pipe(Effect.withClock(clock), Effect.withRandom(Random.make(options.seed ?? 0)), withoutWork),
        { scheduler }
      )
      /** Runs until the clock would go past `limit`, or the program is over and what it left behind has come to rest. */
      const drive = (limit: number): Stuck["reason"] | undefined => {
        for (let rounds = 0, since = -1; rounds < mostRounds; rounds++) {
          const now = clock.unsafeCurrentTimeMillis()
          if (now > since) {
            since = now
            rounds = 0
          }
          if (scheduler.tasks.buckets.length > 0) scheduler.step()
          else if (fiber.unsafePoll() !== null) return undefined
          else if (!clock.advance(limit)) return clock.isEmpty ? "nothing to come" : "out of time"
        }
        return "too busy"
      }
      const limit = Duration.toMillis(options.limit ?? "1 day")
      const reason = drive(limit)
      if (reason === undefined) return fiber.unsafePoll()!
      const after = Duration.millis(clock.unsafeCurrentTimeMillis())
      fiber.unsafeInterruptAsFork(FiberId.none)
      drive(2 * limit)
      return Effect.fail(new Stuck({ reason, after }))
    }))
