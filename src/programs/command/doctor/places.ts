/** Where the server is to listen: the doctor tries it. */
import * as Effect from "effect/Effect"
import * as Either from "effect/Either"
import type { Address } from "../../../domain/Address.js"
import { format } from "../../../domain/Address.js"
import { Gate } from "../../../services/Gate.js"
import * as NodeSocketServer from "../../../services/NodeSocketServer.js"
import type { Place } from "../serve/places.js"
import type { Finding } from "./Finding.js"
import { fine, note, wrong } from "./Finding.js"

export interface Tried {
  readonly findings: ReadonlyArray<Finding>
  readonly addresses: ReadonlyArray<Address>
  /** Clients that there is room for, where it listened at all. */
  readonly capacity: number | undefined
}

/** Who comes while the doctor listens is not to wait. */
const shut = Effect.provideService(Gate, { enter: () => "Denied" })

const tried = (place: Place) =>
  place.fd === undefined && place.connection === undefined
    ? Effect.either(NodeSocketServer.make(place))
    : Effect.succeed(undefined)

/** Listens at all of them at once, as the server would, and lets go. A socket that was handed over is left alone. */
export const attempt = (places: ReadonlyArray<Place>): Effect.Effect<Tried> =>
  Effect.map(Effect.scoped(shut(Effect.forEach(places, tried))), (outcomes): Tried => {
    const servers = outcomes.flatMap((outcome) =>
      outcome !== undefined && Either.isRight(outcome) ? [outcome.right] : []
    )
    return {
      findings: outcomes.map((outcome, i) => {
        if (outcome === undefined) {
          return note("place", "A socket that was handed over is not looked at.")
        }
        return Either.match(outcome, {
          onLeft: ({ message }) => wrong("place", message),
          onRight: ({ address }) =>
            fine("place", `${places[i]!.port === 0 ? "Any free port" : format(address)} can be had.`)
        })
      }),
      addresses: servers.map(({ address }) => address),
      capacity: servers.length === 0 ? undefined : Math.min(...servers.map(({ capacity }) => capacity))
    }
  })
