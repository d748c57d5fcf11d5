import { describe, expect, it } from "@effect/vitest"
import type { ServerEvent } from "effect-switchboard"
import * as Effect from "effect/Effect"
import { readFileSync } from "node:fs"
import * as Crowd from "./support/crowd.js"
import { flood } from "./support/crowd.js"
import * as ServerProcess from "./support/ServerProcess.js"
import { crowd, encrypted, many, tcp, webSocket } from "./support/wires.js"

const KiB = 1024
const MiB = 1024 * KiB

/** The most descriptors that this process, and one it starts, may have. */
const mostDescriptors = Number(/^Max open files\s+\S+\s+(\d+)/m.exec(readFileSync("/proc/self/limits", "utf8"))?.[1])

/** How many are idle, by each: a handshake of TLS costs both sides a millisecond. */
const idle = {
  tcp: ["23. 10,000 idle connections, then one request on each: all answered.", 10_000],
  tls: ["23. 500 idle connections by TLS, then one request on each: all answered.", 500],
  webSocket: ["23. 1,000 idle connections by WebSocket, then one request on each: all answered.", 1000]
} as const

describe.each([[tcp, "threaded"], [tcp, "select"], [encrypted, "select"], [webSocket, "threaded"]] as const)(
  "Pressure, by %s, under %s",
  (wire, model) => {
    const { ask, dial, name } = wire

    it.scoped(
      "21. While a handler is busy, bytes taken from its peer stay under the high-water mark: the sender blocks.",
      () =>
        Effect.gen(function*() {
          const server = yield* ServerProcess.start({ model, protocol: "stuck", wire: name })
          const client = yield* dial(server.port)
          flood(client, many(wire, "a line"))
          const { taken } = yield* server.atRest
          expect(client.writableLength).toBeGreaterThan(0)
          expect(taken).toBeLessThanOrEqual(256 * KiB)
        }),
      30_000
    )

    it.scoped(
      "22. A peer that floods requests and reads nothing costs at most 256 KiB; under a 150 MiB memory limit the server serves on.",
      () =>
        Effect.gen(function*() {
          // Node 24 lets its young generation alone grow to a hundred MiB, if it is not told otherwise.
          const flags = ["--max-old-space-size=64", "--max-semi-space-size=8"]
          const server = yield* ServerProcess.start({ model, protocol: "much", wire: name }, flags)
          const flooders = yield* crowd(wire, server.port, 100)
          const before = yield* server.until({ open: 100 })
          for (const flooder of flooders) flood(flooder, many(wire, "a line"))
          const after = yield* server.atRest
          expect((after.held - before.held) / flooders.length).toBeLessThanOrEqual(256 * KiB)
          expect(after.peak).toBeLessThanOrEqual(150 * MiB)
          // Those who do not read are not looked after again and again.
          expect(yield* server.watch(500)).toBeLessThan(250)
          expect(yield* ask(yield* dial(server.port), "x")).toBe("x".repeat(1000))
        }),
      30_000
    )

    const [answered, size] = idle[name]
    it.scoped.skipIf(mostDescriptors < size + 300)(answered, () =>
      Effect.gen(function*() {
        const server = yield* ServerProcess.start({ model, protocol: "calc", wire: name })
        const clients = yield* crowd(wire, server.port, size)
        yield* server.until({ open: size })
        const replies = yield* Effect.forEach(clients, (client, i) => ask(client, `${i} + 1`), {
          concurrency: "unbounded"
        })
        expect(replies).toEqual(clients.map((_, i) => String(i + 1)))
      }), 60_000)
  }
)

describe.each([tcp, encrypted, webSocket])("Pressure, by %s", (wire) => {
  const { ask, dial, name } = wire

  const exhausted =
    "24. Out of file descriptors: new clients wait or are refused, live ones go on, it is logged once a second at most, CPU stays low, and service returns by itself. A connection cap above the descriptor limit is lowered at start, with a warning."

  it.scoped(exhausted, () =>
    Effect.gen(function*() {
      const server = yield* ServerProcess.start({ model: "threaded", protocol: "echo", descriptors: 64, wire: name })
      expect(server.notices.map(({ event }) => event)).toMatchObject([{
        _tag: "CapLowered",
        asked: 10_000
      }])

      // More clients than there is room for, again and again, until it was said often enough that there is none.
      const often = wire === tcp ? 3 : 2
      const live = yield* crowd(wire, server.port, 10)
      yield* server.until({ open: 10 })
      while (server.notices.length < 1 + often) yield* Effect.scoped(crowd(wire, server.port, 60))
      const times = server.notices.slice(1).map(({ at, event }) => {
        expect(event._tag).toBe("Exhausted")
        return at
      })
      for (const [i, at] of times.slice(1).entries()) expect(at - times[i]!).toBeGreaterThan(990)

      // And then the rest of the process takes the last of them.
      yield* server.until({ open: 10 })
      expect(yield* server.hoard).toBeGreaterThan(0)
      const late = yield* Crowd.crowd(server.port, 10)
      expect(yield* Effect.forEach(live, (client) => ask(client, "still here"))).toEqual(live.map(() => "still here"))
      expect(yield* server.watch(500)).toBeLessThan(250)
      yield* server.unhoard
      for (const client of late) client.destroy()
      expect(yield* ask(yield* dial(server.port), "back")).toBe("back")
    }), 60_000)
})

it.scoped("24. As many clients as the server says it can have are served, under any limit on descriptors.", () =>
  Effect.gen(function*() {
    const server = yield* ServerProcess.start({ model: "threaded", protocol: "echo", descriptors: 64 })
    const event = server.notices[0]!.event as ServerEvent.CapLowered
    expect(event.granted).toBeGreaterThan(16)
    const all = yield* Crowd.crowd(server.port, event.granted)
    expect(yield* Effect.forEach(all, (client) => tcp.ask(client, "served"))).toEqual(all.map(() => "served"))
  }))
