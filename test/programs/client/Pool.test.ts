import { describe, expect } from "@effect/vitest"
import type { Connector } from "effect-switchboard"
import { Client, ClientProtocol, Framing, SocketServer, TextClient } from "effect-switchboard"
import { Peer } from "effect-switchboard/testing"
import * as Deferred from "effect/Deferred"
import * as Effect from "effect/Effect"
import * as Exit from "effect/Exit"
import * as Fiber from "effect/Fiber"
import * as Scope from "effect/Scope"
import * as Stream from "effect/Stream"
import type { Stage } from "../../behaviours/support/stages.js"
import { Host, tcp, virtual } from "../../behaviours/support/stages.js"

const lines = ClientProtocol.withFraming(TextClient.protocol, Framing.line)

/** The next client of a server that the test plays. */
const accept = Effect.flatMap(SocketServer.SocketServer, (server) => Effect.flatMap(server.accept, Peer.make))

const pool = (options: Client.PoolOptions = {}) =>
  Effect.flatMap(SocketServer.SocketServer, ({ address }) => Client.pool(lines, { ...address, ...options }))

/** Has one request answered. */
const answer = (peer: Peer.Peer, request: string) =>
  Effect.gen(function*() {
    expect(yield* peer.readLine).toBe(request)
    yield* peer.write(`${request} done\n`)
  })

type Needs = SocketServer.SocketServer | Connector.Connector | Host | Scope.Scope

describe.each<Stage>([virtual, tcp])("A pool of connections, on %s", (stage) => {
  const it = <E>(name: string, program: () => Effect.Effect<void, E, Needs>) =>
    stage.it(name, () => Effect.provide(program(), stage.network))

  it("spreads its requests over as many connections as it may have, and the rest wait", () =>
    Effect.gen(function*() {
      const client = yield* pool({ max: 2 })
      const asks = yield* Effect.fork(Effect.forEach(["a", "b", "c"], client.ask, { concurrency: "unbounded" }))
      const peers = [yield* accept, yield* accept]
      const requests = yield* Effect.forEach(peers, (peer) => peer.readLine)
      expect(requests.toSorted()).toEqual(["a", "b"])
      expect(yield* Effect.forEach(peers, (peer) => peer.available)).toEqual([0, 0])
      yield* peers[0]!.write(`${requests[0]} done\n`)
      yield* answer(peers[0]!, "c")
      yield* peers[1]!.write(`${requests[1]} done\n`)
      expect(yield* Fiber.join(asks)).toEqual(["a done", "b done", "c done"])
    }))

  it("has several requests on their way on a connection, where that is asked for", () =>
    Effect.gen(function*() {
      const client = yield* pool({ max: 1, concurrency: 3 })
      const asks = yield* Effect.fork(Effect.forEach(["a", "b", "c"], client.ask, { concurrency: "unbounded" }))
      const peer = yield* accept
      expect(yield* Effect.replicateEffect(peer.readLine, 3)).toEqual(["a", "b", "c"])
      yield* peer.write("A\nB\nC\n")
      expect(yield* Fiber.join(asks)).toEqual(["A", "B", "C"])
    }))

  it("replaces a connection that was lost while nobody asked, and nobody notices", () =>
    Effect.gen(function*() {
      const client = yield* pool({ max: 1 })
      const lost = yield* Effect.fork(Stream.runHead(Stream.filter(client.events, ({ _tag }) => _tag === "Lost")))
      for (const request of ["a", "b"]) {
        const asking = yield* Effect.fork(client.ask(request))
        const peer = yield* accept
        yield* answer(peer, request)
        expect(yield* Fiber.join(asking)).toBe(`${request} done`)
        yield* peer.close
        yield* Fiber.join(lost)
      }
    }))

  it("fails a request that was sent and not answered; sends it on another connection where it may be repeated", () =>
    Effect.gen(function*() {
      const once = yield* pool({ max: 1 })
      const paying = yield* Effect.fork(Effect.flip(once.ask("pay")))
      const first = yield* accept
      expect(yield* first.readLine).toBe("pay")
      yield* first.close
      expect((yield* Fiber.join(paying))._tag).toBe("ConnectionClosed")

      const often = yield* pool({ max: 1, retry: "unanswered" })
      const looking = yield* Effect.fork(often.ask("look"))
      const second = yield* accept
      expect(yield* second.readLine).toBe("look")
      yield* second.close
      yield* Effect.flatMap(accept, (peer) => answer(peer, "look"))
      expect(yield* Fiber.join(looking)).toBe("look done")
    }))

  it("says why where there is no connection to be had, and has one as soon as there is a server", () =>
    Effect.gen(function*() {
      const host = yield* Host
      const { address } = yield* Effect.scoped(host.listen(0))
      for (const min of [0, 2]) {
        const client = yield* Client.pool(lines, { ...address, min, max: 2 })
        expect(yield* Effect.flip(client.ask("a"))).toMatchObject({
          _tag: "ConnectionRefused",
          reason: "not listening"
        })
        expect(yield* Effect.flip(client.send("a"))).toMatchObject({
          _tag: "ConnectionRefused",
          reason: "not listening"
        })
        yield* Effect.scoped(Effect.gen(function*() {
          const server = yield* host.listen(address.port ?? 0)
          const asking = yield* Effect.fork(client.ask("b"))
          yield* Effect.flatMap(Effect.flatMap(server.accept, Peer.make), (peer) => answer(peer, "b"))
          expect(yield* Fiber.join(asking)).toBe("b done")
        }))
      }
    }))

  it("greets on each of its connections; where that fails, so does the request", () =>
    Effect.gen(function*() {
      const { address } = yield* SocketServer.SocketServer
      const client = yield* Client.pool(lines, {
        ...address,
        max: 2,
        greet: (client) =>
          Effect.filterOrFail(client.ask("login"), (reply) => reply === "ok", (reply) => new Error(`it said ${reply}`))
      })
      const refused = yield* Effect.fork(Effect.flip(client.ask("a")))
      const first = yield* accept
      expect(yield* first.readLine).toBe("login")
      yield* first.write("no\n")
      expect(yield* Fiber.join(refused)).toMatchObject({ _tag: "GreetingFailed", cause: { message: "it said no" } })
      expect((yield* first.readToEnd).length).toBe(0)
      const asking = yield* Effect.fork(client.ask("b"))
      const second = yield* accept
      expect(yield* second.readLine).toBe("login")
      yield* second.write("ok\n")
      yield* answer(second, "b")
      expect(yield* Fiber.join(asking)).toBe("b done")
    }))

  it("gives each request its own reply on a connection on which one was interrupted", () =>
    Effect.gen(function*() {
      const client = yield* pool({ max: 1 })
      const given = yield* Effect.fork(client.ask("given up"))
      const peer = yield* accept
      expect(yield* peer.readLine).toBe("given up")
      yield* Fiber.interrupt(given)
      const asking = yield* Effect.fork(client.ask("wanted"))
      expect(yield* peer.readLine).toBe("wanted")
      yield* peer.write("GIVEN UP\nWANTED\n")
      expect(yield* Fiber.join(asking)).toBe("WANTED")
    }))

  it("ends with its scope: what is under way is answered, what comes then fails", () =>
    Effect.gen(function*() {
      const scope = yield* Scope.make()
      const client = yield* Scope.extend(pool({ max: 1 }), scope)
      const asking = yield* Effect.fork(client.ask("a"))
      const waiting = yield* Effect.fork(Effect.flip(client.ask("b")))
      const peer = yield* accept
      expect(yield* peer.readLine).toBe("a")
      const closing = yield* Effect.fork(Scope.close(scope, Exit.void))
      expect((yield* Fiber.join(waiting))._tag).toBe("ConnectionClosed")
      yield* peer.write("A\n")
      expect(yield* Fiber.join(asking)).toBe("A")
      yield* Fiber.join(closing)
      expect((yield* Effect.flip(client.ask("c")))._tag).toBe("ConnectionClosed")
      expect((yield* peer.readToEnd).length).toBe(0)
    }))

  it("tells what happens to its connections, by their numbers", () =>
    Effect.gen(function*() {
      const client = yield* pool({ max: 2 })
      const isHeard = yield* Deferred.make<void>()
      const events = yield* Effect.fork(
        Stream.runCollect(Stream.take(Stream.tap(client.events, () => Deferred.succeed(isHeard, undefined)), 3))
      )
      const first = yield* Effect.fork(client.ask("a"))
      const one = yield* accept
      yield* Deferred.await(isHeard)
      const second = yield* Effect.fork(client.ask("b"))
      const two = yield* accept
      yield* answer(two, "b")
      yield* Fiber.join(second)
      yield* one.reset
      yield* Effect.flip(Fiber.join(first))
      expect(Array.from(yield* Fiber.join(events))).toMatchObject([
        { _tag: "Connected", connection: 1 },
        { _tag: "Connected", connection: 2 },
        { _tag: "Lost", connection: 1 }
      ])
    }))
})

describe("A pool's connections", () => {
  virtual.it("are used for their time to live, and no longer", () =>
    Effect.gen(function*() {
      const client = yield* pool({ max: 1, timeToLive: "10 seconds" })
      for (const request of ["a", "b"]) {
        const asking = yield* Effect.fork(client.ask(request))
        const peer = yield* accept
        yield* answer(peer, request)
        yield* Fiber.join(asking)
        yield* Effect.sleep("9 seconds")
        const again = yield* Effect.fork(client.ask("again"))
        yield* answer(peer, "again")
        yield* Fiber.join(again)
        yield* Effect.sleep("2 seconds")
        expect((yield* peer.readToEnd).length).toBe(0)
      }
    }).pipe(Effect.provide(virtual.network)))
})
