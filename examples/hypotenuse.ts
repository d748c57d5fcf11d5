// A client of one's own: requests and replies are values of your program, not text.
import { NodeRuntime } from "@effect/platform-node"
import { Console, Data, Effect, Layer } from "effect"
import {
  Calc,
  Client,
  ClientProtocol,
  Evaluator,
  Framing,
  Model,
  NodeConnector,
  NodeSocketServer,
  Server
} from "effect-switchboard"

interface Triangle {
  readonly a: number
  readonly b: number
}

class NotANumber extends Data.TaggedError("NotANumber")<{ readonly reply: string }> {}

const hypotenuse = ClientProtocol.make({
  name: "hypotenuse",
  framing: Framing.line,
  prepare: ({ a, b }: Triangle) => Effect.succeed(`(${a} ** 2 + ${b} ** 2) ** 0.5`),
  process: (reply) =>
    Number.isFinite(Number(reply)) ? Effect.succeed(Number(reply)) : Effect.fail(new NotANumber({ reply }))
})

const program = Effect.gen(function*() {
  const server = yield* Server.make(Calc.protocol, { model: Model.threaded })
  const client = yield* Client.make(hypotenuse, server.address)
  yield* Console.log(yield* client.ask({ a: 3, b: 4 }))
  yield* Console.log(yield* client.ask({ a: 5, b: 12 }))
  const complaint = client.ask({ a: Infinity, b: 1 }).pipe(
    Effect.catchTag("NotANumber", ({ reply }) => Effect.succeed(`The calculator said: ${reply}`))
  )
  yield* Console.log(yield* complaint)
})

NodeRuntime.runMain(program.pipe(
  Effect.scoped,
  Effect.provide(Layer.mergeAll(NodeSocketServer.layer({ port: 0 }), NodeConnector.layer, Evaluator.layer))
))
