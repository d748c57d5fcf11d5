/** From what the settings say about where to listen to the sockets. */
import * as Effect from "effect/Effect"
import type * as Scope from "effect/Scope"
import type { Address } from "../../../domain/Address.js"
import type { ListenError } from "../../../domain/NetworkError.js"
import * as NodeSocketServer from "../../../services/NodeSocketServer.js"
import * as SocketServer from "../../../services/SocketServer.js"
import type { Origins } from "../../../services/WebSocketServer.js"
import type { ListenPlace } from "../arguments/listenPlace.js"
import type { Chosen } from "../arguments/Setting.js"
import { UsageError } from "../arguments/UsageError.js"
import { inherited, named } from "./inherited.js"

export interface Options {
  readonly host: Chosen<string>
  readonly port: Chosen<number>
  readonly listen: Chosen<ReadonlyArray<ListenPlace>>
  readonly socketMode: Chosen<number | undefined>
  readonly origins: Chosen<Origins>
  readonly maxFrame: Chosen<number>
  readonly proxyProtocol: Chosen<ReadonlyArray<string> | undefined>
}

/** A place as an option of its server, and the path of the WebSocket there, if one is. */
type Place = NodeSocketServer.Options & Pick<Address, "webSocket">

/** Each place as an option of its server. Where nothing is said, what this process was handed is meant. */
const places = (
  { host, listen, port, socketMode }: Options
): Effect.Effect<ReadonlyArray<Place>, UsageError> =>
  Effect.gen(function*() {
    const handed = inherited(process.env, process.pid)
    const said = [host, port].find(({ source }) => source.startsWith("--"))
    if (listen.value.length === 0) {
      return said === undefined && handed.length > 0
        ? handed.map(({ fd }) => ({ fd }))
        : [{ host: host.value, port: port.value }]
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
          place.address.path === undefined ? place.address : { path: place.address.path, mode: socketMode.value }
        ]))
    return all.flat()
  })

/** Bytes of a WebSocket's message: what a client sends beside the frame that is counted is the end of a line. */
const messageOf = (maxFrame: number): number => Math.max(1_048_576, maxFrame + 2)

/** Listens at all of them, or at none. A browser that opens a WebSocket's address is shown the page. */
export const listening = (
  options: Options,
  page: Effect.Effect<string | undefined>
): Effect.Effect<typeof SocketServer.SocketServer.Service, UsageError | ListenError, Scope.Scope> =>
  Effect.gen(function*() {
    const from = options.proxyProtocol.value
    const proxies = from && { from }
    const [first, ...others] = yield* Effect.flatMap(
      places(options),
      Effect.forEach(({ webSocket, ...place }) => {
        const plain = NodeSocketServer.make({ ...place, proxies })
        return webSocket === undefined ? plain : Effect.gen(function*() {
          const { make } = yield* Effect.promise(() => import("../../../services/WebSocketServer.js"))
          return yield* Effect.provideServiceEffect(
            make({
              path: webSocket,
              origins: options.origins.value,
              maxMessage: messageOf(options.maxFrame.value),
              page: yield* page
            }),
            SocketServer.SocketServer,
            plain
          )
        })
      })
    )
    return yield* SocketServer.merge([first!, ...others])
  })
