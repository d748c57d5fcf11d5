import { describe, expect, it } from "@effect/vitest"
import { Framing, Model, Protocol } from "effect-switchboard"
import { Explorer, Peer } from "effect-switchboard/testing"
import * as Clock from "effect/Clock"
import * as Deferred from "effect/Deferred"
import * as Effect from "effect/Effect"
import * as FastCheck from "effect/FastCheck"
import type { Stage } from "./support/stages.js"
import { each, many, serve, tcp, unix, virtual } from "./support/stages.js"

/** `wait N` takes so many milliseconds, `now N` none, `fail N` fails behind them, `die N` is thrown. */
const reply = (text: string): Effect.Effect<string, string> => {
  const [verb, time] = text.split(" ")
  if (verb === "die") throw new Error(text)
  if (verb === "now") return Effect.succeed(text)
  const said = verb === "fail" ? Effect.fail(text) : Effect.succeed(text)
  return Effect.delay(said, Number(time))
}

const waiting = (concurrency: number) =>
  Protocol.requestReply({ name: "waiting", framing: Framing.line, concurrency, reply })

const told = (
  protocol: Protocol.TextProtocol<string>,
  model: Model.Model,
  pieces: ReadonlyArray<string | Uint8Array>
) =>
  Effect.gen(function*() {
    const server = yield* serve(protocol, { model })
    const peer = yield* Peer.connect(server.address)
    for (const piece of pieces) yield* Effect.ignore(peer.write(piece))
    yield* peer.end
    const said = (yield* peer.readToEnd).toString()
    yield* server.until("Closed", 1)
    const { reason, replies } = server.of("Closed")[0]!
    return { said, reason, replies }
  }).pipe(Effect.scoped)

const request = FastCheck.tuple(
  FastCheck.constantFrom("wait", "wait", "wait", "now", "fail", "die"),
  FastCheck.integer({ min: 0, max: 30 })
).map(([verb, time]) => `${verb} ${time}\n`)
const input = FastCheck.oneof(
  { weight: 12, arbitrary: request },
  { weight: 1, arbitrary: FastCheck.constant(Uint8Array.of(0xff, 0x0a)) }
)

describe("Requests evaluated together, on the virtual network", () => {
  virtual.it(
    "3. Requests that are evaluated together get the bytes that they get one by one, whatever fails among them.",
    () =>
      Effect.sync(() =>
        FastCheck.assert(
          FastCheck.property(
            FastCheck.array(input, { maxLength: 12 }),
            FastCheck.integer({ min: 2, max: 6 }),
            Explorer.networks(),
            (pieces, concurrency, conditions) => {
              const run = (protocol: ReturnType<typeof waiting>, model: Model.Model) =>
                Effect.runSync(Explorer.run(told(protocol, model, pieces), conditions))
              const expected = run(waiting(1), Model.threaded)
              for (const model of [Model.threaded, Model.select, Model.iterative, Model.single]) {
                expect(run(waiting(concurrency), model), model.name).toEqual(expected)
              }
            }
          ),
          { numRuns: 60, seed: 0 }
        )
      )
  )

  virtual.it(
    "3. As many as may be evaluated together take the time of one, and all others wait.",
    () =>
      each(virtual, many, (model) =>
        Effect.gen(function*() {
          const server = yield* serve(waiting(10), { model, idleTimeout: "50 millis" })
          const peer = yield* Peer.connect(server.address)
          const begun = yield* Clock.currentTimeMillis
          yield* peer.write("wait 1000\n".repeat(20) + "now 1\n")
          for (let i = 0; i < 20; i++) {
            yield* peer.readLine
            expect((yield* Clock.currentTimeMillis) - begun).toBe(i < 10 ? 1000 : 2000)
          }
          expect(yield* peer.readLine).toBe("now 1")
        }))
  )
})

describe.each<Stage>([virtual, tcp, unix])("Requests evaluated together, on %s", (stage) => {
  stage.it(
    "3. Each may wait for those behind it, and they are answered in order.",
    () =>
      each(stage, many, (model) =>
        Effect.gen(function*() {
          const last = yield* Deferred.make<void>()
          let underWay = 0
          let most = 0
          const protocol = Protocol.requestReply({
            name: "waiting for the last",
            framing: Framing.line,
            concurrency: 50,
            reply: (text) =>
              Effect.gen(function*() {
                most = Math.max(most, ++underWay)
                if (text === "50") yield* Deferred.succeed(last, undefined)
                yield* Deferred.await(last)
                underWay--
                return text
              })
          })
          const server = yield* serve(protocol, { model })
          const peer = yield* Peer.connect(server.address)
          const lines = Array.from({ length: 200 }, (_, i) => `${i + 1}\n`).join("")
          yield* peer.write(lines)
          yield* peer.end
          expect((yield* peer.readToEnd).toString()).toBe(lines)
          expect(most).toBe(50)
        }))
  )

  stage.it(
    "3. A stop answers all that are under way, and those behind them.",
    () =>
      each(stage, many, (model) =>
        Effect.gen(function*() {
          const begun = yield* Deferred.make<void>()
          const goOn = yield* Deferred.make<void>()
          const protocol = Protocol.requestReply({
            name: "waiting for the stop",
            framing: Framing.line,
            concurrency: 2,
            reply: (text) =>
              Deferred.succeed(begun, undefined).pipe(Effect.zipRight(Deferred.await(goOn)), Effect.as(text))
          })
          const server = yield* serve(protocol, { model })
          const peer = yield* Peer.connect(server.address)
          yield* peer.write("1\n2\n3\n4\n5\n")
          yield* Deferred.await(begun)
          yield* Effect.fork(server.stop)
          yield* server.until("Draining", 1)
          yield* Deferred.succeed(goOn, undefined)
          expect((yield* peer.readToEnd).toString()).toBe("1\n2\n3\n4\n5\n")
          yield* peer.close
          expect(yield* server.ended).toEqual({ accepted: 1, cut: 0 })
        }))
  )

  stage.it("3. `once` answers one, whatever else came with it.", () =>
    Effect.gen(function*() {
      const server = yield* serve(waiting(10), { model: Model.once })
      const peer = yield* Peer.connect(server.address)
      yield* peer.write("wait 5\nwait 1\nnow 0\n")
      expect((yield* peer.readToEnd).toString()).toBe("wait 5\n")
      yield* peer.close
      yield* server.ended
    }).pipe(Effect.scoped, Effect.provide(stage.network)))
})

it("A concurrency is a whole number from 1 on", () => {
  for (const concurrency of [0, -1, 1.5, NaN, Infinity]) {
    expect(() => waiting(concurrency)).toThrow(`${concurrency} is no concurrency: a whole number from 1 on is`)
  }
})
