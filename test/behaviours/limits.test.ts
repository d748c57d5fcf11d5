import { describe, expect } from "@effect/vitest"
import { Echo, Framing, Model, Protocol } from "effect-switchboard"
import { Peer } from "effect-switchboard/testing"
import * as Clock from "effect/Clock"
import * as Duration from "effect/Duration"
import * as Effect from "effect/Effect"
import { each, exchange, many, serve, virtual } from "./support/stages.js"

const echo = Protocol.withFraming(Echo.protocol, Framing.line)

/** Answers with a MiB. */
const generous = Protocol.requestReply({
  name: "generous",
  framing: Framing.line,
  reply: () => Effect.succeed("x".repeat(1_048_576))
})

describe("Limits of a running server, on the virtual network", () => {
  virtual.it(
    "60. A time-out that is changed holds for who is connected, too: what has passed of it counts.",
    () =>
      each(virtual, many, (model) =>
        Effect.gen(function*() {
          const server = yield* serve(echo, { model, idleTimeout: "1 minute", requestTimeout: "1 minute" })
          const start = yield* Clock.currentTimeMillis
          const [silent, halfway] = yield* Effect.all([Peer.connect(server.address), Peer.connect(server.address)])
          yield* Effect.sleep("10 seconds")
          yield* halfway.write("half a mess")
          yield* Effect.sleep("10 seconds")
          yield* server.setLimits({ idleTimeout: "30 seconds", requestTimeout: "25 seconds" })
          yield* silent.readToEnd
          expect((yield* Clock.currentTimeMillis) - start).toBe(30_000)
          yield* halfway.readToEnd
          expect((yield* Clock.currentTimeMillis) - start).toBe(35_000)
          yield* Effect.all([silent.close, halfway.close])
          yield* server.until("Closed", 2)
          expect(server.of("Closed").map(({ reason }) => reason)).toEqual(["IdleTimeout", "RequestTimeout"])
        }))
  )

  virtual.it(
    "60. Where there was no time-out it begins with the change, and one that is longer, or never, lets on who would have been closed.",
    () =>
      each(virtual, many, (model) =>
        Effect.gen(function*() {
          const server = yield* serve(echo, { model })
          const peer = yield* Peer.connect(server.address)
          yield* Effect.sleep("5 minutes")
          yield* server.setLimits({ idleTimeout: "30 seconds" })
          yield* Effect.sleep("29 seconds")
          yield* server.setLimits({ idleTimeout: "10 minutes" })
          yield* Effect.sleep("9 minutes")
          expect(yield* exchange(peer, "still here")).toBe("still here")
          yield* server.setLimits({ idleTimeout: Duration.infinity })
          yield* Effect.sleep("20 minutes")
          expect(yield* exchange(peer, "and here")).toBe("and here")
          expect(server.of("Closed")).toEqual([])
        }))
  )

  virtual.it(
    "60. Who takes nothing is cut at the new write time-out.",
    () =>
      each(virtual, many, (model) =>
        Effect.gen(function*() {
          const server = yield* serve(generous, { model, writeTimeout: Duration.infinity })
          const peer = yield* Peer.connect(server.address)
          yield* peer.pause
          yield* peer.write("more\n")
          yield* Effect.sleep("1 hour")
          expect((yield* server.totals).stalled).toBe(1)
          const changed = yield* Clock.currentTimeMillis
          yield* server.setLimits({ writeTimeout: "7 seconds" })
          yield* server.until("Closed", 1)
          expect((yield* Clock.currentTimeMillis) - changed).toBe(7000)
          expect(server.of("Closed")[0]!.reason).toBe("WriteTimeout")
        }))
  )

  virtual.it(
    "60. Of the limits that hold now are those that were not changed, and a model that takes one takes one.",
    () =>
      Effect.gen(function*() {
        const server = yield* serve(echo, { model: Model.single, idleTimeout: "1 minute" })
        const limits = yield* server.setLimits({
          maxConnections: 50,
          drainTimeout: "2 seconds",
          writeTimeout: undefined
        })
        expect(limits).toEqual(yield* server.limits)
        expect(limits).toMatchObject({
          maxConnections: 1,
          idleTimeout: Duration.minutes(1),
          writeTimeout: Duration.seconds(30),
          drainTimeout: Duration.seconds(2)
        })
      }).pipe(Effect.provide(virtual.network))
  )
})
