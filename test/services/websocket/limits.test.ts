// What a server holds against clients, byte by byte on the virtual network, where the client is no WebSocket of ours.
import { describe, expect, it } from "@effect/vitest"
import type { ServerEvent, Session } from "effect-switchboard"
import { Echo, Framing, Model, Observer, Protocol, WebSocketServer } from "effect-switchboard"
import { Peer, Simulation, VirtualNetwork } from "effect-switchboard/testing"
import * as Clock from "effect/Clock"
import * as Effect from "effect/Effect"
import * as Layer from "effect/Layer"
import { serve } from "../../behaviours/support/stages.js"
import { frameOf } from "../../domain/websocket/reading.js"

const network = (options: WebSocketServer.Options = {}) =>
  Layer.provideMerge(WebSocketServer.layer(options), VirtualNetwork.layer({ explain: true }))

const promise = (
  name: string,
  test: () => Effect.Effect<void, unknown>
) => it.effect(name, () => Simulation.run(test()))

const request = [
  "GET / HTTP/1.1",
  "Host: localhost:1234",
  "Upgrade: websocket",
  "Connection: Upgrade",
  "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==",
  "Sec-WebSocket-Version: 13",
  "",
  ""
].join("\r\n")

const line = Protocol.withFraming(Echo.protocol, Framing.line)
const address = { host: "localhost", port: 1234 }

/** A client whose handshake is done. */
const opened = Effect.gen(function*() {
  const peer = yield* Peer.connect(address)
  yield* peer.write(request)
  const head = yield* peer.readExactly(129)
  expect(head.toString()).toBe(
    "HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
      + "Sec-WebSocket-Accept: s3pPLMBiTxaQ9kYGzzhZRbK+xOo=\r\n\r\n"
  )
  return peer
})

const statusOf = (peer: Peer.Peer) => Effect.map(peer.readToEnd, (bytes) => bytes.toString().split("\r\n")[0])

describe("A WebSocketServer, on the virtual network", () => {
  promise(
    "a handshake that is cut at any byte opens, and a message behind it is answered",
    () =>
      Effect.gen(function*() {
        yield* serve(line, { model: Model.select })
        const bytes = Buffer.concat([Buffer.from(request), frameOf(1, "hello")])
        for (let at = 0; at <= bytes.length; at++) {
          const peer = yield* Peer.connect(address)
          yield* peer.write(bytes.subarray(0, at))
          yield* Effect.sleep(1)
          yield* peer.write(bytes.subarray(at))
          expect((yield* peer.readExactly(129 + 7)).subarray(129)).toEqual(frameOf(1, "hello", { isMasked: false }))
          yield* peer.close
        }
      }).pipe(Effect.scoped, Effect.provide(network()))
  )

  promise(
    "who dribbles its request is told that it took too long, at the deadline and not before",
    () =>
      Effect.gen(function*() {
        yield* serve(line, { model: Model.select })
        const peer = yield* Peer.connect(address)
        const dribble = Effect.forEach(
          request.slice(0, 40),
          (byte) => Effect.zipRight(Effect.sleep(999), peer.write(byte))
        )
        yield* Effect.fork(Effect.ignore(dribble))
        expect(yield* statusOf(peer)).toBe("HTTP/1.1 408 Request Timeout")
        expect(yield* Clock.currentTimeMillis).toBe(10_000)
      }).pipe(Effect.scoped, Effect.provide(network()))
  )

  promise("a request over its limit, or that is none, is refused at once, and its server's observer is told", () => {
    const told: Array<Extract<ServerEvent.ServerEvent, { readonly _tag: "UpgradeDeclined" }>> = []
    const observer = Layer.succeed(Observer.Observer, {
      messages: false,
      observe: (event) => {
        if (event._tag === "UpgradeDeclined") told.push(event)
      }
    })
    return Effect.gen(function*() {
      yield* serve(line, { model: Model.select })
      const refused = (bytes: string) =>
        Effect.flatMap(Peer.connect(address), (peer) => Effect.zipRight(peer.write(bytes), statusOf(peer)))
      expect(yield* refused(`GET / HTTP/1.1\r\nX: ${"x".repeat(8192)}`)).toContain(" 431 ")
      expect(yield* refused("1 + 1\n")).toContain(" 400 ")
      expect(yield* refused("GET / HTTP/1.1\r\nno field\r\n\r\n")).toContain(" 400 ")
      expect(yield* refused("GET / HTTP/1.1\r\n folded: 1\r\n\r\n")).toContain(" 400 ")
      expect(yield* refused(request.replace("\r\n\r\n", "\r\nOrigin: https://example.org\r\n\r\n"))).toContain(" 403 ")
      expect(told.map(({ status }) => status)).toEqual([431, 400, 400, 400, 403])
      expect(told.at(-1)).toMatchObject({ server: "localhost:1234", reason: "Pages of this origin may not connect." })
      expect(yield* Clock.currentTimeMillis).toBe(0)
    }).pipe(Effect.scoped, Effect.provide(Layer.provide(network(), observer)))
  })

  promise(
    "a client that is silent is asked for a sign of life, and cut where it gives none",
    () =>
      Effect.gen(function*() {
        const server = yield* serve(line, { model: Model.threaded })
        const living = yield* opened
        const silent = yield* opened
        const ping = frameOf(9, "", { isMasked: false })
        expect(yield* living.readExactly(2)).toEqual(ping)
        expect(yield* silent.readExactly(2)).toEqual(ping)
        expect(yield* Clock.currentTimeMillis).toBe(30_000)
        yield* Effect.sleep("29 seconds")
        yield* living.write(frameOf(10))
        expect(yield* Effect.flip(silent.read)).toMatchObject({ _tag: "ConnectionReset" })
        expect(yield* Clock.currentTimeMillis).toBe(60_000)
        yield* server.until("Closed", 1)
        expect(server.of("Closed")).toMatchObject([{ id: 2, reason: "ConnectionReset" }])
        yield* living.write(frameOf(1, "still here"))
        expect((yield* living.readExactly(12)).toString("latin1", 2)).toBe("still here")
      }).pipe(Effect.scoped, Effect.provide(network()))
  )

  promise(
    "who floods pings and reads nothing is owed one answer, and costs no more than that",
    () =>
      Effect.gen(function*() {
        yield* serve(line, { model: Model.select, writeTimeout: "1 hour" })
        const peer = yield* opened
        yield* peer.pause
        const ping = frameOf(9, "x".repeat(125))
        const flood = Buffer.concat(Array.from({ length: 100 }, () => ping))
        for (let i = 0; i < 1000; i++) yield* peer.write(flood)
        yield* peer.write(frameOf(9, "last"))
        yield* peer.resume
        const pong = frameOf(10, "last", { isMasked: false })
        let answers = 0
        for (let tail = ""; !tail.endsWith(pong.toString("latin1"));) {
          const bytes = yield* peer.read
          answers += bytes.length
          tail = (tail + bytes.toString("latin1")).slice(-pong.length)
        }
        // What the network holds, and what a connection may hold unsent.
        expect(answers).toBeLessThan(200_000)
      }).pipe(Effect.scoped, Effect.provide(network()))
  )

  promise(
    "after the peer's close a protocol that would go on has its time, and then the connection is over",
    () =>
      Effect.gen(function*() {
        const lasting = Protocol.make({
          name: "lasting",
          framing: Framing.line,
          open: (_session: Session.Session) => Effect.succeed({ state: 0 }),
          receive: (state: number) => Effect.succeed({ state }),
          ended: (state: number) => Effect.succeed({ state, owes: true })
        })
        const server = yield* serve(lasting, { model: Model.threaded })
        const peer = yield* opened
        yield* peer.write(frameOf(8, "\x03\xe8"))
        expect(yield* peer.readToEnd).toEqual(frameOf(8, "\x03\xe8", { isMasked: false }))
        expect(yield* Clock.currentTimeMillis).toBe(5000)
        yield* server.until("Closed", 1)
      }).pipe(Effect.scoped, Effect.provide(network({ closeTimeout: "5 seconds" })))
  )

  promise(
    "a connection that ends without a close frame is answered what came whole, and no half of a message",
    () =>
      Effect.gen(function*() {
        const server = yield* serve(line, { model: Model.threaded })
        const peer = yield* opened
        yield* peer.write(Buffer.concat([frameOf(1, "whole"), frameOf(1, "half", { isFinal: false })]))
        yield* peer.end
        expect(yield* peer.readToEnd).toEqual(Buffer.concat([
          frameOf(1, "whole", { isMasked: false }),
          frameOf(1, "the frame is not valid: the connection ends within it", { isMasked: false }),
          frameOf(8, "\x03\xea", { isMasked: false })
        ]))
        yield* server.until("Closed", 1)
        expect(server.of("Closed")).toMatchObject([{ reason: "InvalidFrame", requests: 1 }])
      }).pipe(Effect.scoped, Effect.provide(network()))
  )

  promise(
    "a stop declines who is in its handshake, and who was never taken is told to come again",
    () =>
      Effect.gen(function*() {
        const server = yield* serve(line, { model: Model.iterative })
        const first = yield* opened
        yield* first.write(frameOf(1, "a"))
        yield* first.readExactly(3)
        const waiting = yield* opened
        const half = yield* Peer.connect(address)
        yield* half.write(request.slice(0, 30))
        yield* server.stop
        expect(yield* statusOf(half)).toBe("HTTP/1.1 503 Service Unavailable")
        expect((yield* waiting.readToEnd).readUInt16BE(2)).toBe(1013)
        expect((yield* first.readToEnd).readUInt16BE(2)).toBe(1001)
      }).pipe(Effect.scoped, Effect.provide(network()))
  )
})
