// A server of SMTP that shows what it gets: npm run example mail [port]; then: curl smtp://localhost:PORT
//   --mail-from ada@example.org --mail-rcpt grace@example.org -T FILE
import { NodeRuntime } from "@effect/platform-node"
import { Console, Effect, Layer } from "effect"
import { Address, Model, NodeSocketServer, Server } from "effect-switchboard"
import { Maildrop } from "./Maildrop.js"
import { smtp } from "./smtp.js"

const port = Number(process.argv[2] ?? 0)
const MiB = 1024 * 1024

const program = Effect.gen(function*() {
  const protocol = smtp({ host: "example.org", maxSize: 32 * MiB })
  const server = yield* Server.make(protocol, { model: Model.select, idleTimeout: "5 minutes" })
  yield* Console.log(`Ready at ${Address.format(server.address)}`)
  yield* server.ended
})

const maildrop = Maildrop.layer({
  domains: ["example.org"],
  bytes: 256 * MiB,
  seen: ({ content, from, to }) => Console.log(`From <${from}> to <${to.join(">, <")}>: ${content.length} bytes`)
})

NodeRuntime.runMain(
  Effect.scoped(program).pipe(Effect.provide(Layer.merge(NodeSocketServer.layer({ port }), maildrop)))
)
