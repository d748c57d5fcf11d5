import * as Effect from "effect/Effect"

/**
 * Wakes the one fiber that waits for it, to do something. A ring that nobody hears is lost, so a fiber that may be held
 * up between its last look and its wait says how to look once more.
 */
export class Bell<R = never> {
  private resume: ((effect: Effect.Effect<void, never, R>) => void) | undefined = undefined
  readonly wait: Effect.Effect<void, never, R>

  constructor(hasWork: () => boolean = () => false) {
    this.wait = Effect.async((resume) => {
      if (hasWork()) resume(Effect.void)
      else this.resume = resume
    })
  }

  get isAwaited(): boolean {
    return this.resume !== undefined
  }

  ring(effect: Effect.Effect<void, never, R> = Effect.void): void {
    const resume = this.resume
    this.resume = undefined
    resume?.(effect)
  }
}
