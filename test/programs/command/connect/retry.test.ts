import { describe, expect, it } from "@effect/vitest"
import * as Clock from "effect/Clock"
import * as Effect from "effect/Effect"
import * as Fiber from "effect/Fiber"
import * as TestClock from "effect/TestClock"
import { ConnectionClosed, ConnectionRefused } from "../../../../src/domain/NetworkError.js"
import { fromMessages } from "../../../../src/programs/command/connect/Lines.js"
import { Replay, upTo } from "../../../../src/programs/command/connect/retry.js"

const address = { host: "127.0.0.1", port: 1234 }
const refused = new ConnectionRefused({ address, reason: "not listening" })

describe("upTo", () => {
  it.effect("waits 100 ms, then twice as long each time, up to 5 seconds", () =>
    Effect.gen(function*() {
      const times: Array<number> = []
      const attempt = Effect.zipRight(
        Effect.map(Clock.currentTimeMillis, (now) => times.push(now)),
        Effect.fail(refused)
      )
      const retrying = yield* Effect.fork(Effect.flip(upTo(8)(attempt, () => {})))
      yield* TestClock.adjust("1 minute")
      expect(yield* Fiber.join(retrying)).toBe(refused)
      expect(times).toEqual([0, 100, 300, 700, 1500, 3100, 6300, 11_300, 16_300])
    }))

  it.effect("says each time why, and how often it still tries, but not when it gives up", () =>
    Effect.gen(function*() {
      const said: Array<string> = []
      const retrying = yield* Effect.fork(Effect.flip(upTo(2)(Effect.fail(refused), (line) => said.push(line))))
      yield* TestClock.adjust("1 minute")
      yield* Fiber.join(retrying)
      expect(said).toEqual([
        `${refused.message} Trying again, 2 times at the most.`,
        `${refused.message} Trying again, once at the most.`
      ])
    }))

  it.effect("does not try again after anything but a refusal", () =>
    Effect.gen(function*() {
      const said: Array<string> = []
      const lost = new ConnectionClosed({ address })
      expect(yield* Effect.flip(upTo(5)(Effect.fail(lost), (line) => said.push(line)))).toBe(lost)
      expect(said).toEqual([])
    }))
})

describe("Replay", () => {
  it.effect("gives the lines again as long as none is answered, and the rest after that", () =>
    Effect.gen(function*() {
      const lines = new Replay(fromMessages(["a", "b", "c"]))
      expect([yield* lines.next, yield* lines.next]).toEqual(["a", "b"])
      lines.rewind()
      expect(yield* lines.next).toBe("a")
      lines.answered()
      expect([yield* lines.next, yield* lines.next, yield* lines.next]).toEqual(["b", "c", undefined])
    }))

  it.effect("has its end again, too", () =>
    Effect.gen(function*() {
      const lines = new Replay(fromMessages(["a"]))
      expect([yield* lines.next, yield* lines.next]).toEqual(["a", undefined])
      lines.rewind()
      expect([yield* lines.next, yield* lines.next]).toEqual(["a", undefined])
    }))
})
