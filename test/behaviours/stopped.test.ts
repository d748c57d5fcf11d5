import { describe, expect, it } from "@effect/vitest"
import * as Effect from "effect/Effect"
import type * as net from "node:net"
import { fileURLToPath } from "node:url"
import * as Peer from "../cli/Peer.js"
import * as Switchboard from "../cli/Switchboard.js"
import { dial, flood } from "./support/crowd.js"
import * as faketime from "./support/faketime.js"
import * as ServerProcess from "./support/ServerProcess.js"

const hour = 3600

const closed = (socket: net.Socket): Effect.Effect<void> =>
  Effect.async((resume) => {
    if (socket.closed) resume(Effect.void)
    else socket.once("close", () => resume(Effect.void))
  })

describe.each(["threaded", "select"] as const)("A process that was not always there, under %s", (model) => {
  it.scopedLive("33. Stopped for longer than all deadlines, and continued: who is over a limit is cut, who has asked in time is served on.", () =>
    Effect.gen(function*() {
      const limit = 1000
      const server = yield* ServerProcess.start({
        model,
        protocol: "much",
        idleTimeout: limit,
        requestTimeout: limit,
        writeTimeout: limit
      })
      const asks = yield* Peer.connect(server.port)
      const [silent, unfinished, deaf] = yield* Effect.all([dial(server.port), dial(server.port), dial(server.port)])
      for (const socket of [silent, unfinished]) socket.resume()
      flood(deaf, Buffer.alloc(65_536, "a line\n"))
      unfinished.write("half a li")
      let answered = 0
      const answer = Effect.suspend(() => asks.received(++answered * 1001))
      yield* asks.send("a\n")
      yield* answer
      process.kill(server.pid, "SIGSTOP")
      yield* asks.send("b\n")
      yield* Effect.sleep(limit + 200)
      process.kill(server.pid, "SIGCONT")
      yield* answer
      const cut = Effect.forEach([silent, unfinished, deaf], closed, { concurrency: "unbounded" })
      yield* Effect.raceFirst(cut, Effect.forever(Effect.zipRight(asks.send("c\n"), answer)))
      const { counts } = yield* server.until({ open: 1 })
      const { Accepted, Listening, ...ends } = counts
      expect({ Accepted, Listening }).toEqual({ Accepted: 4, Listening: 1 })
      // Which of its limits, where it is over two, is a matter of a millisecond.
      for (const name of Object.keys(ends)) expect(name).toMatch(/^Closed (Idle|Request|Write)Timeout$/)
      expect(Object.values(ends).reduce((sum, count) => sum + count, 0)).toBe(3)
    }))

  it.scopedLive.skipIf(faketime.library === undefined)(
    "33. The wall clock steps back and forth by an hour: what is sent by time goes on, who is silent is closed in time, nobody is closed early, and the drain is not cut.",
    () =>
      Effect.gen(function*() {
        const clock = yield* faketime.make(0)
        const ticks = fileURLToPath(new URL("../fixtures/protocols/ticks.mjs", import.meta.url))
        const args = [model, ticks, "--idle-timeout", "2 seconds", "--drain-timeout", "1 minute"]
        const server = yield* Switchboard.serve(args, { env: clock.env })
        const silent = yield* Peer.connect(server.port)
        yield* silent.received(1)
        yield* clock.set(-hour)
        // It is closed, and in the meantime it was sent what was due: ten ticks a second.
        const { error, text } = yield* silent.ended
        expect(error).toBeUndefined()
        expect(text.length).toBeGreaterThan(10 * "tick\n".length)

        const other = yield* Peer.connect(server.port)
        const before = yield* other.received(1)
        yield* clock.set(hour)
        yield* other.received(before.length + 5 * "tick\n".length)
        yield* other.send("still here?\n")
        yield* server.stderr.find(/connected to .*\n/)
        yield* Effect.sync(() => server.child.kill("SIGTERM"))
        yield* server.stderr.find(/stopping/)
        yield* clock.set(-hour)
        expect((yield* other.ended).text).toMatch(/^(tick\n){6,}still here\?\n$/)
        other.socket.end()
        expect(yield* server.exit).toEqual({ code: 0, signal: null })
      })
  )
})
