/** From what the settings say about where to listen to the sockets. */
import * as Effect from "effect/Effect"
import type * as Scope from "effect/Scope"
import type { Address } from "../../../domain/Address.js"
import { url } from "../../../domain/Address.js"
import type { ListenError } from "../../../domain/NetworkError.js"
import type { CertificateUnusable } from "../../../domain/TlsError.js"
import * as NodeSocketServer from "../../../services/NodeSocketServer.js"
import * as SocketServer from "../../../services/SocketServer.js"
import type { Origins } from "../../../services/WebSocketServer.js"
import type { ListenPlace } from "../arguments/listenPlace.js"
import type { Chosen } from "../arguments/Setting.js"
import { UsageError } from "../arguments/UsageError.js"
import type { Options as Identities } from "./identities.js"
import { identities } from "./identities.js"
import { standardInput } from "./inetd.js"
import { inherited, named } from "./inherited.js"

export interface Options extends Identities {
  readonly host: Chosen<string>
  readonly port: Chosen<number>
  readonly listen: Chosen<ReadonlyArray<ListenPlace>>
  readonly inetd: Chosen<boolean>
  readonly socketMode: Chosen<number | undefined>
  readonly socketOwner: Chosen<NodeSocketServer.Owner | undefined>
  readonly origins: Chosen<Origins>
  readonly maxFrame: Chosen<number>
  readonly proxyProtocol: Chosen<ReadonlyArray<string> | undefined>
}

/** A place as an option of its server, and the path of the WebSocket there, if one is. */
type Place = NodeSocketServer.Options & Pick<Address, "webSocket" | "tls">

/** Each place as an option of its server. Where nothing is said, what this process was handed is meant. */
const places = (
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

/** How often the files of certificates are looked at. */
const watch = "1 minute"

const encrypted = (
  place: NodeSocketServer.Options,
  options: Options
): Effect.Effect<
  typeof SocketServer.SocketServer.Service,
  UsageError | ListenError | CertificateUnusable,
  Scope.Scope
> =>
  Effect.gen(function*() {
    const { host = "", port = 0 } = place
    const identity = yield* identities(options, url({ host, port, tls: true }))
    const { make } = yield* Effect.promise(() => import("../../../services/NodeTlsSocketServer.js"))
    const authorities = options.tlsClientCa.value
    return yield* make({
      ...place,
      identity,
      watch,
      ...(authorities === undefined ? {} : { clients: { certificate: options.tlsClients.value, authorities } })
    })
  })

/** Bytes of a WebSocket's message: what a client sends beside the frame that is counted is the end of a line. */
const messageOf = (maxFrame: number): number => Math.max(1_048_576, maxFrame + 2)

/** Listens at all of them, or at none. A browser that opens a WebSocket's address is shown the page. */
export const listening = (
  options: Options,
  page: Effect.Effect<string | undefined>
): Effect.Effect<
  typeof SocketServer.SocketServer.Service,
  UsageError | ListenError | CertificateUnusable,
  Scope.Scope
> =>
  Effect.gen(function*() {
    const from = options.proxyProtocol.value
    const proxies = from && { from }
    const [first, ...others] = yield* Effect.flatMap(
      places(options),
      Effect.forEach(({ tls = false, webSocket, ...where }) => {
        const place = { ...where, proxies }
        const below = tls ? encrypted(place, options) : NodeSocketServer.make(place)
        return webSocket === undefined ? below : Effect.gen(function*() {
          const { make } = yield* Effect.promise(() => import("../../../services/WebSocketServer.js"))
          return yield* Effect.provideServiceEffect(
            make({
              path: webSocket,
              origins: options.origins.value,
              maxMessage: messageOf(options.maxFrame.value),
              page: yield* page
            }),
            SocketServer.SocketServer,
            below
          )
        })
      })
    )
    return yield* SocketServer.merge([first!, ...others])
  })
