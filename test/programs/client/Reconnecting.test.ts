import { describe, expect } from "@effect/vitest"
import type { ClientEvent, Connector } from "effect-switchboard"
import { Client, ClientProtocol, Framing, SocketServer, TextClient } from "effect-switchboard"
import { Peer } from "effect-switchboard/testing"
import * as Clock from "effect/Clock"
import * as Effect from "effect/Effect"
import * as Exit from "effect/Exit"
import * as Fiber from "effect/Fiber"
import * as Schedule from "effect/Schedule"
import * as Scope from "effect/Scope"
import * as Stream from "effect/Stream"
import type { Stage } from "../../behaviours/support/stages.js"
import { Host, tcp, virtual } from "../../behaviours/support/stages.js"

const lines = ClientProtocol.withFraming(TextClient.protocol, Framing.line)

/** The next client of a server that the test plays. */
const accept = Effect.flatMap(SocketServer.SocketServer, (server) => Effect.flatMap(server.accept, Peer.make))

/** A client of that server, which is back at once. */
const connect = (options: Client.ReconnectingOptions = {}) =>
  Effect.flatMap(
    SocketServer.SocketServer,
    ({ address }) => Client.reconnecting(lines, { ...address, schedule: Schedule.forever, ...options })
  )

/** Waits until something has happened to the client. */
const until = (client: Pick<Client.Reconnecting<string, string>, "events">, tag: ClientEvent.ClientEvent["_tag"]) =>
  Stream.runHead(Stream.filter(client.events, ({ _tag }) => _tag === tag))

/** A port on which nothing listens, and what has something listen there. */
const vacantPort = Effect.gen(function*() {
  const host = yield* Host
  const { address } = yield* Effect.scoped(host.listen(0))
  return { address, listen: host.listen(address.port ?? 0) }
})

type Needs = SocketServer.SocketServer | Connector.Connector | Host | Scope.Scope

const on = (stage: Stage) => <E>(name: string, program: () => Effect.Effect<void, E, Needs>) =>
  stage.it(name, () => Effect.provide(program(), stage.network))

describe.each<Stage>([virtual, tcp])("A client that reconnects, on %s", (stage) => {
  const it = on(stage)

  it("connects anew when its connection is lost, and is told of at each step", () =>
    Effect.gen(function*() {
      const client = yield* connect()
      const events = yield* Effect.fork(Stream.runCollect(Stream.take(client.events, 4)))
      for (const hear of ["first", "second"]) {
        const peer = yield* accept
        const asking = yield* Effect.fork(client.ask(hear))
        expect(yield* peer.readLine).toBe(hear)
        yield* peer.write(`${hear}, too\n`)
        expect(yield* Fiber.join(asking)).toBe(`${hear}, too`)
        yield* peer.close
      }
      const { address } = client
      expect(Array.from(yield* Fiber.join(events))).toMatchObject([
        { _tag: "Connected", address, connection: 1 },
        { _tag: "Lost", address, connection: 1, reason: { _tag: "ConnectionClosed" } },
        { _tag: "Reconnecting", address, attempt: 1 },
        { _tag: "Connected", address, connection: 2 }
      ])
    }))

  it("fails a request that was sent and not answered, and does not send it again", () =>
    Effect.gen(function*() {
      const client = yield* connect()
      const first = yield* accept
      const asking = yield* Effect.fork(Effect.flip(client.ask("pay")))
      expect(yield* first.readLine).toBe("pay")
      yield* first.close
      expect((yield* Fiber.join(asking))._tag).toBe("ConnectionClosed")
      const second = yield* accept
      yield* Effect.fork(client.ask("next"))
      expect(yield* second.readLine).toBe("next")
    }))

  it("sends it again where it may be, so often as it may be", () =>
    Effect.gen(function*() {
      const client = yield* connect({ retry: "unanswered" })
      const asking = yield* Effect.fork(client.ask("look"))
      const first = yield* accept
      expect(yield* first.readLine).toBe("look")
      yield* first.close
      const second = yield* accept
      expect(yield* second.readLine).toBe("look")
      yield* second.write("seen\n")
      expect(yield* Fiber.join(asking)).toBe("seen")

      const felling = yield* Effect.fork(Effect.flip(client.ask("fall")))
      let peer = second
      for (const times of [1, 2, 3]) {
        expect([times, yield* peer.readLine]).toEqual([times, "fall"])
        yield* peer.close
        peer = yield* accept
      }
      expect((yield* Fiber.join(felling))._tag).toBe("ConnectionClosed")
      yield* Effect.fork(client.ask("next"))
      expect(yield* peer.readLine).toBe("next")
    }))

  it("has requests wait for a server that is not there yet, but for those that were interrupted", () =>
    Effect.gen(function*() {
      const { address, listen } = yield* vacantPort
      const client = yield* Client.reconnecting(lines, { ...address, schedule: Schedule.forever })
      yield* until(client, "Unreachable")
      const asking = yield* Effect.fork(client.ask("wanted"))
      const given = yield* Effect.fork(client.ask("given up"))
      yield* Effect.yieldNow()
      yield* Fiber.interrupt(given)
      const server = yield* listen
      const peer = yield* Effect.flatMap(server.accept, Peer.make)
      expect(yield* peer.readLine).toBe("wanted")
      yield* peer.write("and given\n")
      expect(yield* Fiber.join(asking)).toBe("and given")
      expect(yield* peer.available).toBe(0)
    }))

  it("fails requests at once while there is no connection, where that is asked for", () =>
    Effect.gen(function*() {
      const { address } = yield* vacantPort
      const client = yield* Client.reconnecting(lines, { ...address, schedule: Schedule.forever, away: "fail" })
      yield* until(client, "Unreachable")
      const error = { _tag: "NotConnected", reason: "connecting" }
      expect(yield* Effect.flip(client.ask("a"))).toMatchObject(error)
      expect(yield* Effect.flip(client.send("a"))).toMatchObject(error)
    }))

  it("has no more requests wait than may", () =>
    Effect.gen(function*() {
      const { address } = yield* vacantPort
      const client = yield* Client.reconnecting(lines, { ...address, schedule: Schedule.forever, maxWaiting: 1 })
      yield* until(client, "Unreachable")
      const first = yield* Effect.fork(client.ask("a"))
      yield* Effect.yieldNow()
      const error = { _tag: "NotConnected", reason: "too many wait" }
      expect(yield* Effect.flip(client.ask("b"))).toMatchObject(error)
      yield* Fiber.interrupt(first)
      const third = yield* Effect.fork(client.ask("c"))
      yield* Effect.yieldNow()
      expect(yield* Effect.flip(client.ask("d"))).toMatchObject(error)
      yield* Fiber.interrupt(third)
    }))

  it("gives up when its schedule is over, and says so to all that is asked", () =>
    Effect.gen(function*() {
      const { address } = yield* vacantPort
      const client = yield* Client.reconnecting(lines, { ...address, schedule: Schedule.recurs(2) })
      const waiting = yield* Effect.fork(Effect.flip(client.ask("a")))
      yield* until(client, "GivenUp")
      const error = {
        _tag: "NotConnected",
        reason: "given up",
        cause: { _tag: "ConnectionRefused" },
        message: expect.stringMatching(/^No more attempts .*Nothing listens on /)
      }
      expect(yield* Fiber.join(waiting)).toMatchObject(error)
      expect(yield* Effect.flip(client.ask("b"))).toMatchObject(error)
      expect(yield* Effect.flip(client.send("b"))).toMatchObject(error)
      expect(yield* Effect.flip(client.receive)).toMatchObject(error)
    }))

  it("hears what each server says of itself, to the last of it", () =>
    Effect.gen(function*() {
      const client = yield* connect()
      for (const word of ["one", "two"]) {
        const peer = yield* accept
        yield* peer.write(`${word}\n${word} again\n`)
        yield* peer.close
        expect(Array.from(yield* Stream.runCollect(Stream.take(client.messages, 2)))).toEqual([word, `${word} again`])
      }
    }))

  it("greets on every connection, before the requests that wait", () =>
    Effect.gen(function*() {
      const { address } = yield* SocketServer.SocketServer
      const client = yield* Client.reconnecting(lines, {
        ...address,
        schedule: Schedule.forever,
        greet: (client) => Effect.zipRight(client.receive, client.ask("login"))
      })
      for (const request of ["a", "b"]) {
        const asking = yield* Effect.fork(client.ask(request))
        const peer = yield* accept
        yield* peer.write("welcome\n")
        expect(yield* peer.readLine).toBe("login")
        expect(yield* peer.available).toBe(0)
        yield* peer.write("ok\n")
        expect(yield* peer.readLine).toBe(request)
        yield* peer.write(`${request} done\n`)
        expect(yield* Fiber.join(asking)).toBe(`${request} done`)
        yield* peer.close
        // What was sent on this connection is not sent again.
        yield* Stream.runHead(Stream.filter(client.events, ({ _tag }) => _tag !== "Connected"))
      }
    }))

  it("has no connection where the greeting fails, says why, and tries again", () =>
    Effect.gen(function*() {
      const { address } = yield* SocketServer.SocketServer
      const client = yield* Client.reconnecting(lines, {
        ...address,
        schedule: Schedule.forever,
        greet: (client) =>
          Effect.filterOrFail(client.ask("login"), (reply) => reply === "ok", (reply) => new Error(`it said ${reply}`))
      })
      const told = yield* Effect.fork(Stream.runHead(client.events))
      const asking = yield* Effect.fork(client.ask("a"))
      const first = yield* accept
      expect(yield* first.readLine).toBe("login")
      yield* first.write("no\n")
      expect(yield* Fiber.join(told)).toMatchObject({
        value: {
          _tag: "Unreachable",
          error: { _tag: "GreetingFailed", message: expect.stringMatching(/it said no\.$/) }
        }
      })
      expect((yield* first.readToEnd).length).toBe(0)
      const second = yield* accept
      expect(yield* second.readLine).toBe("login")
      yield* second.write("ok\n")
      expect(yield* second.readLine).toBe("a")
      yield* second.write("A\n")
      expect(yield* Fiber.join(asking)).toBe("A")
    }))

  it("ends with its scope: what waits fails, its events end, and the server sees it leave", () =>
    Effect.gen(function*() {
      const scope = yield* Scope.make()
      const client = yield* Scope.extend(connect(), scope)
      const peer = yield* accept
      const events = yield* Effect.fork(Stream.runCollect(client.events))
      const asking = yield* Effect.fork(Effect.flip(client.ask("a")))
      expect(yield* peer.readLine).toBe("a")
      yield* Scope.close(scope, Exit.void)
      expect((yield* Fiber.join(asking))._tag).toBe("ConnectionClosed")
      expect(yield* Effect.flip(client.ask("b"))).toMatchObject({ _tag: "NotConnected", reason: "given up" })
      expect(Array.from(yield* Fiber.join(events)).map(({ _tag }) => _tag)).toEqual(["Connected"])
      expect((yield* peer.readToEnd).length).toBe(0)
    }))
})

/** When it tried, in milliseconds: the first so many times after the very first. */
const attempts = (client: Pick<Client.Reconnecting<string, string>, "events">, times: number) =>
  Effect.map(
    Stream.runCollect(
      Stream.take(
        Stream.mapEffect(
          Stream.filter(client.events, ({ _tag }) => _tag === "Reconnecting"),
          () => Clock.currentTimeMillis
        ),
        times
      )
    ),
    (times) => Array.from(times)
  )

describe("The schedule of a client that reconnects", () => {
  const it = on(virtual)

  it("says how long it waits before each attempt, and is told why", () =>
    Effect.gen(function*() {
      const { address } = yield* vacantPort
      const told: Array<string> = []
      const schedule = Schedule.tapInput(
        Schedule.exponential("1 second"),
        (reason: { readonly _tag: string }) => Effect.sync(() => void told.push(reason._tag))
      )
      const client = yield* Client.reconnecting(lines, { ...address, schedule })
      expect(yield* attempts(client, 3)).toEqual([1000, 3000, 7000])
      expect(told).toEqual(["ConnectionRefused", "ConnectionRefused", "ConnectionRefused"])
    }))

  it("goes on where a greeting takes longer than its time", () =>
    Effect.gen(function*() {
      const { address } = yield* SocketServer.SocketServer
      const client = yield* Client.reconnecting(lines, {
        ...address,
        schedule: Schedule.exponential("1 second"),
        greet: (client) => client.receive
      })
      // Two seconds for each greeting, and the schedule's delay.
      expect(yield* attempts(client, 2)).toEqual([3000, 7000])
    }))

  it("begins anew behind a good connection, and not behind one that was lost at once", () =>
    Effect.gen(function*() {
      const client = yield* connect({ schedule: Schedule.exponential("1 second") })
      const times = yield* Effect.fork(attempts(client, 4))
      yield* Effect.flatMap(accept, (peer) => peer.close)
      yield* Effect.flatMap(accept, (peer) => peer.close)
      // The server has spoken.
      yield* Effect.flatMap(accept, (peer) => Effect.zipRight(peer.write("hello\n"), peer.close))
      // It has been there for long.
      yield* Effect.flatMap(accept, (peer) => Effect.delay(peer.close, "2 seconds"))
      yield* accept
      expect(yield* Fiber.join(times)).toEqual([1000, 3000, 4000, 7000])
    }))
})
