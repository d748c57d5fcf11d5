// A TCP proxy: npm run example gateway HOST PORT [port to listen on]
import { NodeRuntime } from "@effect/platform-node"
import { Console, Effect, Layer } from "effect"
import { Address, Model, NodeConnector, NodeSocketServer, Server } from "effect-switchboard"
import { gateway } from "./gateway.js"

const [host = "127.0.0.1", port = "80", listening = "0"] = process.argv.slice(2)

const program = Effect.gen(function*() {
  const server = yield* Server.make(gateway({ host, port: Number(port) }), { model: Model.select })
  yield* Console.log(`Ready at ${Address.format(server.address)}`)
  yield* server.ended
})

NodeRuntime.runMain(
  Effect.scoped(program).pipe(
    Effect.provide(Layer.merge(NodeSocketServer.layer({ port: Number(listening) }), NodeConnector.layer))
  )
)
