// What is written for @effect/platform's SocketServer and for @effect/rpc, on Effect's own sockets or on this package's.
//   platform.mjs effect|switchboard lines|rpc
// What begins with "slow" is answered half a second later.
import * as NodeRuntime from "@effect/platform-node/NodeRuntime"
import * as Theirs from "@effect/platform-node/NodeSocketServer"
import * as SocketServer from "@effect/platform/SocketServer"
import { Rpc, RpcGroup, RpcSerialization, RpcServer } from "@effect/rpc"
import { NodeSocketServer, SocketServer as Place } from "effect-switchboard"
import { PlatformSocketServer, RpcServerProtocol } from "effect-switchboard/platform"
import * as Effect from "effect/Effect"
import * as Layer from "effect/Layer"
import * as Schema from "effect/Schema"

const [whose, kind] = process.argv.slice(2)
const isOurs = whose === "switchboard"

const theirs = Theirs.layer({ host: "127.0.0.1", port: 0, backlog: 4096, noDelay: true })
const ours = NodeSocketServer.layer({ port: 0 })

const ready = (port) => Effect.sync(() => console.log(`listening on tcp://127.0.0.1:${port} (${whose}, ${kind})`))

const wait = (text) => text.startsWith("slow") ? Effect.sleep("500 millis") : Effect.void

const lines = Effect.gen(function*() {
  const server = yield* SocketServer.SocketServer
  yield* ready(server.address.port)
  yield* server.run((socket) =>
    Effect.scoped(
      Effect.flatMap(socket.writer, (write) =>
        socket.run((chunk) =>
          chunk[0] === 0x73 ? Effect.zipRight(Effect.sleep("500 millis"), write(chunk)) : write(chunk)
        ))
    )
  )
}).pipe(Effect.provide(isOurs ? Layer.provide(PlatformSocketServer.layer(), ours) : theirs))

const Service = RpcGroup.make(
  Rpc.make("Echo", { payload: { text: Schema.String }, success: Schema.String })
)
const handlers = Service.toLayer({ Echo: ({ text }) => Effect.as(wait(text), text) })
const rpc = Layer.launch(
  RpcServer.layer(Service, { disableTracing: true }).pipe(
    Layer.provide(handlers),
    Layer.provide(
      isOurs
        ? Layer.merge(
          RpcServerProtocol.layer(),
          Layer.effectDiscard(Effect.flatMap(Place.SocketServer, ({ address }) => ready(address.port)))
        )
        : Layer.merge(
          RpcServer.layerProtocolSocketServer,
          Layer.effectDiscard(Effect.flatMap(SocketServer.SocketServer, ({ address }) => ready(address.port)))
        )
    ),
    Layer.provide([isOurs ? ours : theirs, RpcSerialization.layerNdjson])
  )
)

NodeRuntime.runMain(kind === "rpc" ? rpc : lines, { disableErrorReporting: true })
