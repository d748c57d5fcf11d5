// Typed requests and a stream, by @effect/rpc. The server, and in other terminals its clients:
//
//   npm run example rpc 1234
//   npm run example rpc 1234 report Bergen 12.5
//   npm run example rpc 1234 watch Bergen
import { NodeRuntime } from "@effect/platform-node"
import { RpcClient, RpcSerialization, RpcServer } from "@effect/rpc"
import { Console, Effect, Layer, Stream } from "effect"
import { Address, NodeConnector, NodeSocketServer, SocketServer } from "effect-switchboard"
import { RpcClientProtocol, RpcServerProtocol } from "effect-switchboard/platform"
import { handlers } from "./handlers.js"
import { Weather } from "./service.js"

const [port = "0", command = "serve", place = "", celsius = "20"] = process.argv.slice(2)

const ready = Layer.effectDiscard(
  Effect.flatMap(SocketServer.SocketServer, ({ address }) => Console.log(`Ready at ${Address.format(address)}`))
)

const server = RpcServer.layer(Weather).pipe(
  Layer.provide(handlers),
  Layer.provide(RpcServerProtocol.layer()),
  Layer.merge(ready),
  Layer.provide([NodeSocketServer.layer({ port: Number(port) }), RpcSerialization.layerNdjson])
)

const client = Effect.gen(function*() {
  const weather = yield* RpcClient.make(Weather)
  if (command === "report") yield* weather.Report({ place, celsius: Number(celsius) })
  else yield* Stream.runForEach(weather.Watch({ place }), (celsius) => Console.log(`${celsius} °C`))
}).pipe(
  Effect.scoped,
  Effect.provide(RpcClientProtocol.layer({ port: Number(port) })),
  Effect.provide([NodeConnector.layer, RpcSerialization.layerNdjson])
)

if (command === "serve") NodeRuntime.runMain(Layer.launch(server))
else NodeRuntime.runMain(client)
