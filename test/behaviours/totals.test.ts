import { describe, expect } from "@effect/vitest"
import { Framing, Metrics, Observer, Protocol, Server, Stopwatch } from "effect-switchboard"
import { Peer } from "effect-switchboard/testing"
import * as Clock from "effect/Clock"
import * as Effect from "effect/Effect"
import * as Metric from "effect/Metric"
import { each, exchange, many, serve, virtual } from "./support/stages.js"

/** Says a line again, after as many seconds as it says; it fails at `fail`, and dies at `die`. */
const moody = Protocol.requestReply({
  name: "moody",
  framing: Framing.line,
  reply: (text) => {
    if (text === "die") throw new Error("as asked")
    if (text === "fail") return Effect.fail("as asked")
    return /^\d$/.test(text) ? Effect.delay(Effect.succeed(text), `${Number(text)} seconds`) : Effect.succeed(text)
  }
})

describe("What a server's connections have come to, on the virtual network", () => {
  virtual.it(
    "61. Requests and bytes count while their connection is open, each in one outcome, and none goes back or is lost at the end.",
    () =>
      each(virtual, many, (model) =>
        Effect.gen(function*() {
          const server = yield* serve(moody, { model, maxFrame: 10 })
          const connect = Peer.connect(server.address)
          const [open, failing, dying, wrong, gone] = yield* Effect.all([connect, connect, connect, connect, connect])
          for (const text of ["a", "b", "c"]) yield* exchange(open, text)
          const page = (after: number, limit: number) =>
            Effect.map(server.page({ after, limit }), (page) => page.map(({ id }) => id))
          expect([yield* page(0, 2), yield* page(2, 2), yield* page(4, 2)]).toEqual([[1, 2], [3, 4], [5]])
          expect(yield* server.totals).toMatchObject({ open: 5, requests: 3, bytesIn: 6, bytesOut: 6, replies: 3 })
          yield* failing.write("a\nfail\n")
          yield* dying.write("die\n")
          yield* wrong.write("far too long a line\n")
          yield* Effect.forEach([failing, dying, wrong], (peer) => Effect.zipRight(peer.readToEnd, peer.close))
          yield* server.until("Closed", 3)
          yield* gone.write("5\n")
          yield* Effect.sleep("1 second")
          expect(yield* server.totals).toMatchObject({
            open: 2,
            requests: 7,
            failed: 2,
            malformed: 1,
            abandoned: 0,
            working: 1
          })
          yield* gone.reset
          yield* server.until("Closed", 4)
          expect(yield* server.totals).toMatchObject({ open: 1, requests: 7, failed: 2, abandoned: 1, working: 0 })
          yield* exchange(open, "d")
          yield* server.stop
          const sum = (key: "requests" | "bytesIn" | "bytesOut") =>
            server.of("Closed").reduce((sum, closed) => sum + closed[key], 0)
          expect(yield* server.totals).toMatchObject({
            open: 0,
            requests: sum("requests"),
            bytesIn: sum("bytesIn"),
            bytesOut: sum("bytesOut")
          })
        }))
  )

  virtual.it(
    "61. A request's time is from when it came until its reply is handed over, and is told once for each.",
    () =>
      each(virtual, many, (model) =>
        Effect.gen(function*() {
          const clock = yield* Effect.clock
          const told: Array<readonly [count: number, millis: number]> = []
          const observer: Observer.Shape = {
            messages: false,
            observe: () => {},
            timings: { requests: (_server, count, millis) => told.push([count, millis]), stall: () => {} }
          }
          const server = yield* Server.make(moody, { model }).pipe(
            Effect.provideService(Observer.Observer, observer),
            Effect.provideService(Stopwatch.Stopwatch, { millis: () => clock.unsafeCurrentTimeMillis() })
          )
          const peer = yield* Peer.connect(server.address)
          yield* peer.write("a\nb\n2\nc\n")
          for (const _ of "ab2c") yield* peer.readLine
          yield* peer.write("3\n")
          yield* Effect.sleep("1 second")
          yield* peer.write("d\n")
          for (const _ of "3d") yield* peer.readLine
          expect(told).toEqual([[2, 0], [1, 2000], [1, 2000], [1, 3000], [1, 2000]])
        }))
  )

  virtual.it(
    "61. A stall is from when nothing more is made for a peer until it has taken what there was, or is cut.",
    () =>
      each(virtual, many, (model) =>
        Effect.gen(function*() {
          const clock = yield* Effect.clock
          const stalls: Array<number> = []
          const observer: Observer.Shape = {
            messages: false,
            observe: () => {},
            timings: { requests: () => {}, stall: (_server, millis) => stalls.push(millis) }
          }
          const large = Protocol.requestReply({
            name: "large",
            framing: Framing.line,
            reply: () => Effect.succeed("x".repeat(500_000))
          })
          const server = yield* Server.make(large, { model, writeTimeout: "20 seconds" }).pipe(
            Effect.provideService(Observer.Observer, observer),
            Effect.provideService(Stopwatch.Stopwatch, { millis: () => clock.unsafeCurrentTimeMillis() })
          )
          const peer = yield* Peer.connect(server.address)
          yield* peer.pause
          yield* peer.write("more\n")
          yield* Effect.sleep("6 seconds")
          yield* peer.resume
          yield* peer.readLine
          yield* peer.pause
          yield* peer.write("more\n")
          yield* Effect.sleep("30 seconds")
          expect(stalls).toEqual([6000, 20_000])
        }))
  )

  virtual.it(
    "61. Effect's metrics have what open connections have asked, each second, and all of it at the end.",
    () =>
      each(virtual, many, (model) =>
        Effect.gen(function*() {
          const name = `followed under ${model.name}`
          const requests = Effect.map(Metric.snapshot, (pairs) =>
            pairs.flatMap(({ metricKey, metricState }) =>
              metricKey.name === "switchboard_requests_total" && metricKey.tags.some(({ value }) => value === name)
                ? [metricState]
                : []
            ))
          const server = yield* Effect.provideService(
            Server.make(moody, { model, name }),
            Observer.Observer,
            Metrics.observer
          )
          yield* Metrics.follow(server)
          const [first, second] = yield* Effect.all([Peer.connect(server.address), Peer.connect(server.address)])
          yield* exchange(first, "a")
          yield* exchange(second, "b")
          yield* second.close
          const now = yield* Clock.currentTimeMillis
          yield* Effect.sleep(1001 - (now % 1000))
          expect(yield* requests).toMatchObject([{ count: 2 }])
          yield* exchange(first, "c")
          yield* server.stop
          expect(yield* requests).toMatchObject([{ count: 3 }])
        }))
  )
})
