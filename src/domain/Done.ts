/** Effects that are done already: they are mapped at once, and stay done, so that a model need not wake a fiber for them. */
import * as Cause from "effect/Cause"
import * as Effect from "effect/Effect"
import * as Exit from "effect/Exit"

const Success = Exit.void.constructor

/** `Exit.isExit`, with the common case first: it is asked of every turn. */
export const isDone = <A, E, R>(effect: Effect.Effect<A, E, R>): effect is Exit.Exit<A, E> =>
  effect.constructor === Success || Exit.isExit(effect)

export const map = <A, E, R, B>(effect: Effect.Effect<A, E, R>, f: (a: A) => B): Effect.Effect<B, E, R> =>
  isDone(effect) && Exit.isSuccess(effect) ? Effect.succeed(f(effect.value)) : Effect.map(effect, f)

/** Like `Effect.match`: failures become values, and defects stay what they are. */
export const match = <A, E, R, B>(
  effect: Effect.Effect<A, E, R>,
  onFailure: (error: E) => B,
  onSuccess: (a: A) => B
): Effect.Effect<B, never, R> => {
  if (!isDone(effect)) return Effect.match(effect, { onFailure, onSuccess })
  if (Exit.isSuccess(effect)) return Effect.succeed(onSuccess(effect.value))
  const error = Cause.failureOrCause(effect.cause)
  return error._tag === "Left" ? Effect.succeed(onFailure(error.left)) : Effect.failCause(error.right)
}
