import * as Effect from "effect/Effect"
import * as PubSub from "effect/PubSub"
import type * as Scope from "effect/Scope"
import * as Stream from "effect/Stream"
import type { ClientEvent } from "../../domain/ClientEvent.js"

/** Events for whoever listens. */
export interface Announcements {
  readonly tell: (event: ClientEvent) => Effect.Effect<void>
  readonly events: Stream.Stream<ClientEvent>
}

/** They end with the scope. */
export const make: Effect.Effect<Announcements, never, Scope.Scope> = Effect.map(
  Effect.acquireRelease(PubSub.sliding<ClientEvent>({ capacity: 64, replay: 1 }), PubSub.shutdown),
  (events) => ({ tell: (event) => PubSub.publish(events, event), events: Stream.fromPubSub(events) })
)
