// Tells each line to all who are connected, by a Room: room.mjs MODEL
import { Framing, Model, NodeSocketServer, Protocol, Room, Server } from "effect-switchboard"
import * as Effect from "effect/Effect"

const room = Room.unsafeMake()
const protocol = Protocol.make({
  name: "room",
  framing: Framing.line,
  open: (session) => Effect.as(room.join(session), Protocol.turn(undefined)),
  receive: (_, line) =>
    Effect.sync(() => {
      room.publish(new Framing.Encoded(line))
      return Protocol.turn(undefined)
    }),
  notified: (_, said) => Effect.succeed(Protocol.turn(undefined, { send: [said] }))
})

const program = Effect.gen(function*() {
  const server = yield* Server.make(protocol, { model: Model.all[process.argv[2]], maxConnections: 2000 })
  console.log(`listening on tcp://127.0.0.1:${server.address.port} (room)`)
  yield* server.ended
})
Effect.runFork(Effect.scoped(Effect.provide(program, NodeSocketServer.layer({ port: 0 }))))
