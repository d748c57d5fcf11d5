import { describe, expect, it } from "@effect/vitest"
import * as Duration from "effect/Duration"
import * as Effect from "effect/Effect"
import * as Exit from "effect/Exit"
import * as Fiber from "effect/Fiber"
import * as Layer from "effect/Layer"
import * as TestClock from "effect/TestClock"
import * as ClientProtocol from "../../../src/domain/ClientProtocol.js"
import { chunk } from "../../../src/domain/framing/Chunk.js"
import { line } from "../../../src/domain/framing/Line.js"
import { ndjson } from "../../../src/domain/framing/Ndjson.js"
import { ConnectionReset, ConnectTimeout } from "../../../src/domain/NetworkError.js"
import * as Client from "../../../src/programs/client/Client.js"
import * as ReverseClient from "../../../src/programs/protocols/ReverseClient.js"
import * as TextClient from "../../../src/programs/protocols/TextClient.js"
import { highWaterMark } from "../../../src/services/Connection.js"
import { Connector } from "../../../src/services/Connector.js"
import { address, Peer } from "./Peer.js"

const connect = <E>(
  protocol: ClientProtocol.ClientProtocol<string, string, string, string, E>,
  options: Client.Options = {}
) =>
  Effect.gen(function*() {
    const peer = new Peer()
    const client = yield* Client.make(protocol, options).pipe(
      Effect.provideService(Connector, { connect: () => Effect.succeed(peer) })
    )
    return { peer, client }
  })

const lines = ClientProtocol.withFraming(TextClient.protocol, line)
const chunks = ClientProtocol.withFraming(TextClient.protocol, chunk)

/** Lets every fiber do what it can do now. */
const rest = TestClock.adjust(0)

const outcome = <A, E>(fiber: Fiber.RuntimeFiber<A, E>) =>
  Effect.map(Fiber.poll(fiber), (exit) =>
    exit._tag === "None" ? "waits" : Exit.match(exit.value, {
      onSuccess: (value) => value,
      onFailure: (cause) => cause._tag === "Fail" ? cause.error : cause
    }))

describe("ask", () => {
  it.scoped("gives each of many concurrent requests its own reply", () =>
    Effect.gen(function*() {
      const { client, peer } = yield* connect(lines)
      const asks = yield* Effect.fork(
        Effect.all([client.ask("a"), client.ask("b"), client.ask("c")], { concurrency: "unbounded" })
      )
      yield* rest
      expect(peer.heard).toBe("a\nb\nc\n")
      peer.say("A\nB")
      peer.say("\nC\n")
      expect(yield* Fiber.join(asks)).toEqual(["A", "B", "C"])
    }))

  it.scoped("sends one request at a time where the framing cannot keep two apart", () =>
    Effect.gen(function*() {
      const { client, peer } = yield* connect(chunks)
      const asks = yield* Effect.fork(Effect.all([client.ask("a"), client.ask("b")], { concurrency: "unbounded" }))
      yield* rest
      expect(peer.heard).toBe("a")
      peer.say("A")
      yield* rest
      expect(peer.heard).toBe("ab")
      peer.say("B")
      expect(yield* Fiber.join(asks)).toEqual(["A", "B"])
    }))

  it.scoped("in auto, sends the first request as a line, and all that follow once the reply was a line", () =>
    Effect.gen(function*() {
      const { client, peer } = yield* connect(TextClient.protocol)
      const asks = yield* Effect.fork(
        Effect.all([client.ask("a"), client.ask("b"), client.ask("c")], { concurrency: "unbounded" })
      )
      yield* rest
      expect(peer.heard).toBe("a\n")
      peer.say("A\n")
      yield* rest
      expect(peer.heard).toBe("a\nb\nc\n")
      peer.say("B\nC\n")
      expect(yield* Fiber.join(asks)).toEqual(["A", "B", "C"])
    }))

  it.scoped("in auto, takes a reply without newline after 100 ms of quiet, and sends bare from then on", () =>
    Effect.gen(function*() {
      const { client, peer } = yield* connect(TextClient.protocol)
      const first = yield* Effect.fork(client.ask("22 + 44"))
      yield* rest
      peer.say("6")
      yield* TestClock.adjust(60)
      peer.say("6")
      yield* TestClock.adjust(99)
      expect(yield* outcome(first)).toBe("waits")
      yield* TestClock.adjust(1)
      expect(yield* outcome(first)).toBe("66")
      const second = yield* Effect.fork(client.ask("4 / 2"))
      yield* rest
      expect(peer.heard).toBe("22 + 44\n4 / 2")
      peer.say("2.0")
      expect(yield* Fiber.join(second)).toBe("2.0")
    }))

  it.scoped("in auto, takes a reply without newline at once when the server finishes", () =>
    Effect.gen(function*() {
      const { client, peer } = yield* connect(TextClient.protocol)
      const ask = yield* Effect.fork(client.ask("22 + 44"))
      yield* rest
      peer.say("66")
      peer.sink.end()
      expect(yield* Fiber.join(ask)).toBe("66")
    }))

  it.scoped("times out exactly at its time", () =>
    Effect.gen(function*() {
      const { client } = yield* connect(lines)
      const ask = yield* Effect.fork(client.ask("a"))
      yield* TestClock.adjust(1999)
      expect(yield* outcome(ask)).toBe("waits")
      yield* TestClock.adjust(1)
      expect(yield* outcome(ask)).toMatchObject({
        _tag: "ReplyTimeout",
        message: "No reply from localhost:1234 within 2s: the server is slow, or speaks another protocol."
      })
    }))

  it.scoped("after a time-out, drops the late reply, so that the next request has its own", () =>
    Effect.gen(function*() {
      const { client, peer } = yield* connect(lines)
      const late = yield* Effect.fork(client.ask("slow"))
      yield* TestClock.adjust("2 seconds")
      expect(yield* outcome(late)).toMatchObject({ _tag: "ReplyTimeout" })
      const next = yield* Effect.fork(client.ask("quick"))
      yield* rest
      peer.say("SLOW\nQUICK\n")
      expect(yield* Fiber.join(next)).toBe("QUICK")
    }))

  it.scoped("after a time-out, has the late reply received by who listens, where that is asked for", () =>
    Effect.gen(function*() {
      const { client, peer } = yield* connect(lines, { late: "receive" })
      const late = yield* Effect.fork(client.ask("slow"))
      yield* TestClock.adjust("2 seconds")
      expect(yield* outcome(late)).toMatchObject({ _tag: "ReplyTimeout" })
      const next = yield* Effect.fork(client.ask("quick"))
      yield* rest
      peer.say("SLOW\n")
      expect(yield* client.receive).toBe("SLOW")
      peer.say("QUICK\n")
      expect(yield* Fiber.join(next)).toBe("QUICK")
    }))

  it.scoped("after an interruption, drops the reply nobody waits for", () =>
    Effect.gen(function*() {
      const { client, peer } = yield* connect(lines)
      const given = yield* Effect.fork(client.ask("given up"))
      yield* rest
      yield* Fiber.interrupt(given)
      const next = yield* Effect.fork(client.ask("wanted"))
      yield* rest
      peer.say("GIVEN UP\nWANTED\n")
      expect(yield* Fiber.join(next)).toBe("WANTED")
    }))

  it.scoped("fails as closed, not as refused, when the server hangs up in good order over the first request", () =>
    Effect.gen(function*() {
      const { client, peer } = yield* connect(lines)
      const ask = yield* Effect.fork(Effect.flip(client.ask("a")))
      yield* rest
      peer.sink.end()
      expect((yield* Fiber.join(ask))._tag).toBe("ConnectionClosed")
    }))

  it.scoped("fails as closed when the server had hung up before it was asked anything", () =>
    Effect.gen(function*() {
      const { client, peer } = yield* connect(lines)
      peer.sink.end()
      expect((yield* Effect.flip(client.ask("a")))._tag).toBe("ConnectionClosed")
    }))

  it.scoped("fails as refused when the connection is reset before the server said anything", () =>
    Effect.gen(function*() {
      const { client, peer } = yield* connect(lines)
      peer.sink.closed(new ConnectionReset({ address }))
      expect(yield* Effect.flip(client.ask("a"))).toMatchObject({ _tag: "ConnectionRefused", reason: "turned away" })
    }))

  it.scoped("fails as closed or reset when the server goes away later, after the replies that came", () =>
    Effect.gen(function*() {
      for (const error of [undefined, new ConnectionReset({ address })]) {
        const { client, peer } = yield* connect(lines)
        const asks = yield* Effect.fork(Effect.all([client.ask("a"), Effect.flip(client.ask("b"))], {
          concurrency: "unbounded"
        }))
        yield* rest
        peer.say("A\n")
        peer.sink.closed(error)
        const [first, second] = yield* Fiber.join(asks)
        expect(first).toBe("A")
        expect(second._tag).toBe(error === undefined ? "ConnectionClosed" : "ConnectionReset")
      }
    }))

  it.scoped("fails with the framing's error when the server's bytes are not text", () =>
    Effect.gen(function*() {
      const { client, peer } = yield* connect(lines)
      const ask = yield* Effect.fork(Effect.flip(client.ask("a")))
      yield* rest
      peer.sink.data(Uint8Array.of(0xff, 0x0a))
      expect((yield* Fiber.join(ask))._tag).toBe("InvalidText")
    }))

  it.effect("fails when the connection is closed by its own scope", () =>
    Effect.gen(function*() {
      const asking = yield* Effect.scoped(
        Effect.gen(function*() {
          const { client } = yield* connect(lines)
          const fiber = yield* Effect.forkDaemon(Effect.flip(client.ask("a")))
          yield* rest
          return fiber
        })
      )
      expect((yield* Fiber.join(asking))._tag).toBe("ConnectionClosed")
    }))
})

describe("submit", () => {
  it.scoped("waits while the server does not read, and not for replies", () =>
    Effect.gen(function*() {
      const { client, peer } = yield* connect(lines)
      peer.isReading = false
      const big = "x".repeat(highWaterMark)
      const first = yield* client.submit(big)
      const second = yield* Effect.fork(client.submit("b"))
      yield* rest
      expect((yield* Fiber.poll(second))._tag).toBe("None")
      peer.read()
      const reply = yield* Fiber.join(second)
      peer.say("BIG\nB\n")
      expect([yield* first, yield* reply]).toEqual(["BIG", "B"])
    }))

  it.scoped("gives a server that answers steadily its time for each reply", () =>
    Effect.gen(function*() {
      const { client, peer } = yield* connect(lines)
      const replies = yield* Effect.forEach(["a", "b", "c"], client.submit)
      const all = yield* Effect.fork(Effect.all(replies))
      for (const reply of ["A\n", "B\n"]) {
        yield* TestClock.adjust(1900)
        peer.say(reply)
      }
      yield* TestClock.adjust(1999)
      expect(yield* outcome(all)).toBe("waits")
      yield* TestClock.adjust(1)
      expect(yield* outcome(all)).toMatchObject({ _tag: "ReplyTimeout" })
    }))

  it.scoped("writes what is asked in one go at once", () =>
    Effect.gen(function*() {
      const { client, peer } = yield* connect(lines)
      const writes: Array<string> = []
      peer.write = (bytes) => void writes.push(String(bytes))
      yield* Effect.forEach(["a", "b", "c"], client.submit)
      yield* rest
      expect(writes).toEqual(["a\nb\nc\n"])
    }))
})

describe("receive", () => {
  it.scoped("waits without a time limit for what the server says of itself", () =>
    Effect.gen(function*() {
      const { client, peer } = yield* connect(lines)
      const listener = yield* Effect.fork(client.receive)
      yield* TestClock.adjust("1 hour")
      peer.say("hello\n")
      expect(yield* Fiber.join(listener)).toBe("hello")
    }))

  it.scoped("has what came before a request, which is not its reply", () =>
    Effect.gen(function*() {
      const { client, peer } = yield* connect(TextClient.protocol)
      peer.say("welcome\n")
      const reply = yield* Effect.fork(client.ask("a"))
      yield* rest
      peer.say("A\n")
      expect(yield* Fiber.join(reply)).toBe("A")
      expect(yield* client.receive).toBe("welcome")
    }))

  it.scoped("has what had begun to come before a request, too", () =>
    Effect.gen(function*() {
      const { client, peer } = yield* connect(lines)
      peer.say("wel")
      const reply = yield* Effect.fork(client.ask("a"))
      yield* rest
      peer.say("come\nA\n")
      expect(yield* Fiber.join(reply)).toBe("A")
      expect(yield* client.receive).toBe("welcome")
    }))

  it.scoped("in auto, has a greeting without a newline, for whose end a request waits", () =>
    Effect.gen(function*() {
      const { client, peer } = yield* connect(TextClient.protocol)
      peer.say("welcome")
      const reply = yield* Effect.fork(client.ask("a"))
      yield* TestClock.adjust(99)
      expect(peer.heard).toBe("")
      yield* TestClock.adjust(1)
      expect(peer.heard).toBe("a")
      peer.say("A")
      expect(yield* Fiber.join(reply)).toBe("A")
      expect(yield* client.receive).toBe("welcome")
    }))

  it.scoped("leaves replies to those who asked, and is told of what comes after them", () =>
    Effect.gen(function*() {
      const { client, peer } = yield* connect(lines)
      const listener = yield* Effect.fork(client.receive)
      const reply = yield* Effect.fork(client.ask("a"))
      yield* rest
      peer.say("A\nby the way\n")
      expect(yield* Fiber.join(reply)).toBe("A")
      expect(yield* Fiber.join(listener)).toBe("by the way")
    }))

  it.scoped("fails when the server goes, after what it still said", () =>
    Effect.gen(function*() {
      const { client, peer } = yield* connect(lines)
      peer.say("goodbye\n")
      peer.sink.end()
      expect(yield* client.receive).toBe("goodbye")
      expect((yield* Effect.flip(client.receive))._tag).toBe("ConnectionClosed")
    }))

  it.scoped("leaves the message to the next listener when it is interrupted", () =>
    Effect.gen(function*() {
      const { client, peer } = yield* connect(lines)
      const first = yield* Effect.fork(client.receive)
      yield* rest
      yield* Fiber.interrupt(first)
      peer.say("hello\n")
      expect(yield* client.receive).toBe("hello")
    }))
})

describe("a message that its framing cannot carry", () => {
  it.scoped("is refused, and nothing is sent of it, and the others have their replies", () =>
    Effect.gen(function*() {
      const { client, peer } = yield* connect(lines)
      const first = yield* Effect.fork(client.ask("a"))
      for (const message of ["b\nc", "\n", "b\r", "\ud800"]) {
        expect(yield* Effect.flip(client.ask(message))).toMatchObject({ _tag: "UnsendableMessage" })
        expect(yield* Effect.flip(client.send(message))).toMatchObject({ _tag: "UnsendableMessage" })
      }
      const last = yield* Effect.fork(client.ask("d"))
      yield* rest
      expect(peer.heard).toBe("a\nd\n")
      peer.say("A\nD\n")
      expect([yield* Fiber.join(first), yield* Fiber.join(last)]).toEqual(["A", "D"])
    }))

  it.scoped("is sent in auto once the server has shown that it knows no lines", () =>
    Effect.gen(function*() {
      const { client, peer } = yield* connect(TextClient.protocol)
      const first = yield* Effect.fork(client.ask("a"))
      yield* rest
      peer.say("A")
      yield* TestClock.adjust(100)
      yield* Fiber.join(first)
      yield* Effect.fork(client.ask("b\nc"))
      yield* rest
      expect(peer.heard).toBe("a\nb\nc")
    }))

  it.scoped("is refused where its codec throws, to whoever asks, while another waits for its reply", () =>
    Effect.gen(function*() {
      const json = ClientProtocol.withFraming(
        TextClient.protocol as ClientProtocol.ClientProtocol<unknown, unknown, unknown>,
        ndjson
      )
      const peer = new Peer()
      const client = yield* Client.make(json).pipe(
        Effect.provideService(Connector, { connect: () => Effect.succeed(peer) })
      )
      const first = yield* Effect.fork(client.ask({ a: 1 }))
      expect(yield* Effect.flip(client.ask(1n))).toMatchObject({ _tag: "UnsendableMessage" })
      yield* rest
      peer.say("2\n")
      expect(yield* Fiber.join(first)).toBe(2)
    }))
})

describe("paused", () => {
  it.scoped("reads nothing, however long it takes, and gives each reply all of its time afterwards", () =>
    Effect.gen(function*() {
      const { client, peer } = yield* connect(lines)
      const asking = yield* Effect.fork(client.ask("a"))
      yield* TestClock.adjust(1999)
      yield* client.paused(Effect.zipRight(
        Effect.sync(() => expect(peer.isRead).toBe(false)),
        Effect.fork(Effect.void)
      ))
      expect(peer.isRead).toBe(true)
      const pausing = yield* Effect.fork(client.paused(Effect.sleep("1 hour")))
      yield* TestClock.adjust("1 hour")
      yield* Fiber.join(pausing)
      yield* TestClock.adjust(1999)
      expect(yield* outcome(asking)).toBe("waits")
      yield* TestClock.adjust(1)
      expect(yield* outcome(asking)).toMatchObject({ _tag: "ReplyTimeout" })
    }))

  it.scoped("keeps what was on its way, and gives it out afterwards", () =>
    Effect.gen(function*() {
      const { client, peer } = yield* connect(lines)
      const asking = yield* Effect.fork(client.ask("a"))
      const pausing = yield* Effect.fork(client.paused(Effect.sleep("1 second")))
      yield* rest
      peer.say("A\n")
      yield* rest
      expect(yield* outcome(asking)).toBe("waits")
      yield* TestClock.adjust("1 second")
      yield* Fiber.join(pausing)
      yield* rest
      expect(yield* outcome(asking)).toBe("A")
    }))
})

describe("make", () => {
  it.effect("gives the connector its time, and passes on the connector's error", () =>
    Effect.gen(function*() {
      const never = Layer.succeed(Connector, {
        connect: (place, timeout) =>
          Effect.timeoutFail(Effect.never, {
            duration: timeout,
            onTimeout: () => new ConnectTimeout({ address: place, timeout })
          })
      })
      const asking = yield* Effect.fork(
        Client.ask(lines, "a", { timeout: "3 seconds" }).pipe(Effect.provide(never))
      )
      yield* TestClock.adjust(2999)
      expect(yield* outcome(asking)).toBe("waits")
      yield* TestClock.adjust(1)
      expect(yield* outcome(asking)).toMatchObject({ _tag: "ConnectTimeout", timeout: Duration.seconds(3) })
    }))
})

describe("ReverseClient", () => {
  it.scoped("takes the newline away that a server which knows no lines reversed, too", () =>
    Effect.gen(function*() {
      const { client, peer } = yield* connect(ReverseClient.protocol)
      const first = yield* Effect.fork(client.ask("ADVANCE"))
      yield* rest
      expect(peer.heard).toBe("ADVANCE\n")
      peer.say("\nECNAVDA")
      yield* TestClock.adjust(100)
      expect(yield* outcome(first)).toBe("ECNAVDA")
      const second = yield* Effect.fork(client.ask("abc"))
      yield* rest
      expect(peer.heard).toBe("ADVANCE\nabc")
      peer.say("cba")
      expect(yield* Fiber.join(second)).toBe("cba")
    }))

  it.scoped("takes an empty line for the answer to an empty one", () =>
    Effect.gen(function*() {
      const { client, peer } = yield* connect(ReverseClient.protocol)
      const ask = yield* Effect.fork(client.ask(""))
      yield* rest
      peer.say("\n")
      expect(yield* Fiber.join(ask)).toBe("")
    }))
})
