/** Numbers what one front asks, and has it ask each session one thing at a time: so no request overtakes another. */
import * as Effect from "effect/Effect"
import { randomUUID } from "node:crypto"

interface Turns {
  readonly semaphore: Effect.Semaphore
  waiting: number
}

export class Asker {
  private readonly from = randomUUID()
  private readonly sessions = new Map<string, Turns>()
  private last = 0

  inTurn<A, E, R>(
    name: string,
    ask: (own: { readonly from: string; readonly seq: number }) => Effect.Effect<A, E, R>
  ): Effect.Effect<A, E, R> {
    return Effect.acquireUseRelease(
      Effect.sync(() => this.enter(name)),
      ({ semaphore }) => semaphore.withPermits(1)(Effect.suspend(() => ask({ from: this.from, seq: ++this.last }))),
      (turns) => Effect.sync(() => void (--turns.waiting === 0 && this.sessions.delete(name)))
    )
  }

  private enter(name: string): Turns {
    const turns = this.sessions.get(name) ?? { semaphore: Effect.unsafeMakeSemaphore(1), waiting: 0 }
    turns.waiting++
    this.sessions.set(name, turns)
    return turns
  }
}
