import * as NodeRuntime from "@effect/platform-node/NodeRuntime"
import * as Effect from "effect/Effect"
import * as Layer from "effect/Layer"
import * as Model from "./programs/Model.js"
import * as Calc from "./programs/protocols/Calc.js"
import * as Server from "./programs/Server.js"
import * as Evaluator from "./services/Evaluator.js"
import * as NodeSocketServer from "./services/NodeSocketServer.js"

NodeRuntime.runMain(
  Server.run(Calc.protocol, { model: Model.select }).pipe(
    Effect.provide(Layer.merge(NodeSocketServer.layer({ port: 1234 }), Evaluator.layer))
  )
)
