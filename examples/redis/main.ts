// A Redis that redis-cli, redis-benchmark and clients of any language may talk to: npm run example redis [port]
import { NodeRuntime } from "@effect/platform-node"
import { Console, Effect, Layer } from "effect"
import { Address, Model, NodeSocketServer, Server } from "effect-switchboard"
import { Channels } from "./Channels.js"
import { redis } from "./redis.js"
import { Store } from "./Store.js"

const port = Number(process.argv[2] ?? 6379)

const program = Effect.gen(function*() {
  const server = yield* Server.make(redis, { model: Model.select, maxFrame: 16 * 1024 * 1024 })
  yield* Console.log(`Ready at ${Address.format(server.address)}`)
  yield* server.ended
})

NodeRuntime.runMain(
  Effect.scoped(program).pipe(
    Effect.provide(Layer.mergeAll(NodeSocketServer.layer({ port }), Store.layer, Channels.layer))
  )
)
