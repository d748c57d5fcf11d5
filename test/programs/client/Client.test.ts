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
import { ConnectionReset, ConnectTimeout } from "../../../src/domain/NetworkError.js"
import * as Client from "../../../src/programs/client/Client.js"
import * as ReverseClient from "../../../src/programs/protocols/ReverseClient.js"
import * as TextClient from "../../../src/programs/protocols/TextClient.js"
import type { Connection, Sink } from "../../../src/services/Connection.js"
import { highWaterMark } from "../../../src/services/Connection.js"
import { Connector } from "../../../src/services/Connector.js"

const address = { host: "localhost", port: 1234 }

/** The server's end of a connection, in the hands of the test. */
class Peer implements Connection {
  readonly peer = address
  sink!: Sink
  heard = ""
  ended = false
  /** Whether it reads what it is sent. */
  isReading = true
  private bytes = 0

  open(sink: Sink): void {
    this.sink = sink
  }
  write(bytes: string | Uint8Array): void {
    const text = Buffer.from(bytes as Uint8Array).toString()
    this.heard += text
    if (!this.isReading) this.bytes += text.length
  }
  unsent(): number {
    return this.bytes
  }
  sent(): number {
    return this.heard.length - this.bytes
  }
  say(text: string): void {
    this.sink.data(Buffer.from(text))
  }
  read(): void {
    this.isReading = true
    this.bytes = 0
    this.sink.drain()
  }
  end(): void {
    this.ended = true
  }
  close(): void {}
  pause(): void {}
  resume(): void {}
  reset(): void {}
}

const connect = <E>(protocol: ClientProtocol.ClientProtocol<string, string, string, string, E>) =>
  Effect.gen(function*() {
    const peer = new Peer()
    const client = yield* Client.make(protocol).pipe(
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
      peer.sink.closed(new ConnectionReset(address))
      expect(yield* Effect.flip(client.ask("a"))).toMatchObject({ _tag: "ConnectionRefused", reason: "turned away" })
    }))

  it.scoped("fails as closed or reset when the server goes away later, after the replies that came", () =>
    Effect.gen(function*() {
      for (const error of [undefined, new ConnectionReset(address)]) {
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

describe("make", () => {
  it.effect("gives the connector its time, and passes on the connector's error", () =>
    Effect.gen(function*() {
      const never = Layer.succeed(Connector, {
        connect: (place, timeout) =>
          Effect.timeoutFail(Effect.never, {
            duration: timeout,
            onTimeout: () => new ConnectTimeout({ ...place, timeout })
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
