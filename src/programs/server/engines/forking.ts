import * as Effect from "effect/Effect"
import type * as Fiber from "effect/Fiber"
import * as FiberId from "effect/FiberId"
import * as Runtime from "effect/Runtime"
import type { Scheduler } from "effect/Scheduler"
import * as Scope from "effect/Scope"

/** Forks a fiber of a conversation, with its scope. */
export type Fork<R> = (
  effect: Effect.Effect<void, never, R>,
  scope: Scope.Scope,
  scheduler: Scheduler
) => Fiber.RuntimeFiber<void>

/** Forks the fibers of an engine: those that are left when its scope closes are interrupted. */
export const forking = <R>(): Effect.Effect<Fork<R>, never, R | Scope.Scope> =>
  Effect.gen(function*() {
    const fork = Runtime.runFork(yield* Effect.runtime<R>())
    const running = new Set<Fiber.RuntimeFiber<void>>()
    yield* Effect.addFinalizer(() =>
      Effect.sync(() => {
        for (const fiber of running) fiber.unsafeInterruptAsFork(FiberId.none)
      })
    )
    return (effect, scope, scheduler) => {
      // The runtime here is a finalizer's: what it forks cannot be interrupted, unless it says so.
      const fiber = fork(Effect.interruptible(Effect.provideService(effect, Scope.Scope, scope)), { scheduler })
      running.add(fiber)
      fiber.addObserver(() => running.delete(fiber))
      return fiber
    }
  })
