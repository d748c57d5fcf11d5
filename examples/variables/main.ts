// A calculator with variables, by sessions. One process, which forgets them when it ends:
//
//   npm run example variables 1234
//
// Two of one cluster: what a client of the one says, a client of the other knows, and so it does when the first has gone.
//
//   npm run example variables 1234 postgres://localhost/variables 127.0.0.1:7234
//   npm run example variables 1235 postgres://localhost/variables 127.0.0.1:7235
import { NodeRuntime } from "@effect/platform-node"
import { Console, Effect, Layer } from "effect"
import { Address, Evaluator, Model, NodeSocketServer, Server } from "effect-switchboard"
import { Cluster } from "effect-switchboard/cluster"
import { Variables, variables } from "./variables.js"

const [port = "0", url, address] = process.argv.slice(2)

const program = Effect.gen(function*() {
  const server = yield* Server.make(yield* variables, { model: Model.threaded })
  yield* Console.log(`Ready at ${Address.format(server.address)}`)
  yield* server.ended
})

const cluster = Layer.provideMerge(Layer.provide(Variables.layer, Evaluator.layer), Cluster.layer({ url, address }))

NodeRuntime.runMain(
  Effect.scoped(program).pipe(Effect.provide(Layer.merge(NodeSocketServer.layer({ port: Number(port) }), cluster)))
)
