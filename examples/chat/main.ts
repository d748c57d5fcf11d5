// A chat room of rooms: npm run example chat [port] [script]; then, in as many terminals as you like: nc localhost PORT
import { NodeRuntime } from "@effect/platform-node"
import { Console, Effect, Layer } from "effect"
import { Address, Model, NodeSocketServer, Server } from "effect-switchboard"
import { Hall } from "./Hall.js"
import { machine } from "./machine.js"
import { script } from "./script.js"

const [port = "0", style] = process.argv.slice(2)

const program = Effect.gen(function*() {
  const server = yield* Server.make(style === "script" ? script : machine, { model: Model.select })
  yield* Console.log(`Ready at ${Address.format(server.address)}`)
  yield* server.ended
})

NodeRuntime.runMain(
  Effect.scoped(program).pipe(Effect.provide(Layer.merge(NodeSocketServer.layer({ port: Number(port) }), Hall.layer)))
)
