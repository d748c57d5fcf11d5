import * as Deferred from "effect/Deferred"
import * as Effect from "effect/Effect"
import * as FiberId from "effect/FiberId"
import * as Queue from "effect/Queue"

/** What several may wish for, and is done for all of them at once. */
export interface Wishes<E> {
  /** Waits until it was done, having begun after this. */
  readonly wish: Effect.Effect<void, E>
  /** Wishes, and does not wait. */
  readonly unsafeWish: () => void
  /** Does it, as often as is wished, one time after the other. */
  readonly grant: (what: Effect.Effect<void, E>) => Effect.Effect<never>
}

export const make = <E>(): Effect.Effect<Wishes<E>> =>
  Effect.map(Queue.sliding<void>(1), (asked) => {
    let next: Deferred.Deferred<void, E> | undefined = undefined
    const enter = (): Deferred.Deferred<void, E> => {
      asked.unsafeOffer(undefined)
      return next ??= Deferred.unsafeMake<void, E>(FiberId.none)
    }
    return {
      wish: Effect.suspend(() => Deferred.await(enter())),
      unsafeWish: enter,
      grant: (what) =>
        Effect.forever(Effect.flatMap(Queue.take(asked), () => {
          const done = next!
          next = undefined
          return Effect.flatMap(Effect.exit(what), (exit) => Deferred.done(done, exit))
        }))
    }
  })
