import { describe, expect, it } from "@effect/vitest"
import { Client, ClientProtocol, Connector, Framing, NetworkError, TextClient } from "effect-switchboard"
import * as Effect from "effect/Effect"
import * as Exit from "effect/Exit"
import * as Fiber from "effect/Fiber"
import * as Scope from "effect/Scope"
import * as Stream from "effect/Stream"
import * as TestClock from "effect/TestClock"
import { address, Peer } from "./Peer.js"

const connect = (framing: Framing.Framing<string, string>, options: Client.Options = {}) =>
  Effect.gen(function*() {
    const peer = new Peer()
    const client = yield* Client.make(ClientProtocol.withFraming(TextClient.protocol, framing), options).pipe(
      Effect.provideService(Connector.Connector, { connect: () => Effect.succeed(peer) })
    )
    return { peer, client }
  })

/** Lets every fiber do what it can do now. */
const rest = TestClock.adjust(0)

describe("A reply for which nobody waits any more", () => {
  for (const framing of [Framing.line, Framing.auto, Framing.chunk]) {
    it.scoped(`is dropped when it comes in order, in ${framing.name}, however its request was given up`, () =>
      Effect.gen(function*() {
        const { client, peer } = yield* connect(framing)
        const first = yield* Effect.fork(client.ask("a"))
        yield* rest
        peer.say(framing === Framing.chunk ? "A" : "A\n")
        yield* Fiber.join(first)
        const interrupted = yield* Effect.fork(client.ask("b"))
        const raced = yield* Effect.fork(Effect.timeoutOption(client.ask("c"), "1 second"))
        const late = yield* Effect.fork(Effect.flip(client.ask("d")))
        yield* rest
        yield* Fiber.interrupt(interrupted)
        // Where they take turns, the time of each begins when the one before it is over.
        yield* TestClock.adjust("6 seconds")
        expect((yield* Fiber.join(raced))._tag).toBe("None")
        expect((yield* Fiber.join(late))._tag).toBe("ReplyTimeout")
        const wanted = yield* Effect.fork(client.ask("e"))
        yield* rest
        // In chunk the third had not left when it was given up.
        for (const reply of framing === Framing.chunk ? ["B", "D", "E"] : ["B\n", "C\n", "D\n", "E\n"]) peer.say(reply)
        expect(yield* Fiber.join(wanted)).toBe("E")
      }))
  }

  it.scoped("is not sent, if its request had not left", () =>
    Effect.gen(function*() {
      const { client, peer } = yield* connect(Framing.chunk)
      const first = yield* Effect.fork(client.ask("a"))
      const second = yield* Effect.fork(client.ask("b"))
      const third = yield* Effect.fork(client.ask("c"))
      yield* rest
      yield* Fiber.interrupt(second)
      peer.say("A")
      yield* rest
      peer.say("C")
      expect([yield* Fiber.join(first), yield* Fiber.join(third)]).toEqual(["A", "C"])
      expect(peer.heard).toBe("ac")
    }))

  it.scoped("is one of so many at the most; with one more the connection is given up, and all are told", () =>
    Effect.gen(function*() {
      const { client, peer } = yield* connect(Framing.line, { timeout: "1 minute", maxOverdue: 3 })
      const events = yield* Effect.fork(Stream.runCollect(client.events))
      const patient = yield* Effect.fork(client.ask("patient"))
      yield* rest
      const giveUp = Effect.gen(function*() {
        const asking = yield* Effect.fork(client.ask("hasty"))
        yield* rest
        yield* Fiber.interrupt(asking)
      })
      yield* Effect.replicateEffect(giveUp, 3)
      // One that comes makes room for another.
      peer.say("PATIENT\nHASTY\n")
      expect(yield* Fiber.join(patient)).toBe("PATIENT")
      yield* giveUp
      const waiting = yield* Effect.fork(Effect.flip(client.ask("waiting")))
      yield* giveUp
      const error = {
        _tag: "Unresponsive",
        overdue: 4,
        message: "The server at localhost:1234 still owes 4 replies: it is overloaded, or hangs. Connect again."
      }
      expect(yield* Fiber.join(waiting)).toMatchObject(error)
      expect(yield* Effect.flip(client.ask("next"))).toMatchObject(error)
      expect(yield* client.disconnected).toMatchObject(error)
      expect(Array.from(yield* Fiber.join(events))).toMatchObject([{ _tag: "Connected" }, {
        _tag: "Lost",
        reason: error
      }])
    }))

  it.scoped("counts also when its time is over", () =>
    Effect.gen(function*() {
      const { client } = yield* connect(Framing.line, { maxOverdue: 1 })
      const asks = yield* Effect.fork(Effect.forEach(["a", "b"], (text) => Effect.flip(client.ask(text)), {
        concurrency: "unbounded"
      }))
      yield* TestClock.adjust("2 seconds")
      expect((yield* Fiber.join(asks)).map(({ _tag }) => _tag)).toEqual(["ReplyTimeout", "ReplyTimeout"])
      expect((yield* Effect.flip(client.ask("c")))._tag).toBe("Unresponsive")
    }))
})

describe("What happens to a connection", () => {
  it.scoped("is told to as many as listen, also to who comes later", () =>
    Effect.gen(function*() {
      const { client, peer } = yield* connect(Framing.line)
      const listening = yield* Effect.fork(
        Effect.all([Stream.runCollect(client.events), Stream.runCollect(client.events)], { concurrency: "unbounded" })
      )
      yield* rest
      const lost = { _tag: "Lost", address, connection: 1, reason: new NetworkError.ConnectionReset({ address }) }
      peer.say("hello\n")
      peer.sink.closed(new NetworkError.ConnectionReset({ address }))
      for (const events of yield* Fiber.join(listening)) {
        expect(Array.from(events)).toMatchObject([{ _tag: "Connected", address, connection: 1 }, lost])
      }
      expect(Array.from(yield* Stream.runCollect(client.events))).toMatchObject([lost])
    }))

  it.scoped("may be a fault in what the server says: its reason is told, and nothing more can be asked", () =>
    Effect.gen(function*() {
      const { client, peer } = yield* connect(Framing.line)
      const asking = yield* Effect.fork(Effect.flip(client.ask("a")))
      yield* rest
      peer.sink.data(Uint8Array.of(0xff, 0x0a))
      expect((yield* Fiber.join(asking))._tag).toBe("InvalidText")
      expect(Array.from(yield* Stream.runCollect(client.events))).toMatchObject([
        { _tag: "Lost", reason: { _tag: "InvalidText" } }
      ])
      expect((yield* Effect.flip(client.ask("b")))._tag).toBe("ConnectionClosed")
    }))

  it.effect("ends with the client, whose own end is no loss", () =>
    Effect.gen(function*() {
      const scope = yield* Scope.make()
      const { client } = yield* Scope.extend(connect(Framing.line), scope)
      const listening = yield* Effect.fork(Stream.runCollect(client.events))
      yield* rest
      yield* Scope.close(scope, Exit.void)
      expect(Array.from(yield* Fiber.join(listening))).toMatchObject([{ _tag: "Connected" }])
    }))
})

describe("What the server says of itself", () => {
  it.scoped("is a stream, which fails when the server goes", () =>
    Effect.gen(function*() {
      const { client, peer } = yield* connect(Framing.line)
      const heard: Array<string> = []
      const listening = yield* Effect.fork(
        Effect.flip(Stream.runForEach(client.messages, (message) => Effect.sync(() => heard.push(message))))
      )
      yield* rest
      peer.say("one\ntwo\n")
      const asking = yield* Effect.fork(client.ask("a"))
      yield* rest
      peer.say("A\nthree\n")
      yield* rest
      expect(yield* Fiber.join(asking)).toBe("A")
      peer.sink.end()
      expect((yield* Fiber.join(listening))._tag).toBe("ConnectionClosed")
      expect(heard).toEqual(["one", "two", "three"])
    }))
})
