// A WebSocket at a path of an app's own server: of node:http, of node:https, and of @effect/platform.
import { HttpRouter, HttpServer, HttpServerResponse } from "@effect/platform"
import { NodeHttpServer } from "@effect/platform-node"
import { describe, expect, it } from "@effect/vitest"
import type { Protocol } from "effect-switchboard"
import {
  Address,
  Calc,
  Client,
  Echo,
  Evaluator,
  Framing,
  Gate,
  Model,
  NodeTlsConnector,
  Observer,
  Protocol as Protocols,
  Server,
  type ServerEvent,
  SocketServer,
  TextClient,
  WebSocketConnector,
  WebSocketServer
} from "effect-switchboard"
import * as Deferred from "effect/Deferred"
import * as Effect from "effect/Effect"
import * as Exit from "effect/Exit"
import * as Fiber from "effect/Fiber"
import * as Layer from "effect/Layer"
import * as Option from "effect/Option"
import * as Scope from "effect/Scope"
import { once } from "node:events"
import { readFileSync } from "node:fs"
import type { Server as HttpServerOfNode } from "node:http"
import { Agent, createServer, request as ask } from "node:http"
import { createServer as createSecureServer } from "node:https"
import type { Socket } from "node:net"
import { connect as dial } from "node:net"
import { text } from "node:stream/consumers"
import { connect as dialByTls } from "node:tls"
import { WebSocketServer as NpmServer } from "ws"
import { highWaterMark } from "../../src/services/Connection.js"
import { poll } from "../../src/services/node/poll.js"
import * as certificates from "../behaviours/support/certificates.js"
import { many, serve } from "../behaviours/support/stages.js"
import { frameOf } from "../domain/websocket/reading.js"
import { answer, app, close, listen, portOf } from "./support/App.js"
import { connect } from "./support/NpmClient.js"

/** A protocol at a path of the app's. */
const at = <In, Out, E, R>(
  http: HttpServerOfNode,
  protocol: Protocol.Protocol<In, Out, E, R>,
  options: WebSocketServer.UpgradeOptions & Partial<Server.Options> = {}
) =>
  Effect.flatMap(WebSocketServer.makeUpgrade(http, options), (transport) =>
    Effect.provideService(
      serve(protocol, { model: Model.threaded, ...options }),
      SocketServer.SocketServer,
      transport
    ))

const urlOf = (http: HttpServerOfNode, path = "/"): string => `ws://127.0.0.1:${portOf(http)}${path}`

const get = (http: HttpServerOfNode, path: string, init: RequestInit = {}) =>
  Effect.promise(() =>
    fetch(`http://127.0.0.1:${portOf(http)}${path}`, { ...init, headers: { connection: "close" } }).then((response) =>
      response.text()
    )
  )

const to = (http: HttpServerOfNode) => () => dial(portOf(http), "127.0.0.1")

/** Says something on a socket, and gives all that comes back until it ends. */
const say = (open: () => Socket, said: string | Buffer) =>
  Effect.async<string>((resume) => {
    const socket = open()
    let heard = ""
    // It is told by its close.
    socket.on("error", () => {})
    socket.on("data", (chunk) => (heard += chunk.toString("latin1")))
    socket.on("close", () => resume(Effect.succeed(heard)))
    socket.write(said)
    return Effect.sync(() => socket.destroy())
  })

const request = (path: string, fields: ReadonlyArray<string> = [], method = "GET"): string =>
  [`${method} ${path} HTTP/1.1`, "Host: localhost", ...fields, "", ""].join("\r\n")

const upgrade = ["Connection: Upgrade", "Upgrade: websocket", "Sec-WebSocket-Version: 13"].concat(
  "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ=="
)

const lines = Protocols.withFraming(Echo.protocol, Framing.line)

describe("a WebSocket at a path of an app's own http.Server", () => {
  it.scopedLive("answers beside the app's routes, at the same port", () =>
    Effect.forEach(many, (model) =>
      Effect.gen(function*() {
        const http = yield* app()
        const server = yield* at(http, Calc.protocol, { model, path: "/calc" })
        expect(server.address).toEqual({ host: "127.0.0.1", port: portOf(http), webSocket: "/calc" })
        const client = yield* connect(urlOf(http, "/calc?from=here"))
        for (const message of ["1 + 1", "\"ä💡\" * 2"]) client.socket.send(message)
        expect(yield* client.hear(2)).toEqual(["2", "ä💡ä💡"])
        expect(yield* get(http, "/calc")).toBe("GET /calc")
        expect(yield* get(http, "/other", { method: "POST", body: "hello" })).toBe("POST /other hello")
      }).pipe(Effect.scoped, Effect.provide(Evaluator.layer))))

  it.scopedLive("loses nothing that comes in the same segment as the request", () =>
    Effect.gen(function*() {
      const http = yield* app()
      yield* at(http, lines)
      const frames = Buffer.concat([frameOf(1, "one"), frameOf(1, "two"), frameOf(8, "")])
      const asked = Buffer.concat([Buffer.from(request("/", upgrade)), frames])
      const [head, bytes] = (yield* say(to(http), asked)).split("\r\n\r\n")
      expect(head).toMatch(/^HTTP\/1\.1 101 /)
      expect(head).toContain("Sec-WebSocket-Accept: s3pPLMBiTxaQ9kYGzzhZRbK+xOo=")
      expect(bytes).toBe("\x81\x03one\x81\x03two\x88\x00")
    }))

  it.scopedLive("may follow other requests on the same connection", () =>
    Effect.gen(function*() {
      const http = yield* app()
      yield* at(http, lines)
      let connections = 0
      http.on("connection", () => connections++)
      const agent = new Agent({ keepAlive: true, maxSockets: 1 })
      const [response] = yield* Effect.promise(() =>
        once(ask({ host: "127.0.0.1", port: portOf(http), agent }).end(), "response")
      )
      expect(yield* Effect.promise(() => text(response))).toBe("GET /")
      const client = yield* connect(urlOf(http), [], { agent })
      client.socket.send("hello")
      expect(yield* client.hear(1)).toEqual(["hello"])
      expect(connections).toBe(1)
    }))

  it.scopedLive("has its origins, its subprotocols and its limits, and says what it declines", () =>
    Effect.gen(function*() {
      const http = yield* app()
      const declined: Array<ServerEvent.ServerEvent> = []
      yield* Effect.provideService(
        at(http, lines, { path: "/ws", protocols: ["lines"], maxMessage: 100 }),
        Observer.Observer,
        { messages: false, observe: (event) => declined.push(event) }
      )
      expect(yield* Effect.flip(connect(urlOf(http, "/ws"), [], { origin: "https://example.org" }))).toBe(403)
      expect(declined).toMatchObject([{ _tag: "UpgradeDeclined", status: 403, server: `127.0.0.1:${portOf(http)}` }])
      expect(yield* say(to(http), request("/ws", upgrade, "POST"))).toMatch(/^HTTP\/1\.1 405 /)
      const client = yield* connect(urlOf(http, "/ws"), ["other", "lines"], { origin: "http://localhost:3000" })
      expect(client.socket.protocol).toBe("lines")
      client.socket.send("x".repeat(101))
      expect(yield* client.closed).toMatchObject({ code: 1009 })
    }))

  it.scopedLive("leaves other upgrades to the app's other listeners, which do not hear of its own", () =>
    Effect.gen(function*() {
      const http = yield* app()
      yield* at(http, lines, { path: "/echo" })
      yield* Effect.provide(at(http, Calc.protocol, { path: "/calc" }), Evaluator.layer)
      // It answers 400 to whatever is not for it.
      const npm = new NpmServer({ server: http, path: "/npm" })
      npm.on("connection", (socket) => socket.send("npm's"))
      const others = yield* connect(urlOf(http, "/npm"))
      expect(yield* others.hear(1)).toEqual(["npm's"])
      for (const [path, asked, answer] of [["/echo", "hello", "hello"], ["/calc", "6 * 7", "42"]] as const) {
        const client = yield* connect(urlOf(http, path))
        client.socket.send(asked)
        expect(yield* client.hear(1)).toEqual([answer])
      }
      expect(yield* Effect.flip(connect(urlOf(http, "/nobody")))).toBe(400)
      expect(yield* Effect.flip(WebSocketServer.makeUpgrade(http, { path: "/calc" }))).toMatchObject({
        _tag: "ListenFailed",
        message: `Could not listen on 127.0.0.1:${portOf(http)}: another WebSocket is there already.`
      })
    }))

  it.scopedLive("leaves requests that ask for something else than a WebSocket to the app's routes, with their bodies", () =>
    Effect.gen(function*() {
      const http = yield* app()
      yield* at(http, lines)
      const h2c = ["Connection: Upgrade, HTTP2-Settings", "Upgrade: h2c", "HTTP2-Settings: AAMAAABkAAQAAP__"]
      const first = request("/", [...h2c, "Content-Length: 5"], "POST")
      const second = request("/second", ["Connection: close"])
      const heard = yield* say(to(http), `${first}hello${second}`)
      expect(heard.match(/HTTP\/1\.1 200 /g)).toHaveLength(2)
      expect(heard).toContain("POST / hello")
      expect(heard).toContain("GET /second")
      // One for a WebSocket elsewhere is a request for that page.
      expect(yield* Effect.flip(connect(urlOf(http, "/elsewhere")))).toBe(200)
      const bare = createServer()
      yield* listen(bare)
      yield* at(bare, lines)
      expect(yield* say(to(bare), request("/elsewhere", upgrade))).toMatch(/^HTTP\/1\.1 404 /)
      yield* Effect.forkDaemon(close(bare))
    }))

  it.scopedLive("gives a client that reads late all of it, whatever the app's server holds", () =>
    Effect.gen(function*() {
      const http = yield* app(undefined, { highWaterMark: 4_194_304 })
      const sockets: Array<Socket> = []
      http.on("connection", (socket) => sockets.push(socket))
      const long = Protocols.requestReply({
        name: "long",
        framing: Framing.line,
        reply: () => Effect.succeed("x".repeat(100_000))
      })
      yield* at(http, long)
      const client = yield* connect(urlOf(http))
      client.socket.pause()
      for (let i = 0; i < 200; i++) client.socket.send("more")
      const isBehind = (): boolean => sockets.some(({ writableLength }) => writableLength >= highWaterMark)
      yield* Effect.repeat(poll, { until: isBehind })
      client.socket.resume()
      const heard = yield* client.hear(200)
      expect(heard.map(({ length }) => length)).toEqual(Array.from({ length: 200 }, () => 100_000))
    }))

  it.scopedLive("turns away whoever there is no room for, by 1013", () =>
    Effect.gen(function*() {
      const http = yield* app()
      yield* at(http, lines, { model: Model.single })
      const first = yield* connect(urlOf(http))
      first.socket.send("hello")
      expect(yield* first.hear(1)).toEqual(["hello"])
      const second = yield* connect(urlOf(http))
      expect(yield* second.closed).toMatchObject({ code: 1013 })
    }))

  it.scopedLive("has a gate of its own, beside which the app's routes stay open", () =>
    Effect.gen(function*() {
      const http = yield* app()
      const refused: Array<ServerEvent.ServerEvent> = []
      const server = yield* at(http, lines).pipe(
        Effect.provide(Gate.layer({ maxConnectionsPerAddress: 1 })),
        Effect.provideService(Observer.Observer, { messages: false, observe: (event) => refused.push(event) })
      )
      const first = yield* connect(urlOf(http))
      expect(yield* say(to(http), request("/", upgrade))).toBe("")
      expect(refused).toMatchObject([{ _tag: "Refused", reason: "PerAddress" }])
      expect(yield* get(http, "/")).toBe("GET /")
      first.socket.close()
      yield* server.until("Closed", 1)
      const second = yield* connect(urlOf(http))
      second.socket.send("hello")
      expect(yield* second.hear(1)).toEqual(["hello"])
    }))

  it.scopedLive("stops without the app: what was asked is answered, its routes go on, and the path is the app's again", () =>
    Effect.gen(function*() {
      const http = yield* app()
      const isAsked = yield* Deferred.make<void>()
      const isOver = yield* Deferred.make<void>()
      const slow = Protocols.requestReply({
        name: "slow",
        framing: Framing.line,
        reply: (text: string) =>
          Deferred.succeed(isAsked, undefined).pipe(Effect.zipRight(Deferred.await(isOver)), Effect.as(text))
      })
      const scope = yield* Scope.make()
      const server = yield* Scope.extend(at(http, slow), scope)
      const client = yield* connect(urlOf(http))
      client.socket.send("asked")
      yield* Deferred.await(isAsked)
      const stopping = yield* Effect.fork(Scope.close(scope, Exit.void))
      yield* server.until("Draining", 1)
      yield* Deferred.succeed(isOver, undefined)
      yield* Fiber.join(stopping)
      expect(yield* client.closed).toEqual({ code: 1001, words: "the server stops" })
      expect(client.heard).toEqual(["asked"])
      expect(yield* get(http, "/")).toBe("GET /")
      expect(yield* Effect.flip(connect(urlOf(http)))).toBe(200)
      expect(http.listenerCount("upgrade")).toBe(0)
      yield* at(http, lines)
      const next = yield* connect(urlOf(http))
      next.socket.send("again")
      expect(yield* next.hear(1)).toEqual(["again"])
    }))

  it.scopedLive("goes on when the app closes its server, which has closed when the last WebSocket is over", () =>
    Effect.gen(function*() {
      const http = createServer(answer)
      yield* listen(http)
      const scope = yield* Scope.make()
      yield* Scope.extend(at(http, lines), scope)
      const client = yield* connect(urlOf(http))
      const closing = yield* Effect.fork(close(http))
      client.socket.send("still here")
      expect(yield* client.hear(1)).toEqual(["still here"])
      expect(Option.isNone(yield* Fiber.poll(closing))).toBe(true)
      yield* Scope.close(scope, Exit.void)
      yield* Fiber.join(closing)
      expect(yield* client.closed).toMatchObject({ code: 1001 })
    }))

  it.scopedLive("waits until the app's server listens", () =>
    Effect.gen(function*() {
      const http = createServer(answer)
      const making = yield* Effect.fork(at(http, lines))
      yield* Effect.yieldNow()
      yield* listen(http)
      expect(yield* Fiber.join(making)).toMatchObject({ address: { port: portOf(http) } })
      const client = yield* connect(urlOf(http))
      client.socket.send("hello")
      expect(yield* client.hear(1)).toEqual(["hello"])
      yield* Effect.forkDaemon(close(http))
    }))
})

describe("a WebSocket at a path of an app's own https.Server", () => {
  it.scopedLive("has clients that know who it is, and leaves all other requests to the app", () =>
    Effect.gen(function*() {
      const https = createSecureServer(certificates.contents(certificates.server), answer)
      yield* listen(https)
      const server = yield* at(https, Calc.protocol, { path: "/calc" })
      expect(Address.url(server.address)).toBe(`wss://127.0.0.1:${portOf(https)}/calc`)
      const client = yield* Client.make(TextClient.calc, { ...server.address, host: "localhost" })
      expect(yield* client.ask("22 + 44")).toBe("66")
      expect(server.of("Accepted")).toMatchObject([{ tls: { version: "TLSv1.3" } }])
      const asked = request("/", ["Connection: Upgrade, close", "Upgrade: h2c", "Content-Length: 2"], "POST")
      const secure = () =>
        dialByTls({ port: portOf(https), host: "localhost", ca: readFileSync(certificates.authority) })
      expect(yield* say(secure, `${asked}hi`)).toMatch(/^HTTP\/1\.1 200 OK[^]*POST \/ hi$/)
      yield* Effect.forkDaemon(close(https))
    }).pipe(
      Effect.provide([
        Evaluator.layer,
        Layer.provide(WebSocketConnector.layer(), NodeTlsConnector.layer({ ca: certificates.authority }))
      ])
    ))
})

describe("a WebSocket at a path of @effect/platform's HttpServer", () => {
  const hello = HttpRouter.empty.pipe(HttpRouter.get("/", HttpServerResponse.text("hello")))
  const layers = (http: HttpServerOfNode) => ({
    below: NodeHttpServer.layer(() => http, { host: "127.0.0.1", port: 0 }),
    routes: HttpServer.serve(hello),
    calc: Server.layer(Calc.protocol, { model: Model.select }).pipe(
      Layer.provide([WebSocketServer.layerUpgrade(http, { path: "/calc" }), Evaluator.layer])
    )
  })
  const converse = (http: HttpServerOfNode) =>
    Effect.gen(function*() {
      expect(yield* get(http, "/")).toBe("hello")
      // Its router has an opinion on every upgrade, but hears only of those that are not ours.
      expect(yield* Effect.flip(connect(urlOf(http, "/other")))).toBe(404)
      const client = yield* connect(urlOf(http, "/calc"))
      client.socket.send("22 + 44")
      expect(yield* client.hear(1)).toEqual(["66"])
      return client
    })

  it.scopedLive("ends with the app's layer: first the conversations, then the server", () =>
    Effect.gen(function*() {
      const http = createServer()
      const { below, calc, routes } = layers(http)
      const scope = yield* Scope.make()
      yield* Layer.buildWithScope(Layer.provide(Layer.mergeAll(routes, calc), below), scope)
      const client = yield* converse(http)
      yield* Scope.close(scope, Exit.void)
      expect(yield* client.closed).toMatchObject({ code: 1001 })
      expect(http.listening).toBe(false)
    }))

  it.scopedLive("or behind it, where the app's server is closed first", () =>
    Effect.gen(function*() {
      const http = createServer()
      const { below, calc, routes } = layers(http)
      const [outer, inner] = [yield* Scope.make(), yield* Scope.make()]
      yield* Layer.buildWithScope(Layer.provide(routes, below), outer)
      yield* Layer.buildWithScope(calc, inner)
      const client = yield* converse(http)
      const closing = yield* Effect.fork(Scope.close(outer, Exit.void))
      client.socket.send("6 * 7")
      expect(yield* client.hear(2)).toEqual(["66", "42"])
      yield* Scope.close(inner, Exit.void)
      yield* Fiber.join(closing)
      expect(yield* client.closed).toMatchObject({ code: 1001 })
    }))
})
