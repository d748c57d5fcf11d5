/** From what the settings say about where to listen to the sockets. */
import * as Effect from "effect/Effect"
import type * as Scope from "effect/Scope"
import { url } from "../../../domain/Address.js"
import type { ListenError } from "../../../domain/NetworkError.js"
import type { CertificateUnusable } from "../../../domain/TlsError.js"
import * as Gate from "../../../services/Gate.js"
import * as NodeSocketServer from "../../../services/NodeSocketServer.js"
import * as SocketServer from "../../../services/SocketServer.js"
import type { Origins } from "../../../services/WebSocketServer.js"
import type { Chosen } from "../arguments/Setting.js"
import type { UsageError } from "../arguments/UsageError.js"
import type { Options as Identities } from "./identities.js"
import { identities } from "./identities.js"
import type { Options as Places, Place } from "./places.js"

export interface Options extends Identities, Places {
  readonly origins: Chosen<Origins>
  readonly maxFrame: Chosen<number>
  readonly proxyProtocol: Chosen<ReadonlyArray<string> | undefined>
  readonly allow: Chosen<ReadonlyArray<string> | undefined>
  readonly deny: Chosen<ReadonlyArray<string> | undefined>
  readonly maxConnectionsPerAddress: Chosen<number | undefined>
  readonly acceptRate: Chosen<Gate.Rate | undefined>
}

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

/** One for all places; none where nothing is asked of it. */
const gate = (
  { acceptRate, allow, deny, maxConnectionsPerAddress }: Options
): Effect.Effect<Gate.Shape> => {
  const rules = {
    allow: allow.value,
    deny: deny.value,
    maxConnectionsPerAddress: maxConnectionsPerAddress.value,
    acceptRate: acceptRate.value
  }
  return Object.values(rules).every((rule) => rule === undefined) ? Effect.succeed(Gate.open) : Gate.make(rules)
}

/** TCP by Bun's own sockets, where Bun runs the command; all else is Node's. */
const plain = (
  place: NodeSocketServer.Options
): Effect.Effect<typeof SocketServer.SocketServer.Service, ListenError, Scope.Scope> => {
  const { connection, fd, leaving, path, proxies } = place
  const isPort = [connection, fd, leaving, path, proxies].every((option) => option === undefined)
  return process.versions["bun"] === undefined || !isPort
    ? NodeSocketServer.make(place)
    : Effect.flatMap(
      Effect.promise(() => import("../../../services/BunSocketServer.js")),
      ({ make }) => make(place)
    )
}

/** Bytes of a WebSocket's message: what a client sends beside the frame that is counted is the end of a line. */
const messageOf = (maxFrame: number): number => Math.max(1_048_576, maxFrame + 2)

/** Listens at all of these places, or at none. A browser that opens a WebSocket's address is shown the page. */
export const listening = (
  places: ReadonlyArray<Place & Pick<NodeSocketServer.Options, "leaving">>,
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
    const [first, ...others] = yield* Effect.forEach(places, ({ tls = false, webSocket, ...where }) => {
      const place = { ...where, proxies }
      const below = tls ? encrypted(place, options) : plain(place)
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
    return yield* SocketServer.merge([first!, ...others])
  }).pipe(Effect.provideServiceEffect(Gate.Gate, gate(options)))
