// Tells each line to all who are connected, by a PubSub and a fiber for each of them. Its bytes are made once.
import * as Effect from "effect/Effect"
import * as PubSub from "effect/PubSub"
import * as Queue from "effect/Queue"
import { createServer } from "node:net"

const pubsub = Effect.runSync(PubSub.unbounded())

const tell = (socket) =>
  Effect.scoped(
    Effect.flatMap(PubSub.subscribe(pubsub), (subscription) =>
      Effect.forever(Effect.map(Queue.take(subscription), (bytes) => socket.write(bytes))))
  )

const server = createServer({ noDelay: true }, (socket) => {
  let rest = ""
  const fiber = Effect.runFork(tell(socket))
  socket.setEncoding("utf8")
  socket.on("close", () => fiber.unsafeInterruptAsFork(fiber.id()))
  socket.on("error", () => socket.destroy())
  socket.on("data", (chunk) => {
    const lines = (rest + chunk).split("\n")
    rest = lines.pop()
    for (const line of lines) pubsub.unsafeOffer(Buffer.from(`${line}\n`))
  })
})
server.listen(0, "127.0.0.1", 4096, () => console.log(`listening on tcp://127.0.0.1:${server.address().port} (pubsub)`))
