// A protocol of one's own, and the same protocol under two models.
import { NodeRuntime } from "@effect/platform-node"
import { Console, Effect } from "effect"
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

const temperature = Protocol.requestReply({
  name: "temperature",
  framing: Framing.line,
  reply: (text) => {
    const [, degrees, scale] = /^(-?\d+(?:\.\d+)?) *([CF])$/.exec(text) ?? []
    if (degrees === undefined) return Effect.succeed("Write it like 20 C or 68 F.")
    return Effect.succeed(scale === "C" ? `${Number(degrees) * 1.8 + 32} F` : `${(Number(degrees) - 32) / 1.8} C`)
  }
})

const tryUnder = (model: Model.Model) =>
  Effect.gen(function*() {
    const server = yield* Server.make(temperature, { model })
    const client = yield* Client.make({ ...TextClient.protocol, framing: Framing.line }, server.address)
    for (const question of ["100 C", "68 F", "warm"]) {
      yield* Console.log(`${model.name}: ${question} -> ${yield* client.ask(question)}`)
    }
  }).pipe(Effect.scoped, Effect.provide(NodeSocketServer.layer({ port: 0 })))

NodeRuntime.runMain(
  Effect.forEach([Model.threaded, Model.select], tryUnder).pipe(Effect.provide(NodeConnector.layer))
)
