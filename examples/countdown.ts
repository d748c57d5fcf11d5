// A protocol that speaks first, and then on a timer: no fiber sleeps for a client, whatever the model.
import { NodeRuntime } from "@effect/platform-node"
import { Console, Effect, Layer } from "effect"
import {
  Client,
  Framing,
  Model,
  NodeConnector,
  NodeSocketServer,
  Protocol,
  Server,
  TextClient
} from "effect-switchboard"

const countdown = Protocol.make({
  name: "countdown",
  framing: Framing.line,
  open: () => Effect.succeed({ state: 3, send: ["Ready. Send anything to start anew."], wake: "50 millis" }),
  receive: (_left: number) => Effect.succeed({ state: 3, send: ["Once more."], wake: "50 millis" }),
  wake: (left) =>
    Effect.succeed(
      left === 0
        ? { state: 0, send: ["Lift-off!"], close: true }
        : { state: left - 1, send: [`${left}`], wake: "50 millis" }
    )
})

const program = Effect.gen(function*() {
  const server = yield* Server.make(countdown, { model: Model.select })
  const client = yield* Client.make({ ...TextClient.protocol, framing: Framing.line }, server.address)
  yield* Effect.forever(Effect.flatMap(client.receive, Console.log)).pipe(
    Effect.catchTag("ConnectionClosed", (error) => Console.log(error._tag))
  )
})

NodeRuntime.runMain(program.pipe(
  Effect.scoped,
  Effect.provide(Layer.merge(NodeSocketServer.layer({ port: 0 }), NodeConnector.layer))
))
