import * as Effect from "effect/Effect"

/** Wakes all who wait for it, to look again. */
export class Signal {
  private waiting = new Set<() => void>()

  /** Waits for the next ring, unless there is something to do already: what was rung for may have come before this. */
  wait(hasWork: () => boolean): Effect.Effect<void> {
    return Effect.async((resume) => {
      if (hasWork()) return resume(Effect.void)
      const wake = (): void => resume(Effect.void)
      this.waiting.add(wake)
      return Effect.sync(() => this.waiting.delete(wake))
    })
  }

  ring(): void {
    const waiting = this.waiting
    if (waiting.size === 0) return
    this.waiting = new Set()
    for (const wake of waiting) wake()
  }
}
