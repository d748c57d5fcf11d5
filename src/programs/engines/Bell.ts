import * as Effect from "effect/Effect"

/** Wakes the one fiber that waits for it. Nothing is remembered: look for work before you wait. */
export class Bell {
  private resume: ((effect: Effect.Effect<void>) => void) | undefined = undefined

  readonly wait: Effect.Effect<void> = Effect.async((resume) => {
    this.resume = resume
  })

  ring(): void {
    const resume = this.resume
    if (resume === undefined) return
    this.resume = undefined
    resume(Effect.void)
  }
}
