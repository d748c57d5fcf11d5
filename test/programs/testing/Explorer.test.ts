import { describe, expect, it } from "@effect/vitest"
import { Echo, Framing, Model, Protocol, Server } from "effect-switchboard"
import { Explorer, Peer, Transcript } from "effect-switchboard/testing"
import * as Effect from "effect/Effect"

/** Counts the requests of all clients: reads the counter, pauses, and writes it. */
const racy = () => {
  let counter = 0
  return Protocol.requestReply({
    name: "racy",
    framing: Framing.line,
    reply: () =>
      Effect.gen(function*() {
        const read = counter
        yield* Effect.sleep("10 millis")
        counter = read + 1
        return String(counter)
      })
  })
}

/** The same with nothing between reading and writing. */
const sound = () => {
  let counter = 0
  return Protocol.requestReply({
    name: "sound",
    framing: Framing.line,
    reply: () => Effect.delay(Effect.sync(() => String(++counter)), "10 millis")
  })
}

/** Two clients, 30 ms apart: on a network that takes no time, the second comes when the first has been answered. */
const twoClients = (protocol: () => Protocol.TextProtocol) =>
  Effect.gen(function*() {
    const server = yield* Server.make(protocol(), { model: Model.threaded })
    const client = Effect.gen(function*() {
      const peer = yield* Peer.connect(server.address)
      yield* peer.write("add\n")
      return yield* peer.readLine
    })
    const replies = yield* Effect.all([client, Effect.delay(client, "30 millis")], { concurrency: "unbounded" })
    yield* Effect.when(Effect.fail(`both were told ${replies[0]}`), () => replies[0] === replies[1])
  })

/** Asks three times on one connection. */
const threeRequests = Effect.gen(function*() {
  const server = yield* Server.make(Echo.protocol, { model: Model.select })
  const peer = yield* Peer.connect(server.address)
  for (const request of ["one", "two", "three"]) {
    yield* peer.write(`${request}\n`)
    expect(yield* peer.readLine).toBe(request)
  }
})

describe("Explorer.run", () => {
  it.effect("gives what the scenario does", () =>
    Effect.gen(function*() {
      expect(yield* Explorer.run(Effect.succeed(1))).toBe(1)
    }))

  it.effect("tells of a scenario that broke, what broke and what had happened", () =>
    Effect.gen(function*() {
      const scenario = Effect.andThen(threeRequests, Effect.die("the fourth"))
      const { message } = yield* Effect.flip(Explorer.run(scenario, { latency: 5 }))
      expect(message).toContain("The scenario broke.\n\nError: the fourth")
      expect(message).toContain(`The network: {"latency":5}`)
      expect(message).toContain(`      15 ms  #1 → "one\\n"\n      20 ms  #1 ← "one\\n"\n`)
    }))
})

describe("Explorer.explore", () => {
  it.effect("finds a planted race, takes away what it does not need, and prints its timeline", () =>
    Effect.gen(function*() {
      yield* Explorer.run(twoClients(racy), {})
      const found = yield* Effect.flip(Explorer.explore(twoClients(racy)))
      expect(Object.keys(found.conditions).toSorted()).toEqual(["jitter", "seed"])
      expect(found.message).toContain("both were told 1")
      expect(found.message).toContain(`The network: {"jitter":`)
      expect(found.message).toContain("client:49152 → localhost:1234 connected")
      expect(found.message).toContain(`#1 ← "1\\n"`)
      expect(found.message).toContain(`#2 ← "1\\n"`)
    }))

  it.effect("replays what it found, byte for byte", () =>
    Effect.gen(function*() {
      const found = yield* Effect.flip(Explorer.explore(twoClients(racy)))
      const again = yield* Effect.flip(Explorer.run(twoClients(racy), found.conditions))
      expect(Transcript.format(again.transcript)).toBe(Transcript.format(found.transcript))
      expect(again.transcript).toEqual(found.transcript)
    }))

  it.effect("finds nothing wrong with a protocol without a race", () => Explorer.explore(twoClients(sound)))

  it.effect("resets connections only where it is asked to, and needs one reset to break a conversation", () =>
    Effect.gen(function*() {
      yield* Explorer.explore(threeRequests)
      const found = yield* Effect.flip(Explorer.explore(threeRequests, { networks: Explorer.networks({ cuts: true }) }))
      const { seed: _, ...conditions } = found.conditions
      expect(conditions).toEqual({
        faults: [{ _tag: "Cut", connection: 1, direction: expect.any(String), byte: 0 }]
      })
      expect(found.message).toContain("The connection to")
    }))

  it.effect("counts a program that never ends as broken", () =>
    Effect.gen(function*() {
      const found = yield* Effect.flip(Explorer.explore(Effect.never))
      expect(found.search).toEqual({ runs: 1, shrinks: expect.any(Number) })
      expect(found.message).toContain("nothing more will happen")
    }))
})
