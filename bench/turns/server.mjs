// Serves one of the conversations beside this file inside a program of its own, as an app does.
import { NodeRuntime } from "@effect/platform-node"
import { Address, Model, NodeSocketServer, Server, SocketServer } from "effect-switchboard"
import * as Context from "effect/Context"
import * as Effect from "effect/Effect"

const { default: protocol, services = Context.empty() } = await import(`./${process.argv[2]}.mjs`)

const program = Effect.gen(function*() {
  yield* Server.make(protocol, { model: Model.threaded })
  const { address } = yield* SocketServer.SocketServer
  console.log(`listening on tcp://${Address.format(address)} (app)`)
  yield* Effect.never
})

NodeRuntime.runMain(
  program.pipe(Effect.provide(NodeSocketServer.layer({ port: 0 })), Effect.provide(services), Effect.scoped)
)
