// A server of SMTP that shows what it gets: npm run example mail [port] [certificate.pem]; then: curl smtp://localhost:PORT
//   --mail-from ada@example.org --mail-rcpt grace@example.org -T FILE
// With a certificate, and its key in the same file, it offers STARTTLS: curl --ssl-reqd --cacert authority.crt …
import { NodeRuntime } from "@effect/platform-node"
import { Console, Effect, Layer } from "effect"
import { Address, Model, NodeSocketServer, NodeTlsSocketServer, Server } from "effect-switchboard"
import { Maildrop } from "./Maildrop.js"
import { smtp } from "./smtp.js"

const [port = 0, certificate] = process.argv.slice(2)
const MiB = 1024 * 1024

const place = { port: Number(port) }
const network = certificate === undefined
  ? NodeSocketServer.layer(place)
  : NodeTlsSocketServer.layer({
    ...place,
    identity: { certificate, key: certificate },
    startTls: true,
    watch: "1 hour"
  })

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

NodeRuntime.runMain(Effect.scoped(program).pipe(Effect.provide(Layer.merge(network, maildrop))))
