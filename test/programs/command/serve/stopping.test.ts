import { expect, it } from "@effect/vitest"
import * as Duration from "effect/Duration"
import * as Effect from "effect/Effect"
import * as Fiber from "effect/Fiber"
import * as TestClock from "effect/TestClock"
import { stopping } from "../../../../src/programs/command/serve/stopping.js"
import type { Server } from "../../../../src/programs/server/Server.js"

it.effect("A server says for the drain's delay that it is not ready before it stops, whoever else asks meanwhile", () =>
  Effect.gen(function*() {
    const told: Array<string> = []
    const report = { accepted: 3, cut: 0 }
    const server = { stop: Effect.sync(() => (told.push("stop"), report)) } as unknown as Server
    const stop = stopping(server, Duration.seconds(5), () => told.push("not ready"))
    const first = yield* Effect.fork(stop)
    yield* TestClock.adjust("3 seconds")
    const second = yield* Effect.fork(stop)
    yield* Fiber.interrupt(first)
    yield* TestClock.adjust("1999 millis")
    expect(told).toEqual(["not ready"])
    yield* TestClock.adjust("1 millis")
    expect(yield* Fiber.join(second)).toEqual(report)
    expect(told).toEqual(["not ready", "stop"])
  }))
