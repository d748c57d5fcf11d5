import { describe, expect, it } from "@effect/vitest"
import * as Effect from "effect/Effect"
import * as Random from "effect/Random"
import { endianness } from "node:os"
import type { Envelope } from "../../../src/domain/Framing.js"
import * as Chars from "../../../src/programs/protocols/Chars.js"
import * as CharsClient from "../../../src/programs/protocols/CharsClient.js"
import { conversing } from "./conversing.js"

const seeded = (seed: string) => conversing(Chars.protocol).pipe(Effect.withRandom(Random.make(seed)))
const textOf = (message: Envelope | undefined) => Buffer.from(message!.content).toString()
const byteorder = endianness() === "LE" ? "little" : "big"

describe("chars", () => {
  it.effect("waits 1 to 5 whole seconds, sends 1 to 5 characters of A-Z a-z 0-9, and again", () =>
    Effect.gen(function*() {
      const chars = yield* seeded("any")
      expect(chars.opened.send).toEqual([])
      const waits = new Set([chars.opened.wake])
      const lengths = new Set<number>()
      let waited = chars.opened.wake
      for (let i = 0; i < 200; i++) {
        const turn = yield* chars.wake
        expect(turn.send).toHaveLength(1)
        const [message] = turn.send!
        expect(textOf(message)).toMatch(/^[A-Za-z0-9]{1,5}$/)
        expect(message!.header).toEqual({
          byteorder,
          "content-type": "binary/custom-server-binary-type",
          "content-encoding": "binary",
          sleep_time: Number(waited) / 1000
        })
        lengths.add(message!.content.length)
        waits.add(turn.wake)
        waited = turn.wake
      }
      expect(waits).toEqual(new Set([1000, 2000, 3000, 4000, 5000]))
      expect(lengths).toEqual(new Set([1, 2, 3, 4, 5]))
    }))

  it.effect("counts the characters since the last count, and repeats the last wait with it", () =>
    Effect.gen(function*() {
      const chars = yield* seeded("any")
      const statistics = Effect.map(chars.receive(Chars.request("s")), ({ send, wake }) => {
        expect(wake).toBeUndefined()
        return [textOf(send![0]), send![0]!.header["sleep_time"]]
      })
      expect(yield* statistics).toEqual(["Statistics: 0 symbols was delivered", 0])
      const [first] = (yield* chars.wake).send!
      const [second] = (yield* chars.wake).send!
      const sum = first!.content.length + second!.content.length
      expect(yield* statistics).toEqual([`Statistics: ${sum} symbols was delivered`, second!.header["sleep_time"]])
      expect(yield* statistics).toEqual(["Statistics: 0 symbols was delivered", second!.header["sleep_time"]])
    }))

  it.effect("says nothing to a request it does not know", () =>
    Effect.gen(function*() {
      const chars = yield* seeded("any")
      expect((yield* chars.receive(Chars.request("x"))).send).toBeUndefined()
      expect((yield* chars.receive(Chars.request(""))).send).toBeUndefined()
    }))

  it.effect("draws the same characters and waits from the same seed, and others from another", () =>
    Effect.gen(function*() {
      const run = (seed: string) =>
        Effect.gen(function*() {
          const chars = yield* seeded(seed)
          const said: Array<unknown> = [chars.opened.wake]
          for (let i = 0; i < 20; i++) {
            const { send, wake } = yield* chars.wake
            said.push(wake, textOf(send![0]))
          }
          return said
        })
      expect(yield* run("one")).toEqual(yield* run("one"))
      expect(yield* run("one")).not.toEqual(yield* run("two"))
    }))

  it.effect("gives a client what another's requests cannot change: each has a generator of its own", () =>
    Effect.gen(function*() {
      const two = (interleave: boolean) =>
        Effect.gen(function*() {
          const first = yield* conversing(Chars.protocol)
          const second = yield* conversing(Chars.protocol)
          const said: Array<string> = []
          for (let i = 0; i < 10; i++) {
            if (interleave) yield* first.wake
            said.push(textOf((yield* second.wake).send![0]))
          }
          return said
        }).pipe(Effect.withRandom(Random.make("any")))
      expect(yield* two(true)).toEqual(yield* two(false))
    }))

  it.effect("is understood by its client, which gives the content and the seconds waited", () =>
    Effect.gen(function*() {
      const chars = yield* seeded("any")
      const [message] = (yield* chars.wake).send!
      expect(yield* CharsClient.protocol.process(message!)).toEqual({
        content: message!.content,
        sleepTime: message!.header["sleep_time"]
      })
      const wrong = { ...message!, header: { ...message!.header, sleep_time: "3" } }
      expect((yield* Effect.flip(CharsClient.protocol.process(wrong)))._tag).toBe("InvalidFrame")
      expect(yield* CharsClient.protocol.prepare("s")).toEqual({
        header: { byteorder, "content-type": "binary/custom-client-binary-type", "content-encoding": "binary" },
        content: Buffer.from("s")
      })
    }))
})
