import * as Effect from "effect/Effect"
import type * as Fiber from "effect/Fiber"
import * as FiberId from "effect/FiberId"
import * as Runtime from "effect/Runtime"
import type * as Scope from "effect/Scope"
import * as MonotonicTime from "./MonotonicTime.js"

/** Something that is to happen at a time. The last three fields are the Timers' own. */
export interface Timer {
  readonly expire: (now: number) => void
  /** When, in milliseconds of `now`; Infinity where it is not scheduled. */
  at: number
  order: number
  slot: number
}

/** In milliseconds: who wakes later than that was kept from it. */
const tolerance = 10

/**
 * All the deadlines of a server, in one heap with one sleeping fiber, so that a connection's deadline costs an entry
 * and moving it costs a comparison. Equal times expire in the order they were scheduled.
 */
export class Timers {
  private readonly heap: Array<Timer> = []
  private scheduled = 0
  private sleeper: Fiber.RuntimeFiber<void> | undefined
  private wakesAt = Infinity
  /** No timer is scheduled before: while timers expire, the next millisecond. */
  private earliest = -Infinity
  /** Milliseconds since some moment, which the wall clock does not move. */
  readonly now: () => number
  private readonly poll: Effect.Effect<void>
  private readonly fork: (effect: Effect.Effect<void>) => Fiber.RuntimeFiber<void>

  constructor(
    now: () => number,
    poll: Effect.Effect<void>,
    fork: (effect: Effect.Effect<void>) => Fiber.RuntimeFiber<void>
  ) {
    this.now = now
    this.poll = poll
    this.fork = fork
  }

  schedule(timer: Timer, at: number): void {
    if (timer.at === Infinity) {
      timer.slot = this.heap.length
      this.heap.push(timer)
    }
    timer.at = Math.max(at, this.earliest)
    timer.order = this.scheduled++
    this.sink(this.rise(timer))
    if (this.heap[0]!.at < this.wakesAt) this.sleep()
  }

  cancel(timer: Timer): void {
    if (timer.at === Infinity) return
    timer.at = Infinity
    const last = this.heap.pop()!
    if (last === timer) return
    this.put(last, timer.slot)
    this.sink(this.rise(last))
  }

  /** Nothing expires from now on. Timers may still be scheduled and cancelled: connections end after their server. */
  close(): void {
    this.wakesAt = -Infinity
    this.sleeper?.unsafeInterruptAsFork(FiberId.none)
  }

  private sleep(): void {
    this.sleeper?.unsafeInterruptAsFork(FiberId.none)
    this.wakesAt = this.heap[0]!.at
    this.sleeper = this.fork(
      Effect.andThen(Effect.sleep(Math.max(0, this.wakesAt - this.now())), Effect.sync(() => this.wake()))
    )
  }

  private wake(): void {
    const now = this.now()
    if (now - this.wakesAt <= tolerance) return this.expireAll(now)
    // The process was stopped, or busy, and so has not read what came in time: that comes first. It may be stopped again
    // meanwhile: what falls due after this moment needs another look.
    this.wakesAt = -Infinity
    this.sleeper = this.fork(Effect.andThen(this.poll, Effect.sync(() => this.expireAll(now))))
  }

  /** Each timer expires once at the most: one that schedules itself in the past is not waited for. */
  private expireAll(now: number): void {
    this.sleeper = undefined
    this.earliest = now + 1
    for (let first = this.heap[0]; first !== undefined && first.at <= now; first = this.heap[0]) {
      this.cancel(first)
      first.expire(now)
    }
    this.earliest = -Infinity
    this.wakesAt = Infinity
    if (this.heap.length > 0) this.sleep()
  }

  private rise(timer: Timer): Timer {
    while (timer.slot > 0) {
      const parent = this.heap[(timer.slot - 1) >> 1]!
      if (!isBefore(timer, parent)) break
      this.swap(timer, parent)
    }
    return timer
  }

  private sink(timer: Timer): void {
    for (;;) {
      const left = this.heap[2 * timer.slot + 1]
      const right = this.heap[2 * timer.slot + 2]
      const child = right !== undefined && isBefore(right, left!) ? right : left
      if (child === undefined || !isBefore(child, timer)) return
      this.swap(child, timer)
    }
  }

  /** Puts `upper` where its parent `lower` was, and the other way round. */
  private swap(upper: Timer, lower: Timer): void {
    const slot = upper.slot
    this.put(upper, lower.slot)
    this.put(lower, slot)
  }

  private put(timer: Timer, slot: number): void {
    this.heap[slot] = timer
    timer.slot = slot
  }
}

const isBefore = (a: Timer, b: Timer): boolean => a.at < b.at || (a.at === b.at && a.order < b.order)

/** Timers that expire until the scope is closed. By `poll` the network delivers whatever has arrived. */
export const make = (poll: Effect.Effect<void>): Effect.Effect<Timers, never, Scope.Scope> =>
  Effect.acquireRelease(
    Effect.gen(function*() {
      const clock = yield* Effect.clock
      const runtime = yield* Effect.runtime()
      const fork = Runtime.runFork(runtime)
      // The runtime here is an acquisition's: what it forks cannot be interrupted, unless it says so.
      return new Timers(MonotonicTime.millis(clock), poll, (effect) => fork(Effect.interruptible(effect)))
    }),
    (timers) => Effect.sync(() => timers.close())
  )
