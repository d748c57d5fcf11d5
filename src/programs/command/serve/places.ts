/** From what the settings say about where to listen to places, as options of their servers. */
import * as Effect from "effect/Effect"
import type { Address } from "../../../domain/Address.js"
import type { Owner } from "../../../services/NodeSocketServer.js"
import type { ListenPlace } from "../arguments/listenPlace.js"
import type { Chosen } from "../arguments/Setting.js"
import { UsageError } from "../arguments/UsageError.js"
import { standardInput } from "./inetd.js"
import { inherited, named } from "./inherited.js"

export interface Options {
  readonly host: Chosen<string>
  readonly port: Chosen<number>
  readonly listen: Chosen<ReadonlyArray<ListenPlace>>
  readonly inetd: Chosen<boolean>
  readonly socketMode: Chosen<number | undefined>
  readonly socketOwner: Chosen<Owner | undefined>
  readonly tlsCert: Chosen<ReadonlyArray<string>>
}

/** A place as options of its server, and the path of the WebSocket there, if one is. */
export interface Place extends Pick<Address, "webSocket" | "tls"> {
  readonly connection?: number | undefined
  readonly fd?: number | undefined
  readonly path?: string | undefined
  readonly mode?: number | undefined
  readonly owner?: Owner | undefined
  readonly host?: string | undefined
  readonly port?: number | undefined
}

/** Each place as options of its server. Where nothing is said, what this process was handed is meant. */
export const places = (
  { host, inetd, listen, port, socketMode, socketOwner, tlsCert }: Options
): Effect.Effect<ReadonlyArray<Place>, UsageError> =>
  Effect.gen(function*() {
    const tls = tlsCert.value.length > 0
    if (inetd.value) return [{ connection: yield* standardInput([host, port, listen], inetd), tls }]
    const handed = inherited(process.env, process.pid)
    const said = [host, port].find(({ source }) => source.startsWith("--"))
    if (listen.value.length === 0) {
      return said === undefined && handed.length > 0
        ? handed.map(({ fd }) => ({ fd, tls }))
        : [{ host: host.value, port: port.value, tls }]
    }
    if (said !== undefined) {
      return yield* new UsageError({
        message: `${said.source} does not go with ${listen.source}, which says where to listen: leave out one of them.`
      })
    }
    const all = yield* Effect.forEach(listen.value, (place) =>
      place._tag === "Inherited"
        ? Effect.map(named(place.descriptor, handed), (fds) => fds.map((fd): Place => ({ fd })))
        : Effect.succeed<ReadonlyArray<Place>>([
          place.address.path === undefined
            ? place.address
            : { path: place.address.path, mode: socketMode.value, owner: socketOwner.value }
        ]))
    if (tlsCert.source.startsWith("--") && !all.flat().some(({ tls }) => tls === true)) {
      return yield* new UsageError({
        message: `${tlsCert.source} goes with tls:// or wss://, and ${listen.source} has neither.`
      })
    }
    return all.flat()
  })
