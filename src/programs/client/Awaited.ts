import * as Effect from "effect/Effect"
import type * as Exit from "effect/Exit"
import type { FramingError } from "../../domain/Framing.js"
import type { ReplyTimeout } from "../../domain/NetworkError.js"
import type { Disconnected } from "./Disconnected.js"

/** Why a message that was waited for does not come. */
export type Failure = Disconnected | FramingError | ReplyTimeout

/** A message of the server that is waited for: not a Deferred, whose making would be most of what a message costs. */
export class Awaited<In> {
  private exit: Exit.Exit<In, Failure> | undefined = undefined
  private waiters: Array<(exit: Exit.Exit<In, Failure>) => void> | undefined = undefined

  readonly wait: Effect.Effect<In, Failure> = Effect.suspend(() =>
    this.exit ?? Effect.async((resume) => {
      ;(this.waiters ??= []).push(resume)
    })
  )

  /** The first outcome stays. */
  complete(exit: Exit.Exit<In, Failure>): void {
    if (this.exit !== undefined) return
    this.exit = exit
    if (this.waiters === undefined) return
    for (const resume of this.waiters) resume(exit)
    this.waiters = undefined
  }
}
