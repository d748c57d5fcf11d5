import { describe, expect, it } from "@effect/vitest"
import { Chars, Model, Server } from "effect-switchboard"
import { Peer, Simulation, Transcript, VirtualNetwork } from "effect-switchboard/testing"
import * as Clock from "effect/Clock"
import * as Effect from "effect/Effect"
import * as Exit from "effect/Exit"
import * as Random from "effect/Random"
import { setImmediate } from "node:timers/promises"

/** Listens for ten seconds. */
const client = (server: Server.Server) =>
  Effect.gen(function*() {
    const peer = yield* Peer.connect(server.address)
    yield* Effect.sleep("10 seconds")
    yield* peer.end
    return yield* peer.readToEnd
  })

/** Twenty clients of the random-character server, each for ten seconds. Gives what each got, and the timeline. */
const crowd = (seed: number, model: Model.Model = Model.select) => {
  return Effect.gen(function*() {
    const server = yield* Server.make(Chars.protocol, { model })
    const network = yield* VirtualNetwork.VirtualNetwork
    const replies = yield* Effect.all(Array.from({ length: 20 }, () => client(server)), { concurrency: "unbounded" })
    return { replies, timeline: Transcript.format(yield* network.transcript) }
  }).pipe(
    Effect.scoped,
    Effect.provide(VirtualNetwork.layer({ latency: "20 millis", jitter: "30 millis" })),
    (program) => Effect.runSync(Simulation.run(program, { seed }))
  )
}

/** The messages in what a client got: the wait each tells of, and its characters. */
const messages = (bytes: Buffer): ReadonlyArray<{ readonly waited: number; readonly characters: string }> => {
  const codec = Chars.clientFraming.open(65_536)
  codec.push(bytes)
  const found = []
  for (let message = codec.next(); message !== undefined; message = codec.next()) {
    found.push({
      waited: Number(message.header["sleep_time"]),
      characters: Buffer.from(message.content).toString()
    })
  }
  expect(codec.error).toBeUndefined()
  return found
}

describe("Simulation.run", () => {
  it("takes no time, however long the program waits", () => {
    const program = Effect.zipRight(Effect.sleep("8 hours"), Clock.currentTimeMillis)
    expect(Effect.runSync(Simulation.run(program))).toBe(8 * 60 * 60 * 1000)
  })

  it("wakes those who wake at the same time in the order in which they went to sleep", () => {
    const woken: Array<number> = []
    const sleeper = (n: number) => Effect.andThen(Effect.sleep("1 second"), Effect.sync(() => woken.push(n)))
    Effect.runSync(Simulation.run(Effect.all([1, 2, 3, 4, 5].map(sleeper), { concurrency: "unbounded" })))
    expect(woken).toEqual([1, 2, 3, 4, 5])
  })

  it("draws the same chances from the same seed", () => {
    const [first, again, other] = [1, 1, 2].map((seed) => Effect.runSync(Simulation.run(Random.nextInt, { seed })))
    expect(again).toBe(first)
    expect(other).not.toBe(first)
  })

  it("gives the program's own failures and defects", () => {
    expect(Effect.runSyncExit(Simulation.run(Effect.fail("no")))).toEqual(Exit.fail("no"))
    expect(Effect.runSyncExit(Simulation.run(Effect.die("bug")))).toEqual(Exit.die("bug"))
  })

  it("does not move the clock for a sleep that was interrupted", () => {
    const program = Effect.andThen(Effect.timeoutOption(Effect.sleep("1 second"), "1 hour"), Clock.currentTimeMillis)
    expect(Effect.runSync(Simulation.run(program))).toBe(1000)
  })

  it("fails, and runs the finalizers, when the program waits for what never comes", () => {
    let isFinalized = false
    const program = Effect.never.pipe(
      Effect.ensuring(Effect.andThen(Effect.sleep("1 second"), Effect.sync(() => (isFinalized = true))))
    )
    expect(Effect.runSync(Effect.flip(Simulation.run(program)))).toMatchObject({ reason: "nothing to come" })
    expect(isFinalized).toBe(true)
  })

  it("fails when the program takes longer than it may", () => {
    const program = Effect.forever(Effect.sleep("1 minute"))
    const stuck = Effect.runSync(Effect.flip(Simulation.run(program, { limit: "1 hour" })))
    expect(stuck.message).toBe("After 1h the program still runs: allow it more time, if that is no mistake.")
  })

  it("fails when the program is so busy that its clock stands still", () => {
    for (const restless of [Effect.yieldNow(), Effect.sleep(0)]) {
      const stuck = Effect.runSync(Effect.flip(Simulation.run(Effect.forever(restless))))
      expect(stuck).toMatchObject({ reason: "too busy" })
    }
  })

  it("gives the same timeline, byte for byte, for the same seed", () => {
    for (const model of [Model.select, Model.threaded]) {
      expect(crowd(7, model).timeline).toBe(crowd(7, model).timeline)
      expect(crowd(7, model).timeline).not.toBe(crowd(8, model).timeline)
    }
  })

  it("runs 1,000 seeds of 20 clients against the random-character server", { timeout: 120_000 }, async () => {
    for (let seed = 0; seed < 1000; seed++) {
      // Simulations hold the thread; the test runner wants it now and then.
      await setImmediate()
      const { replies } = crowd(seed)
      expect(replies.length).toBe(20)
      for (const reply of replies) {
        let elapsed = 0
        for (const { characters, waited } of messages(reply)) {
          elapsed += waited
          if (waited < 1 || waited > 5 || !/^[A-Za-z0-9]{1,5}$/.test(characters)) expect.fail(`seed ${seed}`)
        }
        // The next message would have come after the ten seconds: no client's wait delayed another's.
        if (elapsed > 10 || elapsed < 5) expect.fail(`seed ${seed}: ${elapsed} s`)
      }
    }
  })
})
