import { describe, expect } from "@effect/vitest"
import type { ServerEvent } from "effect-switchboard"
import {
  Chars,
  CharsClient,
  Client,
  Echo,
  Framing,
  Model,
  Observer,
  Protocol,
  Server,
  SocketServer,
  TextClient
} from "effect-switchboard"
import { Peer } from "effect-switchboard/testing"
import * as Clock from "effect/Clock"
import * as Deferred from "effect/Deferred"
import * as Effect from "effect/Effect"
import * as Either from "effect/Either"
import * as Exit from "effect/Exit"
import * as FiberId from "effect/FiberId"
import * as Scope from "effect/Scope"
import type { Watched } from "./support/stages.js"
import { each, everywhere, exchange, Host, many, serve, virtual } from "./support/stages.js"

/** Lines, so that a message is one whatever the time between its bytes. */
const echo = Protocol.withFraming(Echo.protocol, Framing.line)
const text = { ...TextClient.protocol, framing: Framing.line }

/** Hangs up, and waits until the server has seen it. */
const leave = (server: Watched, peer: Peer.Peer) =>
  Effect.suspend(() => {
    const before = server.of("Closed").length
    return Effect.zipRight(peer.close, server.until("Closed", before + 1))
  })

const most = (server: Watched) => Math.max(...server.of("Accepted").map(({ open }) => open))

describe.each(everywhere)("The models, on %s", (stage) => {
  stage.it(
    "9. `once`: serves one request, the program ends successfully, the port is free at once.",
    () =>
      Effect.gen(function*() {
        const { listen } = yield* Host
        const scope = yield* Scope.make()
        const socketServer = yield* Scope.extend(listen(0), scope)
        const server = yield* serve(echo, { model: Model.once }).pipe(
          Effect.provideService(SocketServer.SocketServer, socketServer),
          Scope.extend(scope)
        )
        const first = yield* Peer.connect(server.address)
        yield* server.until("Accepted", 1)
        const second = yield* Peer.connect(server.address)
        yield* first.write("one\ntwo\n")
        expect((yield* first.readToEnd).toString()).toBe("one\n")
        yield* first.close
        expect(yield* Effect.either(second.readToEnd)).toMatchObject(
          stage.hasReset ? { left: { _tag: "ConnectionReset" } } : { right: Buffer.alloc(0) }
        )
        expect(yield* server.ended).toEqual({ accepted: 1, cut: 0 })
        yield* Scope.close(scope, Exit.void)
        const again = yield* listen(server.address.port!)
        expect(again.address.port).toBe(server.address.port)
      }).pipe(Effect.provide(stage.network))
  )

  stage.it(
    "10. `iterative`: client 2 gets nothing until client 1 closes, then full service.",
    () =>
      Effect.gen(function*() {
        const server = yield* serve(echo, { model: Model.iterative })
        const first = yield* Peer.connect(server.address)
        yield* server.until("Accepted", 1)
        const second = yield* Peer.connect(server.address)
        yield* second.write("is anybody there?\n")
        for (let i = 0; i < 20; i++) {
          expect(yield* exchange(first, `${i}`)).toBe(`${i}`)
          expect(yield* second.available).toBe(0)
        }
        expect(server.of("Accepted")).toHaveLength(1)
        yield* first.close
        expect(yield* second.readLine).toBe("is anybody there?")
        expect(yield* exchange(second, "at last")).toBe("at last")
      }).pipe(Effect.provide(stage.network))
  )

  stage.it(
    "11. `single`: client 2 gets a typed refusal; client 1 is not disturbed; when it has left, client 3 is served.",
    () =>
      Effect.gen(function*() {
        const server = yield* serve(echo, { model: Model.single })
        const first = yield* Peer.connect(server.address)
        expect(yield* exchange(first, "one")).toBe("one")
        const refusal = yield* Effect.flip(Client.ask(text, "two", server.address))
        expect(refusal).toMatchObject({ _tag: "ConnectionRefused", address: server.address })
        expect(yield* exchange(first, "still here")).toBe("still here")
        yield* leave(server, first)
        expect(yield* Client.ask(text, "three", server.address)).toBe("three")
        expect(server.of("Refused")).toHaveLength(1)
      }).pipe(Effect.provide(stage.network))
  )

  stage.it(
    "12. Five clients at once against `single`: one served, four refused (however the kernel words it).",
    () =>
      Effect.gen(function*() {
        const server = yield* serve(echo, { model: Model.single })
        const everyone = yield* Deferred.make<void>()
        let told = 0
        const client = (i: number) =>
          Effect.scoped(Effect.gen(function*() {
            const outcome = yield* Effect.either(Effect.gen(function*() {
              const client = yield* Client.make(text, server.address)
              return yield* client.ask(`${i}`)
            }))
            // Nobody leaves before all have had their answer.
            if (++told === 5) yield* Deferred.succeed(everyone, undefined)
            yield* Deferred.await(everyone)
            return Either.match(outcome, {
              onLeft: ({ _tag }) => _tag,
              onRight: (reply) => `served ${reply === `${i}`}`
            })
          }))
        const outcomes = yield* Effect.forEach([1, 2, 3, 4, 5], client, { concurrency: "unbounded" })
        expect(outcomes.toSorted((a, b) => a.localeCompare(b))).toEqual([
          ...Array.from({ length: 4 }, () => "ConnectionRefused"),
          "served true"
        ])
        yield* server.until("Refused", 4)
      }).pipe(Effect.provide(stage.network))
  )

  stage.it(
    "13. `threaded`: two clients that send in one order and are answered in the other both succeed; a slow request delays nobody else.",
    () =>
      Effect.gen(function*() {
        const asked = yield* Deferred.make<void>()
        const released = yield* Deferred.make<void>()
        const protocol = Protocol.requestReply({
          name: "released",
          framing: Framing.line,
          reply: (message: string) =>
            message === "slow"
              ? Effect.as(Effect.zipRight(Deferred.succeed(asked, undefined), Deferred.await(released)), message)
              : Effect.succeed(message)
        })
        const server = yield* serve(protocol, { model: Model.threaded })
        const [slow, quick] = yield* Effect.all([Peer.connect(server.address), Peer.connect(server.address)])
        yield* slow.write("slow\n")
        yield* Deferred.await(asked)
        for (let i = 0; i < 100; i++) expect(yield* exchange(quick, `${i}`)).toBe(`${i}`)
        expect(yield* slow.available).toBe(0)
        yield* Deferred.succeed(released, undefined)
        expect(yield* slow.readLine).toBe("slow")
      }).pipe(Effect.provide(stage.network))
  )

  stage.it(
    "14. `select`: one fiber runs all protocol code; with one client flooding, another is still answered every turn.",
    () =>
      Effect.gen(function*() {
        const woken = yield* Deferred.make<void>()
        const fibers = new Set<string>()
        const turns: Array<string> = []
        const ran = (what: string) =>
          Effect.map(Effect.fiberId, (id) => {
            fibers.add(FiberId.threadName(id))
            turns.push(what)
          })
        const protocol = Protocol.make({
          name: "witness",
          framing: Framing.line,
          open: () => Effect.as(ran("open"), { state: undefined, wake: 0 }),
          wake: () => Effect.as(Effect.zipRight(ran("wake"), Deferred.succeed(woken, undefined)), { state: undefined }),
          receive: (_: undefined, message: string) => Effect.as(ran(message), { state: undefined, send: [message] })
        })
        const server = yield* serve(protocol, { model: Model.select })
        const flooder = yield* Peer.connect(server.address)
        yield* Deferred.await(woken)
        const flood = Buffer.alloc(60_000, "flood\n")
        yield* Effect.fork(Effect.forever(flooder.write(flood)))
        yield* Effect.fork(Effect.forever(flooder.read))
        const other = yield* Peer.connect(server.address)
        for (let i = 0; i < 50; i++) expect(yield* exchange(other, "other")).toBe("other")
        expect(fibers.size).toBe(1)

        // What the flooder got between two turns of the other: a share for each of the few rounds that a reply and the
        // next request take.
        const others = turns.flatMap((turn, at) => (turn === "other" ? [at] : []))
        expect(others).toHaveLength(50)
        const between = others.slice(1).map((at, i) => at - others[i]!).toSorted((a, b) => a - b)
        // On TCP the kernel may take its time over one or another.
        expect(between.at(stage === virtual ? -1 : 24)).toBeLessThan(10 * 128)
        expect(turns.length).toBeGreaterThan(50 * 10)
      }).pipe(Effect.provide(stage.network))
  )

  stage.it(
    "15. Limit 10, client 11 waits or is refused, as configured; one leaving admits the next; never 11 at once.",
    () =>
      each(stage, many, (model) =>
        Effect.gen(function*() {
          const waits = yield* serve(echo, { model, maxConnections: 10, atLimit: "wait" })
          const peers = yield* Effect.forEach(Array.from({ length: 25 }), () => Peer.connect(waits.address))
          yield* Effect.forEach(peers, (peer) => peer.write("hello\n"))
          for (const peer of peers.slice(0, 10)) expect(yield* peer.readLine).toBe("hello")
          for (const peer of peers.slice(10)) expect(yield* peer.available).toBe(0)
          expect(yield* waits.connections).toBe(10)
          for (const [i, peer] of peers.slice(0, 10).entries()) {
            yield* peer.close
            expect(yield* peers[10 + i]!.readLine).toBe("hello")
            expect(yield* peers[11 + i]!.available).toBe(0)
          }
          expect(most(waits)).toBe(10)

          // A lower limit cuts nobody, and lets nobody in before there is room under it; a higher one does at once.
          yield* waits.setMaxConnections(8)
          expect(yield* exchange(peers[10]!, "still here")).toBe("still here")
          for (const peer of [peers[10]!, peers[11]!]) yield* leave(waits, peer)
          expect(yield* waits.connections).toBe(8)
          expect(yield* exchange(peers[12]!, "still here")).toBe("still here")
          expect(yield* peers[20]!.available).toBe(0)
          yield* leave(waits, peers[12]!)
          expect(yield* peers[20]!.readLine).toBe("hello")
          yield* waits.setMaxConnections(12)
          for (const peer of peers.slice(21, 25)) expect(yield* peer.readLine).toBe("hello")
          expect(yield* waits.connections).toBe(12)
          expect(most(waits)).toBe(12)
        })).pipe(Effect.zipRight(each(stage, many, (model) =>
          Effect.gen(function*() {
            const refuses = yield* serve(echo, { model, maxConnections: 10, atLimit: "refuse" })
            const peers = yield* Effect.forEach(Array.from({ length: 10 }), () => Peer.connect(refuses.address))
            for (const peer of peers) expect(yield* exchange(peer, "hello")).toBe("hello")
            const asked = Client.ask(text, "hello", refuses.address)
            expect(yield* Effect.flip(asked)).toMatchObject({ _tag: "ConnectionRefused" })
            yield* leave(refuses, peers[0]!)
            expect(yield* asked).toBe("hello")
            yield* refuses.until("Closed", 2)
            yield* refuses.setMaxConnections(9)
            expect(yield* Effect.flip(asked)).toMatchObject({ _tag: "ConnectionRefused" })
            yield* refuses.setMaxConnections(10)
            expect(yield* asked).toBe("hello")
            expect(most(refuses)).toBe(10)
          }))))
  )
})

describe("The models, on the virtual network", () => {
  virtual.it(
    "15. A limit that is lowered in the moment one leaves holds: nobody comes in above it.",
    () =>
      Effect.forEach(many, (model) =>
        Effect.gen(function*() {
          let lower: (() => void) | undefined = undefined
          const events: Array<ServerEvent.ServerEvent> = []
          const observe = (event: ServerEvent.ServerEvent): void => {
            events.push(event)
            if (event._tag === "Closed") lower?.()
          }
          const server = yield* Effect.provideService(
            Server.make(echo, { model, maxConnections: 3 }),
            Observer.Observer,
            { messages: false, observe }
          )
          lower = () => Effect.runSync(server.setMaxConnections(1))
          const peers = yield* Effect.forEach([1, 2, 3, 4], () => Peer.connect(server.address))
          for (const peer of peers.slice(0, 3)) expect(yield* exchange(peer, "hello")).toBe("hello")
          yield* peers[3]!.write("hello\n")
          for (const peer of peers.slice(0, 2)) {
            yield* peer.close
            yield* Effect.sleep(1000)
            expect(yield* peers[3]!.available).toBe(0)
          }
          yield* peers[2]!.close
          expect(yield* peers[3]!.readLine).toBe("hello")
          expect(events.filter(({ _tag }) => _tag === "Accepted")).toHaveLength(4)
        }).pipe(Effect.scoped, Effect.provide(virtual.network)))
  )

  virtual.it(
    "16. Random characters: no client's wait delays another's message, under `threaded` and under `select` (V).",
    () =>
      Effect.forEach(many, (model) =>
        Effect.gen(function*() {
          const server = yield* serve(Chars.protocol, { model })
          const client = (i: number) =>
            Effect.scoped(Effect.gen(function*() {
              yield* Effect.sleep(37 * i)
              const client = yield* Client.make(CharsClient.protocol, server.address)
              let due = yield* Clock.currentTimeMillis
              for (let messages = 0; messages < 20; messages++) {
                const { sleepTime } = yield* client.receive
                due += 1000 * sleepTime
                expect(yield* Clock.currentTimeMillis).toBe(due)
              }
            }))
          yield* Effect.forEach(Array.from({ length: 50 }, (_, i) => i), client, { concurrency: "unbounded" })
        }).pipe(Effect.scoped, Effect.provide(virtual.network)))
  )
})
