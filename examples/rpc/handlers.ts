import { Effect, Stream, SubscriptionRef } from "effect"
import { UnknownPlace, Weather } from "./service.js"

/** The temperatures of all places, in memory. */
export const handlers = Weather.toLayer(Effect.sync(() => {
  const places = new Map<string, SubscriptionRef.SubscriptionRef<number>>()
  const known = (place: string) =>
    Effect.suspend(() => Effect.mapError(Effect.fromNullable(places.get(place)), () => new UnknownPlace({ place })))
  return {
    Report: ({ celsius, place }) =>
      Effect.matchEffect(known(place), {
        onFailure: () =>
          Effect.map(SubscriptionRef.make(celsius), (temperature) => void places.set(place, temperature)),
        onSuccess: (temperature) => SubscriptionRef.set(temperature, celsius)
      }),
    Latest: ({ place }) => Effect.flatMap(known(place), SubscriptionRef.get),
    Watch: ({ place }) => Stream.unwrap(Effect.map(known(place), ({ changes }) => changes))
  }
}))
