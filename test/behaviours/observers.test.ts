import { describe, expect } from "@effect/vitest"
import { Echo, Framing, Observer, Protocol, Server } from "effect-switchboard"
import { Peer } from "effect-switchboard/testing"
import * as Cause from "effect/Cause"
import * as Effect from "effect/Effect"
import * as HashMap from "effect/HashMap"
import * as Logger from "effect/Logger"
import { each, exchange, many, serve, virtual } from "./support/stages.js"

const echo = Protocol.withFraming(Echo.protocol, Framing.line)

interface Logged {
  readonly text: string
  readonly cause: string
  readonly server: unknown
}

/** Keeps what is logged. */
const keeping = (log: Array<Logged>) =>
  Logger.replace(
    Logger.defaultLogger,
    Logger.make(({ annotations, cause, message }) =>
      void log.push({
        text: String(message),
        cause: Cause.pretty(cause),
        server: HashMap.toEntries(annotations).find(([key]) => key === "server")?.[1]
      })
    )
  )

describe("Observers, on the virtual network", () => {
  virtual.it("38. An observer that throws is told, and nothing else changes.", () =>
    each(virtual, many, (model) => {
      const log: Array<Logged> = []
      const observer: Observer.Shape = {
        messages: true,
        observe: () => {
          throw new Error("an observer's bug")
        },
        timings: {
          requests: () => {
            throw new Error("another bug")
          },
          stall: () => {}
        }
      }
      return Effect.gen(function*() {
        const server = yield* Server.make(echo, { model })
        for (const text of ["one", "two"]) {
          const peer = yield* Peer.connect(server.address)
          expect(yield* exchange(peer, text)).toBe(text)
          yield* peer.close
        }
        // Complaints come once a second at the most.
        yield* Effect.sleep("5 seconds")
        expect(yield* server.connections).toBe(0)
        expect(yield* server.stop).toEqual({ accepted: 2, cut: 0 })
        expect(log.map(({ text }) => text)).toEqual([
          "The observer of localhost:1234 threw when it was told of Listening",
          expect.stringMatching(/^The observer of localhost:1234 threw when it was told of Draining, \d+ times$/)
        ])
        expect(log[0]!.cause).toContain("an observer's bug")
      }).pipe(Effect.provideService(Observer.Observer, observer), Effect.provide(keeping(log)))
    }))

  virtual.it(
    "29. Where nobody observes, a protocol's failure is logged with its cause, and the server's name.",
    () =>
      each(virtual, many, (model) => {
        const log: Array<Logged> = []
        const failing = Protocol.requestReply({
          name: "failing",
          framing: Framing.line,
          reply: () => Effect.fail("no luck")
        })
        return Effect.gen(function*() {
          const server = yield* Server.make(failing, { model, name: "the unlucky" })
          const peer = yield* Peer.connect(server.address)
          yield* peer.write("anything\n")
          yield* peer.readToEnd
          expect(log).toEqual([{ text: "Failed", cause: expect.stringContaining("no luck"), server: "the unlucky" }])
        }).pipe(Effect.provide(keeping(log)))
      })
  )
})

describe("A server's clients, on the virtual network", () => {
  virtual.it(
    "are listed, each can be disconnected by its id, and every event says which server.",
    () =>
      each(virtual, many, (model) =>
        Effect.gen(function*() {
          const server = yield* serve(echo, { model, name: "here" })
          const [first, second] = yield* Effect.all([Peer.connect(server.address), Peer.connect(server.address)])
          yield* exchange(first, "hello")
          yield* exchange(second, "hi")
          yield* Effect.sleep("2 seconds")
          expect((yield* server.list).map(({ bytesIn, id, requests }) => ({ bytesIn, id, requests }))).toEqual([
            { id: 1, requests: 1, bytesIn: 6 },
            { id: 2, requests: 1, bytesIn: 3 }
          ])
          expect(yield* server.disconnect(1)).toBe(true)
          expect(yield* server.disconnect(7)).toBe(false)
          expect((yield* first.readToEnd).length).toBe(0)
          expect(yield* exchange(second, "still here")).toBe("still here")
          yield* first.close
          yield* server.until("Closed", 1)
          expect(server.of("Closed")).toMatchObject([{ id: 1, reason: "ServerClosed" }])
          expect(new Set(server.events.map((event) => event.server))).toEqual(new Set(["here"]))
        }))
  )
})
