// Echoes what comes, on the socket server of @effect/platform-node.
import * as NodeSocketServer from "@effect/platform-node/NodeSocketServer"
import * as Effect from "effect/Effect"

const program = Effect.gen(function*() {
  const server = yield* NodeSocketServer.make({ host: "127.0.0.1", port: 0, backlog: 4096, noDelay: true })
  console.log(`listening on tcp://127.0.0.1:${server.address.port} (effect)`)
  yield* server.run((socket) =>
    Effect.scoped(Effect.flatMap(socket.writer, (write) => socket.run((chunk) => write(chunk))))
  )
})
Effect.runFork(Effect.scoped(program))
