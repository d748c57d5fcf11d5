// What `serve --delay` and `--jitter` make of a protocol, on the virtual network: time is exact, and chance has a seed.
import { describe, expect, it } from "@effect/vitest"
import { Client, Echo, Model, Protocol, Server, TextClient } from "effect-switchboard"
import { Simulation, VirtualNetwork } from "effect-switchboard/testing"
import * as Clock from "effect/Clock"
import * as Duration from "effect/Duration"
import * as Effect from "effect/Effect"
import * as Framing from "../../../../src/domain/Framing.js"
import { delayed } from "../../../../src/programs/command/serve/delayed.js"

const echo = Protocol.withFraming(Echo.protocol, Framing.line)
const text = { ...TextClient.protocol, framing: Framing.line }

/** When each of so many clients, who ask together, has its answer. */
const answers = (model: Model.Model, delay: number, jitter: number, clients: number, seed = 1): ReadonlyArray<number> =>
  Effect.gen(function*() {
    const protocol = delayed(echo, Duration.millis(delay), Duration.millis(jitter))
    const server = yield* Server.make(protocol, { model })
    const start = yield* Clock.currentTimeMillis
    const ask = Effect.gen(function*() {
      expect(yield* Client.ask(text, "hello", { ...server.address, timeout: "1 minute" })).toBe("hello")
      return (yield* Clock.currentTimeMillis) - start
    })
    return yield* Effect.all(Array.from({ length: clients }, () => ask), { concurrency: "unbounded" })
  }).pipe(
    Effect.scoped,
    Effect.provide(VirtualNetwork.layer()),
    (program) => Effect.runSync(Simulation.run(program, { seed }))
  )

describe("serve --delay", () => {
  it("under threaded two who ask together have their answers together; under select one waits for the other", () => {
    expect(answers(Model.threaded, 1000, 0, 2)).toEqual([1000, 1000])
    expect(answers(Model.select, 1000, 0, 2)).toEqual([1000, 2000])
  })

  it("with --jitter an answer takes longer by chance, within its bounds, and the same for the same seed", () => {
    const times = answers(Model.threaded, 1000, 500, 50)
    expect(Math.min(...times)).toBeGreaterThanOrEqual(1000)
    expect(Math.max(...times)).toBeLessThanOrEqual(1500)
    expect(new Set(times).size).toBeGreaterThan(20)
    expect(answers(Model.threaded, 1000, 500, 50)).toEqual(times)
  })

  it("of nothing leaves the protocol as it is", () => {
    expect(delayed(echo, Duration.zero, Duration.zero)).toBe(echo)
  })
})
