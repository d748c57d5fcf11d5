// Typed requests and a stream, by @effect/rpc. The server, and in other terminals its clients:
//
//   npm run example rpc serve 1234
//   npm run example rpc report Bergen 12.5
//   npm run example rpc watch Bergen
import { NodeRuntime } from "@effect/platform-node"
import { RpcClient, RpcSerialization, RpcServer } from "@effect/rpc"
import { Console, Effect, Layer, Stream } from "effect"
import { NodeConnector, NodeSocketServer } from "effect-switchboard"
import { RpcClientProtocol, RpcServerProtocol } from "effect-switchboard/platform"
import { handlers } from "./handlers.js"
import { Weather } from "./service.js"

const [command = "serve", first = "1234", second = "20"] = process.argv.slice(2)

const server = RpcServer.layer(Weather).pipe(
  Layer.provide(handlers),
  Layer.provide(RpcServerProtocol.layer()),
  Layer.provide([NodeSocketServer.layer({ port: Number(first) }), RpcSerialization.layerNdjson])
)

const client = Effect.gen(function*() {
  const weather = yield* RpcClient.make(Weather)
  if (command === "report") yield* weather.Report({ place: first, celsius: Number(second) })
  else yield* Stream.runForEach(weather.Watch({ place: first }), (celsius) => Console.log(`${celsius} °C`))
}).pipe(
  Effect.scoped,
  Effect.provide(RpcClientProtocol.layer({ port: 1234 })),
  Effect.provide([NodeConnector.layer, RpcSerialization.layerNdjson])
)

if (command === "serve") NodeRuntime.runMain(Layer.launch(server))
else NodeRuntime.runMain(client)
