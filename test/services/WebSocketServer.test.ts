import { describe, expect, it } from "@effect/vitest"
import type { Protocol, Server } from "effect-switchboard"
import {
  Calc,
  Chars,
  Echo,
  Evaluator,
  Framing,
  Model,
  NodeSocketServer,
  Protocol as Protocols,
  Reverse,
  WebSocketServer
} from "effect-switchboard"
import * as Effect from "effect/Effect"
import * as Layer from "effect/Layer"
import type { Socket } from "node:net"
import { many, serve } from "../behaviours/support/stages.js"
import { frameOf } from "../domain/websocket/reading.js"
import type { NpmClient } from "./support/NpmClient.js"
import { connect } from "./support/NpmClient.js"

const transport = (options: WebSocketServer.Options = {}) =>
  Layer.merge(Layer.provide(WebSocketServer.layer(options), Layer.orDie(NodeSocketServer.layer())), Evaluator.layer)

const urlOf = ({ address }: Pick<Server.Server, "address">): string => `ws://127.0.0.1:${address.port}/`

/** Runs a test with a server and its URL. */
const serving = <In, Out, E, R, A, E2>(
  protocol: Protocol.Protocol<In, Out, E, R>,
  test: (url: string, server: Effect.Effect.Success<ReturnType<typeof serve>>) => Effect.Effect<A, E2>,
  options: WebSocketServer.Options & Partial<Server.Options> = {}
) =>
  Effect.gen(function*() {
    const server = yield* serve(protocol, { model: Model.threaded, ...options })
    return yield* test(urlOf(server), server)
  }).pipe(Effect.scoped, Effect.provide(transport(options)))

const raw = (opcode: number, payload: string, isFinal = true): Buffer => frameOf(opcode, payload, { isFinal })

/** Writes bytes below npm's own framing. */
const inject = (client: NpmClient, bytes: Buffer) =>
  Effect.sync(() => {
    ;(client.socket as unknown as { readonly _socket: Socket })._socket.write(bytes)
  })

describe("a WebSocketServer, to npm's ws", () => {
  it.scopedLive("a text message is a line without its end, and so is its answer", () =>
    Effect.forEach(many, (model) =>
      serving(Calc.protocol, (url) =>
        Effect.gen(function*() {
          const client = yield* connect(url)
          for (const message of ["1 + 1", "2 ** 0.5", "\"ä💡\" * 2", "", "3 * 3\n", "1/0"]) client.socket.send(message)
          expect(yield* client.hear(6)).toEqual([
            "2",
            "1.4142135623730951",
            "ä💡ä💡",
            "INVALID STATEMENT: invalid syntax",
            "9",
            "INVALID STATEMENT: division by zero"
          ])
        }).pipe(Effect.scoped), { model })))

  it.scopedLive("each message of a binary framing is a binary message", () =>
    serving(Chars.protocol, (url) =>
      Effect.gen(function*() {
        const client = yield* connect(url)
        const codec = Chars.protocol.framing.open(1000)
        const [request] = [codec.encode(Chars.request("s"))]
        client.socket.send(request)
        client.socket.send(request)
        const heard = yield* client.hear(2)
        for (const message of heard) expect(message).toMatch(/^binary:.*Statistics: 0 symbols was delivered$/s)
      }).pipe(Effect.scoped)))

  it.scopedLive("where a framing knows no ends, a message is what the peer has sent as one, in fragments or not", () =>
    Effect.gen(function*() {
      yield* serving(Protocols.withFraming(Reverse.protocol, Framing.chunk), (url) =>
        Effect.gen(function*() {
          const client = yield* connect(url)
          for (const message of ["ab", "cd"]) client.socket.send(message)
          client.socket.send("e", { fin: false })
          client.socket.send("fg", { fin: true })
          expect(yield* client.hear(3)).toEqual(["ba", "dc", "gfe"])
        }).pipe(Effect.scoped))
      const bytes = Protocols.requestReply({
        name: "sizes",
        framing: Framing.bytes,
        reply: (bytes: Uint8Array) => Effect.succeed(Buffer.from(`${bytes.length}`))
      })
      yield* serving(bytes, (url) =>
        Effect.gen(function*() {
          const client = yield* connect(url)
          for (const size of [3, 60_000, 65_536]) client.socket.send(Buffer.alloc(size))
          expect(yield* client.hear(3)).toEqual(["binary:3", "binary:60000", "binary:65536"])
        }).pipe(Effect.scoped))
    }))

  it.scopedLive("bytes in binary messages are a stream, where text is expected", () =>
    serving(Protocols.withFraming(Echo.protocol, Framing.line), (url) =>
      Effect.gen(function*() {
        const client = yield* connect(url)
        for (const piece of ["he", "llo\nwor", "ld\n"]) client.socket.send(Buffer.from(piece))
        expect(yield* client.hear(2)).toEqual(["hello", "world"])
      }).pipe(Effect.scoped)))

  it.scopedLive("a message of 16 and of 64 bits of length goes there and back", () =>
    serving(Protocols.withFraming(Echo.protocol, Framing.line), (url) =>
      Effect.gen(function*() {
        const client = yield* connect(url)
        const messages = [125, 126, 65_535, 65_536, 500_000].map((length) => "ä".repeat(length / 2))
        for (const message of messages) client.socket.send(message)
        expect(yield* client.hear(5)).toEqual(messages)
      }).pipe(Effect.scoped), { maxFrame: 1_000_000 }))

  it.scopedLive("a ping is answered, between the fragments of a message, too", () =>
    serving(Echo.protocol, (url) =>
      Effect.gen(function*() {
        const client = yield* connect(url)
        client.socket.send("a", { fin: false })
        client.socket.ping("are you there?")
        client.socket.send("b", { fin: true })
        expect(yield* client.hear(1)).toEqual(["ab"])
        expect(yield* client.ponged(1)).toEqual(["are you there?"])
      }).pipe(Effect.scoped)))

  it.scopedLive("a close is answered with its code, behind all that was asked before it", () =>
    serving(
      Protocols.requestReply({
        name: "slowly",
        framing: Framing.line,
        reply: (message: string) => Effect.as(Effect.sleep(20), message)
      }),
      (url, server) =>
        Effect.gen(function*() {
          const client = yield* connect(url)
          for (const message of ["a", "b"]) client.socket.send(message)
          client.socket.close(4000, "enough")
          expect(yield* client.closed).toEqual({ code: 4000, words: "" })
          expect(client.heard).toEqual(["a", "b"])
          yield* server.until("Closed", 1)
          expect(server.of("Closed")).toMatchObject([{ reason: "PeerClosed", requests: 2, replies: 2 }])
        }).pipe(Effect.scoped)
    ))

  it.scopedLive("a close frame says why the server closes", () =>
    Effect.gen(function*() {
      const dying = Protocols.requestReply({
        name: "dying",
        framing: Framing.line,
        reply: (): Effect.Effect<string> => Effect.die("a bug")
      })
      const parting = Protocols.make({
        name: "parting",
        framing: Framing.line,
        open: () => Effect.succeed({ state: undefined }),
        receive: (_: undefined, message: string) => Effect.succeed({ state: undefined, send: [message], close: true })
      })
      const endOf = <E, R>(protocol: Protocol.Protocol<string, string, E, R>, bytes: Buffer, options = {}) =>
        serving(protocol, (url, server) =>
          Effect.gen(function*() {
            const client = yield* connect(url)
            yield* inject(client, bytes)
            const { code } = yield* client.closed
            yield* server.until("Closed", 1)
            return [code, server.of("Closed")[0]!.reason, client.heard]
          }).pipe(Effect.scoped), options)
      const echo = Protocols.withFraming(Echo.protocol, Framing.line)
      const first = raw(1, "first")
      const closing = (bytes: Buffer) => Buffer.concat([first, bytes])
      expect(yield* endOf(parting, first)).toEqual([1000, "ServerClosed", ["first"]])
      expect(yield* endOf(dying, first)).toEqual([1011, "Failed", []])
      expect(yield* endOf(echo, closing(raw(1, "x".repeat(101))), { maxFrame: 100 }))
        .toEqual([1009, "FrameTooLong", ["first", "a message may have 100 bytes at the most"]])
      expect(yield* endOf(echo, closing(raw(2, "x".repeat(101))), { maxMessage: 100 }))
        .toEqual([1009, "FrameTooLong", ["first", "a message may have 100 bytes at the most"]])
      expect(yield* endOf(echo, closing(raw(1, "half \xff", false))))
        .toEqual([1007, "InvalidText", ["first", "the message is not valid UTF-8 text"]])
      expect(yield* endOf(echo, closing(raw(2, "\xff\n"))))
        .toEqual([1007, "InvalidText", ["first", "the message is not valid UTF-8 text"]])
      expect(yield* endOf(echo, closing(raw(3, "x"))))
        .toEqual([1002, "InvalidFrame", ["first", "the frame is not valid: its opcode is reserved"]])
      expect(yield* endOf(echo, closing(raw(1, "half", false)), { requestTimeout: "10 millis" }))
        .toEqual([1008, "RequestTimeout", ["first"]])
    }))

  it.scopedLive("a stop answers what was asked, and closes with 1001", () =>
    serving(
      Protocols.requestReply({
        name: "slowly",
        framing: Framing.line,
        reply: (message: string) => Effect.as(Effect.sleep(20), message)
      }),
      (url, server) =>
        Effect.gen(function*() {
          const asking = yield* connect(url)
          const silent = yield* connect(url)
          for (const message of ["a", "b", "c"]) asking.socket.send(message)
          yield* asking.hear(1)
          const report = yield* server.stop
          expect(report).toEqual({ accepted: 2, cut: 0 })
          expect(yield* asking.closed).toEqual({ code: 1001, words: "the server stops" })
          expect(yield* silent.closed).toEqual({ code: 1001, words: "the server stops" })
          expect(asking.heard).toEqual(["a", "b", "c"])
        }).pipe(Effect.scoped)
    ))

  it.scopedLive("who is one too many is closed with 1013, and disturbs nobody", () =>
    serving(Echo.protocol, (url) =>
      Effect.gen(function*() {
        const first = yield* connect(url)
        const second = yield* connect(url)
        expect(yield* second.closed).toEqual({ code: 1013, words: "the server is busy" })
        first.socket.send("still here")
        expect(yield* first.hear(1)).toEqual(["still here"])
      }).pipe(Effect.scoped), { model: Model.single }))

  it.scopedLive("pages of other origins are forbidden, other paths not found, and a subprotocol is agreed on", () =>
    serving(Echo.protocol, (url) =>
      Effect.gen(function*() {
        expect(yield* Effect.flip(connect(url))).toBe(404)
        expect(yield* Effect.flip(connect(`${url}chat`, [], { origin: "https://example.org" }))).toBe(403)
        const local = yield* connect(`${url}chat`, ["soap", "wamp"], { origin: "http://localhost:3000" })
        expect(local.socket.protocol).toBe("wamp")
      }).pipe(Effect.scoped), { path: "/chat", protocols: ["wamp"] }))
})
