import * as Effect from "effect/Effect"
import * as Exit from "effect/Exit"
import * as Scope from "effect/Scope"
import type { ListenError } from "../../../domain/NetworkError.js"
import type { Held } from "../../../services/node/hold.js"
import { hold } from "../../../services/node/hold.js"
import type { Place } from "../serve/places.js"

/** A place whose socket is open. */
export interface Claim {
  /** The same for the same place, also where other settings name it. */
  readonly key: string
  readonly place: Place
}

interface Open {
  readonly held: Held
  readonly scope: Scope.CloseableScope
}

/** Places that are asked for several times, such as port 0, are as many places. */
const keyed = (places: ReadonlyArray<Place>): ReadonlyArray<Claim> => {
  const times = new Map<string, number>()
  return places.map((place) => {
    const { fd, host, path, port } = place
    const name = JSON.stringify([fd, host, path, port])
    const time = times.get(name) ?? 0
    times.set(name, time + 1)
    return { key: `${name} ${time}`, place }
  })
}

/** The sockets that the workers listen with. They stay open while workers come and go: nobody who connects then is refused. */
export class Sockets {
  private readonly open = new Map<string, Open>()

  /** Opens those that are not, or none of them. Each place has its descriptor then. */
  claim(places: ReadonlyArray<Place>): Effect.Effect<ReadonlyArray<Claim>, ListenError> {
    const before = new Set(this.open.keys())
    const claims = keyed(places)
    const openAll = Effect.forEach(
      claims,
      ({ key, place }) =>
        Effect.map(this.at(key, place), ({ address, fd }): Claim => ({
          key,
          place: { ...place, fd, ...(address.path === undefined ? { port: address.port } : {}) }
        }))
    )
    return Effect.onError(openAll, () => this.keep(before))
  }

  /** Closes all but those of these keys. */
  keep(keys: ReadonlySet<string>): Effect.Effect<void> {
    return Effect.suspend(() => {
      const others = Array.from(this.open).filter(([key]) => !keys.has(key))
      return Effect.forEach(others, ([key, { scope }]) => {
        this.open.delete(key)
        return Scope.close(scope, Exit.void)
      }, { discard: true })
    })
  }

  private at(key: string, place: Place): Effect.Effect<Held, ListenError> {
    const known = this.open.get(key)
    if (known !== undefined) return Effect.succeed(known.held)
    return Effect.uninterruptible(Effect.gen(this, function*() {
      const scope = yield* Scope.make()
      const held = yield* Scope.extend(hold(place), scope)
      this.open.set(key, { held, scope })
      return held
    }))
  }
}
