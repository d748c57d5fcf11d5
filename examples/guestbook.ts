// A server as one part of a larger app: it shares a service with the rest, and lives and ends with it.
import { NodeRuntime } from "@effect/platform-node"
import { Console, Context, Effect, Layer, Ref } from "effect"
import {
  Client,
  Framing,
  Model,
  NodeConnector,
  NodeSocketServer,
  Protocol,
  Server,
  SocketServer,
  TextClient
} from "effect-switchboard"

/** The app's own service. It knows nothing of TCP. */
class Guestbook extends Context.Tag("Guestbook")<Guestbook, {
  readonly sign: (name: string) => Effect.Effect<number>
  readonly guests: Effect.Effect<ReadonlyArray<string>>
}>() {
  static readonly layer = Layer.effect(
    this,
    Effect.map(Ref.make<ReadonlyArray<string>>([]), (guests) => ({
      sign: (name) => Ref.modify(guests, (signed) => [signed.length + 1, [...signed, name]]),
      guests: Ref.get(guests)
    }))
  )
}

/** The part that clients see. That it needs a Guestbook stands in its type. */
const signing: Protocol.TextProtocol<never, Guestbook> = Protocol.requestReply({
  name: "guestbook",
  framing: Framing.line,
  reply: (name) =>
    Effect.flatMap(
      Guestbook,
      (guestbook) => Effect.map(guestbook.sign(name), (number) => `Welcome, ${name}: you are guest ${number}.`)
    )
})

/** The part that reads what the server wrote. */
const report = Effect.gen(function*() {
  const guestbook = yield* Guestbook
  yield* Console.log(`Guests: ${(yield* guestbook.guests).join(", ")}`)
})

const app = Layer.provideMerge(
  Server.layer(signing, { model: Model.threaded, maxConnections: 100 }),
  Layer.mergeAll(NodeSocketServer.layer({ port: 0 }), NodeConnector.layer, Guestbook.layer)
)

const visitors = Effect.gen(function*() {
  const { address } = yield* SocketServer.SocketServer
  for (const name of ["Ada", "Grace"]) yield* Console.log(yield* Client.ask(TextClient.protocol, name, address))
})

NodeRuntime.runMain(Effect.zipRight(visitors, report).pipe(Effect.provide(app)))
