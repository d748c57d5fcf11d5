/**
 * Where {@link Sessions} keep their state: a text a session, with a version that only ever grows by one.
 *
 * @since 0.2.0
 * @module
 */
import * as Context from "effect/Context"
import * as Data from "effect/Data"
import * as Effect from "effect/Effect"
import * as Layer from "effect/Layer"
import * as Option from "effect/Option"

/**
 * The store did not answer, or not with what it should: whether the last `save` was done is not known.
 *
 * @since 0.2.0
 * @category errors
 */
export class SessionStoreError extends Data.TaggedError("SessionStoreError")<{ readonly cause: unknown }> {
  override get message(): string {
    return `The sessions' store did not answer: ${
      String(this.cause)
    }. Look at the database that the cluster's URL names.`
  }
}

/**
 * What was saved of a session. `version` is 1 for what was saved first.
 *
 * @since 0.2.0
 * @category models
 */
export interface Saved {
  readonly version: number
  readonly text: string
}

/**
 * Keeps the sessions of all runners. Bring your own, or take the one of `Cluster.layer`.
 *
 * @since 0.2.0
 * @category tags
 */
export class SessionStore extends Context.Tag("effect-switchboard/SessionStore")<SessionStore, {
  /** What was saved last; none of a session that is new. */
  readonly load: (kind: string, name: string) => Effect.Effect<Option.Option<Saved>, SessionStoreError>
  /**
   * Saves what follows the version before, all of it or nothing: `false` where another was saved since, by a runner that has
   * taken the session over.
   */
  readonly save: (kind: string, name: string, next: Saved) => Effect.Effect<boolean, SessionStoreError>
}>() {}

const keyOf = (kind: string, name: string): string => JSON.stringify([kind, name])

/**
 * Keeps them in this process, for as long as the layer lives, without a limit.
 *
 * @since 0.2.0
 * @category layers
 */
export const layerMemory: Layer.Layer<SessionStore> = Layer.sync(SessionStore, () => {
  const sessions = new Map<string, Saved>()
  return SessionStore.of({
    load: (kind, name) => Effect.sync(() => Option.fromNullable(sessions.get(keyOf(kind, name)))),
    save: (kind, name, next) =>
      Effect.sync(() => {
        const key = keyOf(kind, name)
        if ((sessions.get(key)?.version ?? 0) !== next.version - 1) return false
        sessions.set(key, next)
        return true
      })
  })
})
