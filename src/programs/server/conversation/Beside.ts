import type * as Cause from "effect/Cause"
import * as Effect from "effect/Effect"
import type * as Fiber from "effect/Fiber"
import * as FiberId from "effect/FiberId"
import * as Stream from "effect/Stream"

/** Who forks for a conversation: its runner. */
type Fork<R> = (effect: Effect.Effect<void, never, R>) => Fiber.RuntimeFiber<void>

/** What runs beside the turns of one conversation: fibers, each of which ends, fails, or is interrupted with all others. */
export class Beside<R> {
  /** Effects under way: what becomes of them may have to be sent. */
  owed = 0
  private readonly fibers = new Set<Fiber.RuntimeFiber<void>>()
  private readonly fork: Fork<R>
  private readonly failed: (cause: Cause.Cause<unknown>) => void

  constructor(fork: Fork<R>, failed: (cause: Cause.Cause<unknown>) => void) {
    this.fork = fork
    this.failed = failed
  }

  /** Runs what a turn asked for, and tells its events; `done` is called when an Effect that is owed has ended. */
  run(
    source: Effect.Effect<unknown, unknown, R> | Stream.Stream<unknown, unknown, R>,
    tell: (event: unknown) => Effect.Effect<unknown>,
    done: () => void
  ): void {
    if (Stream.StreamTypeId in source) {
      this.start(Stream.runForEach(source as Stream.Stream<unknown, unknown, R>, tell))
      return
    }
    this.owed++
    const told = Effect.flatMap(
      source as Effect.Effect<unknown, unknown, R>,
      (event) => event === undefined ? Effect.void : tell(event)
    )
    const ended = Effect.sync(() => {
      this.owed--
      done()
    })
    this.start(Effect.zipRight(told, ended))
  }

  start(effect: Effect.Effect<unknown, unknown, R>): void {
    const fiber = this.fork(Effect.matchCause(effect, {
      onFailure: (cause) => this.failed(cause),
      onSuccess: () => {}
    }))
    this.fibers.add(fiber)
    fiber.addObserver(() => this.fibers.delete(fiber))
  }

  /** Interrupts all, and waits for none. */
  interrupt(): void {
    for (const fiber of this.fibers) fiber.unsafeInterruptAsFork(FiberId.none)
  }

  /** Waits until all have ended. */
  get ended(): Effect.Effect<void> {
    return Effect.forEach(this.fibers, (fiber) => fiber.await, { discard: true })
  }
}
