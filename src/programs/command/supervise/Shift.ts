import * as Duration from "effect/Duration"
import * as Effect from "effect/Effect"
import * as Fiber from "effect/Fiber"
import type { Entry } from "../console/Entry.js"
import type { Order } from "../serve/worker/messages.js"
import { Backoff } from "./Backoff.js"
import * as entries from "./entries.js"
import { WorkerFailed } from "./errors.js"
import type { Hand, Ready } from "./Worker.js"

export interface Options<W extends Hand> {
  /** How many workers there are to be. */
  readonly of: number
  /** How many places they listen at. */
  readonly places: number
  /** Starts the worker of that part, from 1 up. */
  readonly start: (part: number) => W
  readonly say: (entry: Entry) => void
  /** How long a worker that is told to end may take. */
  readonly patience: Duration.Duration
  /** Called once if the shift ends though nobody has told it to: it is done, or no worker can be started any more. */
  readonly over: (how: Effect.Effect<void, WorkerFailed>) => void
}

/** In which time a worker must serve. */
const slowest = Duration.minutes(1)

/** Where none is left, how often one is tried to be started. */
const mostTries = 5

/** Workers that go by the same settings. Each that dies is replaced, until they are told to end. */
export interface Shift<W extends Hand> {
  /** What its first worker has said. */
  readonly ready: Ready
  readonly workers: () => ReadonlyArray<W>
  /** Tells them to end, and waits until they have. Gives how many clients were cut. */
  readonly end: (order: Order) => Effect.Effect<number>
  /** Tells those that are told to end already something else. */
  readonly tell: (order: Order) => void
}

/** Waits until all of them serve; one first, which shows whether they can. Where one cannot, none stays. */
export const make = <W extends Hand>(
  { of, over, patience, places, say, start }: Options<W>
): Effect.Effect<Shift<W>, WorkerFailed> => {
  const workers: Array<W> = []

  const hire = (part: number): Effect.Effect<Ready, WorkerFailed> =>
    Effect.suspend(() => {
      const worker = start(part)
      return worker.whenReady.pipe(
        Effect.timeoutFail({
          duration: slowest,
          onTimeout: () =>
            new WorkerFailed({ code: 1, message: "A worker did not serve within a minute of its start." })
        }),
        Effect.tap(() => Effect.sync(() => workers[part - 1] = worker)),
        Effect.onError(() => Effect.sync(() => worker.kill()))
      )
    })

  const endOne = (worker: W): Effect.Effect<number> =>
    Effect.gen(function*() {
      const told = yield* Effect.timeoutOption(Effect.interruptible(worker.whenEnded), patience)
      if (told._tag === "None") {
        say(entries.killed(worker))
        worker.kill()
      }
      const ended = yield* worker.whenEnded
      if (worker.report === undefined && told._tag === "Some") say(entries.diedStopping(worker, ended))
      return worker.report?.cut ?? 0
    })

  const tell = (order: Order): void => {
    for (const worker of workers) worker?.order(order)
  }

  const end = (order: Order): Effect.Effect<number> =>
    Effect.suspend(() => {
      const living = workers.filter((worker) => worker?.ended === undefined)
      tell(order)
      return Effect.map(
        Effect.forEach(living, endOne, { concurrency: "unbounded" }),
        (cut) => cut.reduce((sum, count) => sum + count, 0)
      )
    })

  const replace = (part: number, backoff: Backoff, tries = 1): Effect.Effect<void> =>
    Effect.matchEffect(hire(part), {
      onSuccess: () => Effect.sync(() => say(entries.replaced(workers[part - 1]!))),
      onFailure: (failed) => {
        if (tries >= mostTries && workers.every(({ ended }) => ended !== undefined)) {
          over(failed)
          return Effect.never
        }
        const wait = backoff.next(0)
        say(entries.notReplaced(failed.message, wait))
        return Effect.zipRight(Effect.sleep(wait), replace(part, backoff, tries + 1))
      }
    })

  const tend = (part: number, backoff: Backoff): Effect.Effect<never> =>
    Effect.gen(function*() {
      const worker = workers[part - 1]!
      const ended = yield* worker.whenEnded
      // A model that serves no longer than it needs to.
      if (worker.report !== undefined && ended.code === 0) {
        over(Effect.void)
        return yield* Effect.never
      }
      const wait = backoff.next(performance.now() - worker.since)
      say(entries.died(worker, ended, wait))
      yield* Effect.sleep(wait)
      yield* replace(part, backoff)
      return yield* tend(part, backoff)
    })

  return Effect.gen(function*() {
    const ready = yield* hire(1)
    const others = Array.from({ length: of - 1 }, (_, i) => i + 2)
    yield* Effect.forEach(others, hire, { concurrency: "unbounded", discard: true })
    const tending = yield* Effect.forEach(
      [1, ...others],
      (part) => Effect.forkDaemon(Effect.interruptible(tend(part, new Backoff())))
    )
    return {
      ready,
      workers: () => workers.filter(({ ended }) => ended === undefined),
      end: (order: Order) => Effect.zipRight(Fiber.interruptAll(tending), end(order)),
      tell
    }
  }).pipe(
    // Some may have taken clients in already, and the sockets are others', too.
    Effect.onError(() => end({ _tag: "Retire", staying: Array.from({ length: places }, (_, place) => place) }))
  )
}
