// A page with a calculator and a chat room, all at one port: npm run example page [port]
import { NodeRuntime } from "@effect/platform-node"
import { Console, Effect, Layer } from "effect"
import { Calc, Evaluator, Model, Server, WebSocketServer } from "effect-switchboard"
import { readFileSync } from "node:fs"
import { createServer } from "node:http"
import { Hall } from "../chat/Hall.js"
import { machine } from "../chat/machine.js"
import { page } from "./page.js"

const [port = "8080"] = process.argv.slice(2)

const http = createServer(page(readFileSync(new URL("page.js", import.meta.url), "utf8")))

const listening = Layer.scopedDiscard(Effect.acquireRelease(
  Effect.async<void, Error>((resume) => {
    http.once("error", (error) => resume(Effect.fail(error)))
    http.listen(Number(port), "127.0.0.1", () => resume(Effect.void))
  }),
  () =>
    Effect.async<void>((resume) => {
      http.close(() => resume(Effect.void))
      // Browsers keep connections for requests that they may yet make.
      http.closeAllConnections()
    })
))

const calculator = Server.layer(Calc.protocol, { model: Model.select }).pipe(
  Layer.provide([WebSocketServer.layerUpgrade(http, { path: "/calculator" }), Evaluator.layer])
)

const chat = Server.layer(machine, { model: Model.select }).pipe(
  Layer.provide([WebSocketServer.layerUpgrade(http, { path: "/chat" }), Hall.layer])
)

const ready = Layer.effectDiscard(Effect.suspend(() => {
  const address = http.address()
  return Console.log(`Ready at http://127.0.0.1:${typeof address === "object" ? address?.port : port}`)
}))

NodeRuntime.runMain(
  Layer.launch(Layer.provideMerge(ready, Layer.mergeAll(calculator, chat)).pipe(Layer.provide(listening)))
)
