// npm run example upload [port]; then: { echo put $(wc -c <FILE); cat FILE; echo tail 3; } | nc -N localhost PORT
import { NodeRuntime } from "@effect/platform-node"
import { Console, Effect, Layer } from "effect"
import { Address, Model, NodeSocketServer, Server } from "effect-switchboard"
import { Recent } from "./Recent.js"
import { upload } from "./upload.js"

const port = Number(process.argv[2] ?? 0)

const program = Effect.gen(function*() {
  const server = yield* Server.make(upload, { model: Model.select })
  yield* Console.log(`Ready at ${Address.format(server.address)}`)
  yield* server.ended
})

NodeRuntime.runMain(
  Effect.scoped(program).pipe(
    Effect.provide(Layer.merge(NodeSocketServer.layer({ port }), Recent.layer(16 * 1024 * 1024)))
  )
)
