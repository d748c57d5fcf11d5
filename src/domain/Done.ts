/**
 * Effects that need no fiber: those that are done already are mapped at once, and stay done; those that are but a
 * computation (`Effect.sync`, `Effect.suspend`) can be run on the spot. A model wakes a fiber only for the others.
 */
import * as Cause from "effect/Cause"
import * as Effect from "effect/Effect"
import * as Exit from "effect/Exit"

const Success = Exit.void.constructor
const Unrun = Effect.suspend(() => Effect.void).constructor

/** `Exit.isExit`, with the common cases first: it is asked of every turn. What is no Effect at all is not done. */
export const isDone = <A, E, R>(effect: Effect.Effect<A, E, R> | undefined): effect is Exit.Exit<A, E> =>
  effect?.constructor === Success || (effect?.constructor !== Unrun && Exit.isExit(effect))

/** `Effect.isEffect`, in the same way. */
export const isEffect = (effect: Effect.Effect<unknown, unknown, unknown>): boolean =>
  effect?.constructor === Success || effect?.constructor === Unrun || Effect.isEffect(effect)

/** How Effect v3 writes down what it has not run yet, as far as it is looked at here. */
type Primitive =
  | { readonly _op: "Sync"; readonly effect_instruction_i0: () => unknown }
  | { readonly _op: "Commit"; readonly commit: () => Effect.Effect<unknown, unknown, unknown> }
  | { readonly _op: "Other" }

const isComputation = (effect: unknown): boolean => {
  const { _op } = effect as Primitive
  return _op === "Sync" || _op === "Commit"
}

/**
 * The effect, as far as it goes without a fiber: done, if it is done, or is but a computation. What a computation throws
 * is a defect, as it is in a fiber.
 */
export const onTheSpot = <A, E, R>(effect: Effect.Effect<A, E, R>): Effect.Effect<A, E, R> => {
  let rest = effect
  try {
    while (!isDone(rest)) {
      const primitive = rest as unknown as Primitive
      if (primitive._op === "Sync") return Effect.succeed(primitive.effect_instruction_i0() as A)
      if (primitive._op !== "Commit") return rest
      rest = primitive.commit() as Effect.Effect<A, E, R>
    }
    return rest
  } catch (defect) {
    return Exit.die(defect)
  }
}

export const map = <A, E, R, B>(effect: Effect.Effect<A, E, R>, f: (a: A) => B): Effect.Effect<B, E, R> => {
  if (isDone(effect)) return Exit.isSuccess(effect) ? Effect.succeed(f(effect.value)) : Effect.failCause(effect.cause)
  const primitive = effect as unknown as Primitive
  if (primitive._op === "Sync") return Effect.sync(() => f(primitive.effect_instruction_i0() as A))
  if (primitive._op !== "Commit") return Effect.map(effect, f)
  return Effect.suspend(() => {
    const rest = onTheSpot(effect)
    return isDone(rest) ? Exit.map(rest, f) : Effect.map(rest, f)
  })
}

export const flatMap = <A, E, R, B, E2, R2>(
  effect: Effect.Effect<A, E, R>,
  f: (a: A) => Effect.Effect<B, E2, R2>
): Effect.Effect<B, E | E2, R | R2> =>
  isDone(effect) && Exit.isSuccess(effect) ? f(effect.value) : Effect.flatMap(effect, f)

/** Does something to the effect if it takes waiting: what is done on the spot needs nothing around it. */
export const late = <A, E, R, E2, R2>(
  effect: Effect.Effect<A, E, R>,
  f: (effect: Effect.Effect<A, E, R>) => Effect.Effect<A, E2, R2>
): Effect.Effect<A, E | E2, R | R2> => {
  if (isDone(effect)) return effect
  if (!isComputation(effect)) return f(effect)
  return Effect.suspend((): Effect.Effect<A, E | E2, R | R2> => {
    const rest = onTheSpot(effect)
    return isDone(rest) ? rest : f(rest)
  })
}

/** Like `Effect.match`: failures become values, and defects stay what they are. */
export const match = <A, E, R, B>(
  effect: Effect.Effect<A, E, R>,
  onFailure: (error: E) => B,
  onSuccess: (a: A) => B
): Effect.Effect<B, never, R> => {
  if (isComputation(effect)) return Effect.suspend(() => match(onTheSpot(effect), onFailure, onSuccess))
  if (!isDone(effect)) return Effect.match(effect, { onFailure, onSuccess })
  if (Exit.isSuccess(effect)) return Effect.succeed(onSuccess(effect.value))
  const error = Cause.failureOrCause(effect.cause)
  return error._tag === "Left" ? Effect.succeed(onFailure(error.left)) : Effect.failCause(error.right)
}
