import { describe, expect, it } from "@effect/vitest"
import { Client, ClientProtocol, Framing, NodeConnector, TextClient, WebSocketConnector } from "effect-switchboard"
import * as Effect from "effect/Effect"
import * as Layer from "effect/Layer"
import type { IncomingMessage } from "node:http"
import type { AddressInfo } from "node:net"
import type { ServerOptions, WebSocket } from "ws"
import { WebSocketServer } from "ws"

const connector = (options: WebSocketConnector.Options = {}) =>
  Layer.provide(WebSocketConnector.layer(options), NodeConnector.layer)

/** npm's `ws` as a server: the other side, which we have not written. Gives its port. */
const npmServer = (
  serve: (socket: WebSocket, request: IncomingMessage) => void,
  options: ServerOptions = {}
) =>
  Effect.map(
    Effect.acquireRelease(
      Effect.async<WebSocketServer>((resume) => {
        const server = new WebSocketServer({ port: 0, host: "127.0.0.1", ...options })
        server.on("connection", serve)
        server.on("listening", () => resume(Effect.succeed(server)))
      }),
      (server) =>
        Effect.sync(() => {
          for (const client of server.clients) client.terminate()
          server.close()
        })
    ),
    (server) => ({ host: "127.0.0.1", port: (server.address() as AddressInfo).port })
  )

const words = (binary: boolean): ClientProtocol.ClientProtocol<string, string, Uint8Array> =>
  ClientProtocol.make({
    name: "words",
    framing: Framing.bytes,
    prepare: (request: string) => Effect.succeed(Buffer.from(request)),
    process: (reply) => Effect.succeed(`${binary ? "binary" : "text"}:${Buffer.from(reply).toString()}`)
  })

describe("a WebSocketConnector, to npm's ws", () => {
  it.scopedLive("a line is a text message, and so is its answer", () =>
    Effect.gen(function*() {
      const heard: Array<readonly [string, boolean]> = []
      const place = yield* npmServer((socket) =>
        socket.on("message", (data: Buffer, isBinary) => {
          heard.push([data.toString(), isBinary])
          socket.send(`${data.toString()}!`)
        })
      )
      const client = yield* Client.make(TextClient.protocol, place)
      const asked = ["a", "", "ä💡", "x".repeat(200), "x".repeat(70_000)]
      expect(yield* Effect.forEach(asked, (text) => client.ask(text), { concurrency: "unbounded" }))
        .toEqual(asked.map((text) => `${text}!`))
      expect(heard).toEqual(asked.map((text) => [text, false]))
    }).pipe(Effect.provide(connector())))

  it.scopedLive("a message of bytes is a binary message, and comes whole, in fragments or not", () =>
    Effect.gen(function*() {
      const place = yield* npmServer((socket) =>
        socket.on("message", (data: Buffer, isBinary) => {
          expect(isBinary).toBe(true)
          socket.send(data.subarray(0, 2), { fin: false })
          socket.ping()
          socket.send(data.subarray(2), { fin: true })
        })
      )
      const client = yield* Client.make(words(true), place)
      expect(yield* client.ask("hello")).toBe("binary:hello")
    }).pipe(Effect.provide(connector())))

  it.scopedLive("asks for the path, the subprotocols and the origin that it was told", () =>
    Effect.gen(function*() {
      const place = yield* npmServer((socket, request) =>
        socket.on("message", () => socket.send(`${request.url} ${request.headers.origin} ${socket.protocol}`))
      )
      const client = yield* Client.make(TextClient.protocol, place)
      expect(yield* client.ask("?")).toBe("/chat?room=1 http://localhost soap")
    }).pipe(
      Effect.provide(connector({ path: "/chat?room=1", protocols: ["soap", "wamp"], origin: "http://localhost" }))
    ))

  it.scopedLive("a server that answers 503 or closes with 1013 has refused, any other status is told", () =>
    Effect.gen(function*() {
      const declining = (status: number) => npmServer(() => {}, { verifyClient: (_, decide) => decide(false, status) })
      const busy = yield* declining(503)
      expect(yield* Effect.flip(Client.make(TextClient.protocol, busy))).toMatchObject({
        _tag: "ConnectionRefused",
        reason: "turned away"
      })
      const strict = yield* declining(401)
      expect((yield* Effect.flip(Client.make(TextClient.protocol, strict))).message)
        .toBe(`Could not connect to 127.0.0.1:${strict.port}: it is no WebSocket server: it answers 401 Unauthorized.`)
      const full = yield* npmServer((socket) => socket.close(1013))
      const client = yield* Client.make(TextClient.protocol, full)
      expect(yield* Effect.flip(client.ask("?"))).toMatchObject({ _tag: "ConnectionRefused", reason: "turned away" })
    }).pipe(Effect.provide(connector())))

  it.scopedLive("is closed in good order by either side", () =>
    Effect.gen(function*() {
      const codes: Array<number> = []
      const place = yield* npmServer((socket) => {
        socket.on("close", (code) => codes.push(code))
        socket.on("message", (data: Buffer) => {
          socket.send(data.toString())
          if (data.toString() === "go") socket.close(4000, "enough\u001b[2J of this\u202e")
        })
      })
      const first = yield* Client.make(TextClient.protocol, place)
      expect(yield* first.ask("go")).toBe("go")
      // In the server's words, but for what a terminal would obey.
      expect(yield* first.disconnected).toMatchObject({
        _tag: "ConnectionClosed",
        message: `The server at 127.0.0.1:${place.port} closed the connection: enough[2J of this.`
      })
      const second = yield* Client.make(TextClient.protocol, place)
      expect(yield* second.ask("stay")).toBe("stay")
      yield* second.end
      expect(yield* second.disconnected).toMatchObject({ _tag: "ConnectionClosed" })
      expect(codes).toEqual([4000, 1000])
    }).pipe(Effect.provide(connector())))

  it.scopedLive("a message over the limit, and text that is none, fail for who waits", () =>
    Effect.gen(function*() {
      const place = yield* npmServer((socket) =>
        socket.on("message", (data: Buffer) =>
          data.toString() === "long"
            ? socket.send("x".repeat(101))
            : socket.send(Buffer.of(0xff), { binary: false }))
      )
      const long = yield* Client.make(TextClient.protocol, place)
      expect(yield* Effect.flip(long.ask("long"))).toMatchObject({ _tag: "FrameTooLong", limit: 100 })
      const wrong = yield* Client.make(TextClient.protocol, place)
      expect(yield* Effect.flip(wrong.ask("wrong"))).toMatchObject({ _tag: "InvalidText" })
    }).pipe(Effect.provide(connector({ maxMessage: 100 }))))
})
