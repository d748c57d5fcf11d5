import * as Effect from "effect/Effect"
import type * as Fiber from "effect/Fiber"
import * as FiberId from "effect/FiberId"
import * as FiberRef from "effect/FiberRef"
import * as Runtime from "effect/Runtime"
import type { Scheduler } from "effect/Scheduler"
import type * as Scope from "effect/Scope"
import { Agenda } from "../../domain/Agenda.js"
import * as MonotonicTime from "../MonotonicTime.js"

/**
 * Everything that happens on a virtual network, one thing at a time, in the order of time and then of cause.
 *
 * What is due now runs in a task of its own, so never inside a call to the network, and without the clock having to
 * move; what is due later waits in one sleeping fiber.
 */
export class EventLoop {
  private readonly agenda = new Agenda<() => void>()
  private readonly runtime: Runtime.Runtime<never>
  private readonly scheduler: Scheduler
  private isTaskDue = false
  private wakesAt = Infinity
  private sleeper: Fiber.RuntimeFiber<void> | undefined = undefined
  private sleepers = 0
  readonly now: () => number

  constructor(runtime: Runtime.Runtime<never>, scheduler: Scheduler, now: () => number) {
    this.runtime = runtime
    this.scheduler = scheduler
    this.now = now
  }

  /** At a time of the Clock, in milliseconds. */
  at(time: number, action: () => void): void {
    this.agenda.add(time, action)
    this.arm()
  }

  /** Now, after everything that is due already. */
  soon(action: () => void): void {
    this.at(this.now(), action)
  }

  close(): void {
    this.sleeper?.unsafeInterruptAsFork(FiberId.none)
  }

  private arm(): void {
    if (this.isTaskDue) return
    const now = this.now()
    if (this.agenda.next <= now) {
      this.isTaskDue = true
      this.scheduler.scheduleTask(() => this.turn(), 0)
    } else if (this.agenda.next < this.wakesAt) {
      this.sleeper?.unsafeInterruptAsFork(FiberId.none)
      this.sleeper = Runtime.runFork(this.runtime)(this.sleep(++this.sleepers))
    }
  }

  /** Sleeps from one event to the next; ends where there is none, where the next is due, and where another has taken over. */
  private sleep(sleeper: number): Effect.Effect<void> {
    const sleep: Effect.Effect<void> = Effect.suspend(() => {
      if (sleeper !== this.sleepers) return Effect.void
      if (this.isTaskDue || this.agenda.next === Infinity) {
        this.wakesAt = Infinity
        this.sleeper = undefined
        return Effect.void
      }
      this.wakesAt = this.agenda.next
      return Effect.zipRight(Effect.sleep(this.wakesAt - this.now()), wake)
    })
    const wake = Effect.suspend(() => {
      if (!this.isTaskDue) this.turn()
      return sleep
    })
    return sleep
  }

  /** What it causes is left for the next turn, so that fibers run in between. */
  private turn(): void {
    const now = this.now()
    const order = this.agenda.order
    this.isTaskDue = true
    for (let action = this.agenda.take(now, order); action !== undefined; action = this.agenda.take(now, order)) {
      action()
    }
    this.isTaskDue = false
    this.arm()
  }
}

export const make: Effect.Effect<EventLoop, never, Scope.Scope> = Effect.acquireRelease(
  Effect.gen(function*() {
    const clock = yield* Effect.clock
    const scheduler = yield* FiberRef.get(FiberRef.currentScheduler)
    return new EventLoop(yield* Effect.runtime(), scheduler, MonotonicTime.millis(clock))
  }),
  (loop) => Effect.sync(() => loop.close())
)
