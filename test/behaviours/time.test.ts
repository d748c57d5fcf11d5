import { describe, expect } from "@effect/vitest"
import { Client, Echo, Framing, Model, Protocol, TextClient } from "effect-switchboard"
import { Peer, VirtualNetwork } from "effect-switchboard/testing"
import * as Clock from "effect/Clock"
import * as Effect from "effect/Effect"
import { each, many, serve, virtual } from "./support/stages.js"

const KiB = 1024
const echo = Protocol.withFraming(Echo.protocol, Framing.line)
const text = { ...TextClient.protocol, framing: Framing.line }

/** Answers a byte with a MiB, and speaks every second of its own accord. */
const talkative = Protocol.make({
  name: "talkative",
  framing: Framing.line,
  open: () => Effect.succeed({ state: undefined, wake: 1000 }),
  wake: () => Effect.succeed({ state: undefined, send: ["tick"], wake: 1000 }),
  receive: () => Effect.succeed({ state: undefined, send: ["x".repeat(1024 * KiB)] })
})

/** The end of a peer's connection, and when it came. */
const endOf = (peer: Peer.Peer) =>
  Effect.flatMap(
    Effect.either(peer.readToEnd),
    (end) => Effect.map(Clock.currentTimeMillis, (at) => ({ at, how: end._tag === "Right" ? "FIN" : end.left._tag }))
  )

describe("Time, on the virtual network", () => {
  virtual.it(
    "17. Idle time-out fires at t, not at t − 1 ms; a byte from the client starts it again; a byte from the server does not.",
    () =>
      each(virtual, many, (model) =>
        Effect.gen(function*() {
          const server = yield* serve(talkative, { model, idleTimeout: 10_500 })
          const start = yield* Clock.currentTimeMillis
          const [silent, spoke] = yield* Effect.all([Peer.connect(server.address), Peer.connect(server.address)])
          yield* Effect.sleep(7000)
          yield* spoke.write("half a message")
          yield* Effect.sleep(3499)
          expect(server.of("Closed")).toEqual([])
          expect(yield* endOf(silent)).toEqual({ at: start + 10_500, how: "FIN" })
          yield* Effect.sleep(6999)
          expect(server.of("Closed")).toHaveLength(1)
          expect(yield* endOf(spoke)).toEqual({ at: start + 17_500, how: "FIN" })
          yield* spoke.close
          yield* server.until("Closed", 2)
          expect(server.of("Closed").map(({ reason }) => reason)).toEqual(["IdleTimeout", "IdleTimeout"])
        }))
  )

  virtual.it(
    "17. Where idle is meant on both sides, the time counts from the last byte of either, and not while some are to be taken.",
    () =>
      each(virtual, many, (model) =>
        Effect.gen(function*() {
          const fivefold = Protocol.make({
            name: "fivefold",
            framing: Framing.line,
            open: () => Effect.succeed({ state: 5, wake: 8000 }),
            wake: (left: number) =>
              Effect.succeed({ state: left - 1, send: ["tick"], wake: left === 1 ? Infinity : 8000 }),
            receive: (left) => Effect.succeed({ state: left, send: ["x".repeat(1024 * KiB)] })
          })
          const server = yield* serve(fivefold, { model, idleTimeout: 10_000, idle: "both" })
          const start = yield* Clock.currentTimeMillis
          const silent = yield* Peer.connect(server.address)
          expect(yield* endOf(silent)).toEqual({ at: start + 50_000, how: "FIN" })
          yield* silent.close
          yield* server.until("Closed", 1)
          const asked = yield* Clock.currentTimeMillis
          const stuck = yield* Peer.connect(server.address)
          yield* stuck.pause
          yield* stuck.write("more\n")
          yield* server.until("Closed", 2)
          expect((yield* Clock.currentTimeMillis) - asked).toBe(30_000)
          expect(server.of("Closed").map(({ reason }) => reason)).toEqual(["IdleTimeout", "WriteTimeout"])
        }))
  )

  virtual.it(
    "17. A client whose request waits for the others' is not idle, however long that takes.",
    () =>
      each(virtual, many, (model) =>
        Effect.gen(function*() {
          const slow = Protocol.requestReply({
            name: "slow",
            framing: Framing.line,
            reply: (message: string) => Effect.delay(Effect.succeed(message), message === "slow" ? 35_000 : 0)
          })
          const server = yield* serve(slow, { model, idleTimeout: 10_000 })
          const [first, other] = yield* Effect.all([Peer.connect(server.address), Peer.connect(server.address)])
          yield* first.write("slow\n")
          yield* Effect.sleep(5000)
          yield* other.write("quick\n")
          expect(yield* first.readLine).toBe("slow")
          expect(yield* other.readLine).toBe("quick")
        }))
  )

  virtual.it(
    "18. A client that dribbles one byte an interval meets the request deadline.",
    () =>
      each(virtual, many, (model) =>
        Effect.gen(function*() {
          const server = yield* serve(echo, { model, requestTimeout: "30 seconds", idleTimeout: "20 seconds" })
          const start = yield* Clock.currentTimeMillis
          const [dribbler, other] = yield* Effect.all([Peer.connect(server.address), Peer.connect(server.address)])
          const end = yield* Effect.fork(endOf(dribbler))
          // Each message has its own 30 seconds, from its first byte.
          yield* dribbler.write("whole\n")
          yield* Effect.sleep(1000)
          for (let i = 0; i < 29; i++) {
            yield* dribbler.write("x")
            yield* other.write(`${i}\n`)
            expect(yield* other.readLine).toBe(`${i}`)
            yield* Effect.sleep(1000)
          }
          yield* dribbler.write("x")
          yield* Effect.sleep(999)
          expect(server.of("Closed")).toEqual([])
          expect(yield* end).toEqual({ at: start + 31_000, how: "FIN" })
          yield* dribbler.close
          yield* server.until("Closed", 1)
          expect(server.of("Closed")).toMatchObject([{ id: 1, reason: "RequestTimeout", requests: 1 }])
          yield* other.write("still here\n")
          expect(yield* other.readLine).toBe("still here")
        }))
  )

  virtual.it(
    "18. A message that was whole in time is answered, however long it has to wait for its turn; one that was not is cut then.",
    () =>
      Effect.gen(function*() {
        const slow = Protocol.requestReply({
          name: "slow",
          framing: Framing.line,
          reply: (message: string) => Effect.delay(Effect.succeed(message), message === "slow" ? 5000 : 0)
        })
        const server = yield* serve(slow, { model: Model.select, requestTimeout: "2 seconds" })
        const start = yield* Clock.currentTimeMillis
        const [first, inTime, late, last] = yield* Effect.all([
          Peer.connect(server.address),
          Peer.connect(server.address),
          Peer.connect(server.address),
          Peer.connect(server.address)
        ])
        yield* inTime.write("in ")
        yield* late.write("la")
        yield* last.write("whole by its FIN")
        yield* Effect.sleep(1000)
        yield* first.write("slow\n")
        yield* Effect.sleep(500)
        yield* inTime.write("time\n")
        yield* late.write("te")
        yield* last.end
        expect(yield* first.readLine).toBe("slow")
        expect(yield* inTime.readLine).toBe("in time")
        expect(yield* endOf(late)).toEqual({ at: start + 6000, how: "FIN" })
        expect(String(yield* last.readToEnd)).toBe("whole by its FIN\n")
        yield* late.close
        yield* server.until("Closed", 2)
        expect(server.of("Closed").find(({ id }) => id === 3)).toMatchObject({ reason: "RequestTimeout", requests: 0 })
      }).pipe(Effect.provide(virtual.network))
  )

  virtual.it(
    "19. A client that does not read is closed with `WriteTimeout` at the deadline; the others notice nothing.",
    () =>
      each(virtual, many, (model) =>
        Effect.gen(function*() {
          const server = yield* serve(talkative, { model, writeTimeout: "30 seconds" })
          const start = yield* Clock.currentTimeMillis
          const deaf = yield* Peer.connect(server.address)
          yield* deaf.pause
          yield* deaf.write("speak\n")
          const other = yield* Peer.connect(server.address)
          for (let second = 1; second < 30; second++) {
            expect(yield* other.readLine).toBe("tick")
            expect(yield* Clock.currentTimeMillis).toBe(start + 1000 * second)
          }
          yield* Effect.sleep(999)
          expect(server.of("Closed")).toEqual([])
          yield* server.until("Closed", 1)
          expect(yield* Clock.currentTimeMillis).toBe(start + 30_000)
          expect(server.of("Closed")).toMatchObject([{ id: 1, reason: "WriteTimeout" }])
          yield* deaf.resume
          expect(yield* endOf(deaf)).toMatchObject({ how: "ConnectionReset" })
          expect(yield* other.readLine).toBe("tick")
        }))
  )

  virtual.it(
    "19. A client that reads slowly is served, however long it takes.",
    () =>
      each(virtual, many, (model) =>
        Effect.gen(function*() {
          const server = yield* serve(talkative, { model, writeTimeout: "30 seconds" })
          const slow = yield* Peer.connect(server.address)
          yield* slow.pause
          yield* slow.write("speak\n")
          let read = 0
          while (read < 1024 * KiB) {
            yield* Effect.sleep("29 seconds")
            yield* slow.resume
            read += (yield* slow.read).length
            yield* slow.pause
          }
          expect(server.of("Closed")).toEqual([])
        }))
  )

  virtual.it(
    "34. A client that floods, reads nothing and leaves a message unfinished is cut at its deadline.",
    () =>
      each(virtual, many, (model) =>
        Effect.gen(function*() {
          const server = yield* serve(echo, { model, requestTimeout: "2 seconds", writeTimeout: "2 seconds" })
          const start = yield* Clock.currentTimeMillis
          const flooder = yield* Peer.connect(server.address)
          yield* flooder.pause
          flooder.connection.write(`${"123456\n".repeat(50_000)}and no end`)
          yield* server.until("Closed", 1)
          expect(yield* Clock.currentTimeMillis).toBe(start + 2000)
          expect(server.of("Closed")).toMatchObject([{ id: 1, reason: "WriteTimeout" }])
          const other = yield* Peer.connect(server.address)
          yield* other.write("served\n")
          expect(yield* other.readLine).toBe("served")
        }))
  )

  virtual.it(
    "20. The client's connect time-out and reply time-out fire exactly at their time, each with its own typed error.",
    () =>
      Effect.gen(function*() {
        const network = yield* VirtualNetwork.VirtualNetwork
        const start = yield* Clock.currentTimeMillis
        const at = <A, E, R>(effect: Effect.Effect<A, E, R>) =>
          Effect.flatMap(Effect.flip(effect), (error) =>
            Effect.map(Clock.currentTimeMillis, (now) => ({ error, after: now - start })))
        const mute = Protocol.make({
          name: "mute",
          framing: Framing.line,
          open: () =>
            Effect.succeed({ state: undefined }),
          receive: () => Effect.succeed({ state: undefined })
        })
        const server = yield* serve(mute, { model: Model.threaded })
        const { error, after } = yield* at(Client.ask(text, "hello", { ...server.address, timeout: 2500 }))
        expect(error).toMatchObject({ _tag: "ReplyTimeout", address: server.address })
        expect(after).toBe(2500)
        yield* network.partition("client", server.address.host!)
        const unanswered = yield* at(Client.make(text, { ...server.address, timeout: 1999 }))
        expect(unanswered.error).toMatchObject({ _tag: "ConnectTimeout", address: server.address })
        expect(unanswered.after).toBe(2500 + 1999)
        const unknown = yield* at(Client.make(text, { host: "nowhere", port: 1 }))
        expect(unknown.error).toMatchObject({ _tag: "HostNotFound" })
        expect(unknown.after).toBe(2500 + 1999)
      }).pipe(Effect.provide(VirtualNetwork.layer()))
  )
})
