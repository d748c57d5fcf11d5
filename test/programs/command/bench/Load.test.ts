// Loads on a virtual network, whose time is the test's own.
import { describe, expect, it } from "@effect/vitest"
import * as Duration from "effect/Duration"
import * as Effect from "effect/Effect"
import * as Fiber from "effect/Fiber"
import * as TestClock from "effect/TestClock"
import * as Framing from "../../../../src/domain/Framing.js"
import type { TextProtocol } from "../../../../src/domain/Protocol.js"
import * as Protocol from "../../../../src/domain/Protocol.js"
import type * as Conditions from "../../../../src/domain/testing/Conditions.js"
import * as Load from "../../../../src/programs/command/bench/Load.js"
import * as Workload from "../../../../src/programs/command/bench/Workload.js"
import * as Echo from "../../../../src/programs/protocols/Echo.js"
import * as Model from "../../../../src/programs/server/Model.js"
import * as Server from "../../../../src/programs/server/Server.js"
import * as VirtualNetwork from "../../../../src/services/VirtualNetwork.js"

interface Settings extends Partial<Omit<Load.Options, "duration" | "warmUp">> {
  readonly seconds?: number
  readonly warmUpSeconds?: number
  readonly messages?: ReadonlyArray<string>
  /** What the server speaks; the load takes it for an echo. */
  readonly protocol?: TextProtocol
}

/** Puts a server under load, and moves the clock to the end of it. */
const load = (conditions: Conditions.Options, settings: Settings) => {
  const { messages = ["hello"], protocol = Echo.protocol, seconds = 1, warmUpSeconds = 0, ...options } = settings
  return Effect.gen(function*() {
    const server = yield* Server.make(protocol, { model: Model.select })
    const workload = yield* Workload.make(Echo.protocol, messages, "line")
    const timeout = Duration.seconds(2)
    const load = yield* Effect.flatMap(
      Load.make(server.address, workload, {
        connections: 1,
        depth: 1,
        rate: undefined,
        timeout,
        ...options,
        duration: Duration.seconds(seconds),
        warmUp: Duration.seconds(warmUpSeconds)
      }),
      ({ run }) => run
    ).pipe(Effect.scoped, Effect.fork)
    yield* TestClock.adjust("100 millis")
    yield* TestClock.adjust(Duration.sum(Duration.seconds(seconds + warmUpSeconds), timeout))
    return yield* Fiber.join(load)
  }).pipe(Effect.scoped, Effect.provide(VirtualNetwork.layer({ seed: 1, ...conditions })))
}

describe("a load without a rate", () => {
  it.effect("asks again when it is answered: connections times depth, every round trip", () =>
    Effect.gen(function*() {
      const { latency, replies, requestsPerSecond, seconds } = yield* load(
        { latency: "25 millis" },
        { connections: 3, depth: 4, seconds: 2 }
      )
      expect(seconds).toBe(2)
      expect(replies).toBe(3 * 4 * 2000 / 50)
      expect(requestsPerSecond).toBe(replies / 2)
      expect([latency.min, latency.mean, latency.max].map(Math.round)).toEqual([50, 50, 50])
    }))

  it.effect("leaves the warm-up out", () =>
    Effect.gen(function*() {
      const slowAtFirst: Conditions.Fault = {
        _tag: "Stall",
        connection: 1,
        direction: "toClient",
        byte: 60,
        duration: "500 millis"
      }
      const { latency, replies, warmUp } = yield* load({ latency: "25 millis", faults: [slowAtFirst] }, {
        seconds: 1,
        warmUpSeconds: 2
      })
      // Of 40 round trips the stall takes nine.
      expect(warmUp).toEqual({ seconds: 2, replies: 31 })
      expect(replies).toBe(20)
      expect(Math.round(latency.max)).toBe(50)
    }))
})

describe("a load with a rate", () => {
  it.effect("has its requests at their times, spread over the connections", () =>
    Effect.gen(function*() {
      const { latency, replies, unsent } = yield* load({ latency: "5 millis" }, {
        rate: 40,
        connections: 4,
        seconds: 2
      })
      expect(replies).toBe(80)
      expect(unsent).toBe(0)
      expect(Math.round(latency.max)).toBe(10)
    }))

  it.effect("charges a stall for every request that was due in it, and not for the one alone that was sent", () =>
    Effect.gen(function*() {
      const stalled = (rate: number | undefined) =>
        load({
          latency: "5 millis",
          // After the 40th reply of 6 bytes nothing comes for a second.
          faults: [{ _tag: "Stall", connection: 1, direction: "toClient", byte: 240, duration: "1 second" }]
        }, { rate, seconds: 4 })

      const corrected = yield* stalled(20)
      expect(corrected.replies).toBe(80)
      // 20 of the 80 were due in the stall, and the first of them waited for all of it.
      expect(corrected.latency.max).toBeCloseTo(1000, -2)
      expect(corrected.latency.percentiles["90"]).toBeGreaterThan(500)
      expect(corrected.latency.percentiles["75"]).toBeGreaterThan(10)
      expect(corrected.latency.percentiles["50"]).toBeCloseTo(10, 0)

      const uncorrected = yield* stalled(undefined)
      expect(uncorrected.latency.max).toBeCloseTo(1000, -2)
      expect(uncorrected.latency.percentiles["99"]).toBeCloseTo(10, 0)
    }))

  it.effect("says how many requests were due that it could not send", () =>
    Effect.gen(function*() {
      // A round trip of 120 ms is all that one connection can do at a time.
      const { replies, unsent } = yield* load({ latency: "60 millis" }, { rate: 40, seconds: 1.99 })
      expect(replies).toBe(16)
      expect(unsent).toBe(80 - 17)
    }))
})

const requestReply = (reply: (text: string) => string) =>
  Protocol.requestReply({
    name: "faulty",
    framing: Framing.line,
    reply: (text: string) => Effect.succeed(reply(text))
  })

/** The connection is cut after ten replies. */
const cut = (connection: number): Conditions.Fault => ({
  _tag: "Cut",
  connection,
  direction: "toClient",
  byte: 60
})

describe("what goes wrong under load", () => {
  it.effect("wrong replies are counted, the first is kept, and the load goes on", () =>
    Effect.gen(function*() {
      const { errors, firstWrong, replies } = yield* load({ latency: "25 millis" }, {
        messages: ["one", "two"],
        protocol: requestReply((text) => text === "two" ? "zwei" : text)
      })
      expect(replies).toBe(20)
      expect(errors).toEqual({ WrongReply: 10 })
      expect(firstWrong).toEqual({ expected: "two", actual: "zwei" })
    }))

  it.effect("requests without a reply are counted when the time for it is up", () =>
    Effect.gen(function*() {
      const silent = Protocol.make<undefined, string, string>({
        name: "silent",
        framing: Framing.line,
        open: () => Effect.succeed({ state: undefined }),
        receive: () => Effect.succeed({ state: undefined })
      })
      const { errors, replies } = yield* load({}, { connections: 2, depth: 3, protocol: silent })
      expect(replies).toBe(0)
      expect(errors).toEqual({ ReplyTimeout: 6 })
    }))

  it.effect("a connection that is lost is counted, and the others go on", () =>
    Effect.gen(function*() {
      const { errors, replies } = yield* load({
        latency: "25 millis",
        faults: [cut(2)]
      }, { connections: 2 })
      expect(errors).toEqual({ ConnectionReset: 1 })
      expect(replies).toBe(20 + 10)
    }))

  it.effect("the load fails when the last connection is lost", () =>
    Effect.gen(function*() {
      const error = yield* Effect.flip(load({ latency: "25 millis", faults: [cut(1), cut(2)] }, { connections: 2 }))
      expect(error).toMatchObject({ _tag: "ConnectionReset", address: { host: "localhost", port: 1234 } })
    }))

  it.effect("a server that served one client and hangs up on the other has not refused", () =>
    Effect.gen(function*() {
      const toServer = { connection: 2, direction: "toServer" } as const
      const faults: ReadonlyArray<Conditions.Fault> = [
        cut(1),
        { _tag: "Stall", ...toServer, byte: 0, duration: "800 millis" },
        { _tag: "Cut", ...toServer, byte: 1 }
      ]
      expect(yield* Effect.flip(load({ latency: "25 millis", faults }, { connections: 2 }))).toMatchObject({
        _tag: "ConnectionReset"
      })
    }))

  it.effect("a server that cuts the connection before it says anything has refused", () =>
    Effect.gen(function*() {
      const error = yield* Effect.flip(
        load({ latency: "25 millis", faults: [{ _tag: "Cut", connection: 1, direction: "toServer", byte: 1 }] }, {})
      )
      expect(error).toMatchObject({ _tag: "ConnectionRefused", reason: "turned away" })
    }))
})
