// Our own clients, that connect anew and ask again what was not answered: reconnecting.mjs PORT COUNT N
// N of them ask COUNT requests in all, one after the other each; what is counted is what was not answered rightly.
import { Client, NodeConnector, TextClient } from "effect-switchboard"
import * as Effect from "effect/Effect"
import * as Schedule from "effect/Schedule"

const [port, count, atOnce] = process.argv.slice(2).map(Number)
let left = count
let lost = 0

const client = Effect.gen(function*() {
  const { ask } = yield* Client.reconnecting(TextClient.protocol, {
    port,
    schedule: Schedule.spaced("10 millis"),
    retry: "unanswered"
  })
  while (left > 0) {
    const text = `request ${left--}`
    const reply = yield* Effect.either(ask(text))
    if (reply._tag === "Left" || reply.right !== text) lost++
  }
}).pipe(Effect.scoped)

const started = performance.now()
await Effect.runPromise(
  Effect.all(Array.from({ length: atOnce }, () => client), { concurrency: "unbounded", discard: true }).pipe(
    Effect.provide(NodeConnector.layer)
  )
)
console.log(JSON.stringify({ lost, seconds: (performance.now() - started) / 1000 }))
process.exit(0)
