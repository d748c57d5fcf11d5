import * as Effect from "effect/Effect"
import type * as Exit from "effect/Exit"
import type { FramingError } from "../../domain/Framing.js"
import type { Disconnected, ReplyTimeout } from "../../domain/NetworkError.js"

/** Why a connection is no more. */
export type Loss = Disconnected | FramingError

/** Why a message that was waited for does not come. */
export type Failure = Loss | ReplyTimeout

type Resume<In> = (exit: Exit.Exit<In, Failure>) => void

/** A message of the server that is waited for: not a Deferred, whose making would be most of what a message costs. */
export class Awaited<In> {
  private exit: Exit.Exit<In, Failure> | undefined = undefined
  private waiters: Array<Resume<In>> | undefined = undefined

  readonly wait: Effect.Effect<In, Failure> = Effect.suspend(() =>
    this.exit ?? Effect.async((resume: Resume<In>) => {
      ;(this.waiters ??= []).push(resume)
      return Effect.sync(() => this.leave(resume))
    })
  )

  /** Nobody waits for it any more. */
  protected abandoned(): void {}

  /** The first outcome stays. */
  complete(exit: Exit.Exit<In, Failure>): void {
    if (this.exit !== undefined) return
    this.exit = exit
    if (this.waiters === undefined) return
    for (const resume of this.waiters) resume(exit)
    this.waiters = undefined
  }

  private leave(resume: Resume<In>): void {
    if (this.waiters === undefined) return
    this.waiters = this.waiters.filter((other) => other !== resume)
    if (this.waiters.length === 0) this.abandoned()
  }
}
