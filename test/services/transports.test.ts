import { describe, expect, it } from "@effect/vitest"
import * as Effect from "effect/Effect"
import * as Fiber from "effect/Fiber"
import * as Layer from "effect/Layer"
import type * as Scope from "effect/Scope"
import type { Server as HttpServer } from "node:http"
import { createServer } from "node:http"
import { createServer as createSecureServer } from "node:https"
import * as Peer from "../../src/programs/testing/Peer.js"
import * as BunSocketServer from "../../src/services/BunSocketServer.js"
import type { Connector } from "../../src/services/Connector.js"
import * as NodeConnector from "../../src/services/NodeConnector.js"
import * as NodeSocketServer from "../../src/services/NodeSocketServer.js"
import * as NodeTlsConnector from "../../src/services/NodeTlsConnector.js"
import * as NodeTlsSocketServer from "../../src/services/NodeTlsSocketServer.js"
import { SocketServer } from "../../src/services/SocketServer.js"
import * as VirtualNetwork from "../../src/services/VirtualNetwork.js"
import * as WebSocketConnector from "../../src/services/WebSocketConnector.js"
import * as WebSocketServer from "../../src/services/WebSocketServer.js"
import * as certificates from "../behaviours/support/certificates.js"
import { listen } from "./support/App.js"
import * as PlatformPeer from "./support/PlatformPeer.js"

const encrypted = (version: "TLSv1.2" | "TLSv1.3") =>
  Layer.merge(
    NodeTlsSocketServer.layer({ identity: certificates.server, minVersion: version, maxVersion: version }),
    NodeTlsConnector.layer({ ca: certificates.authority })
  ).pipe(Layer.orDie)

const encryptedLater = Layer.merge(
  NodeTlsSocketServer.layer({ identity: certificates.server, startTls: true }),
  NodeTlsConnector.layer({ ca: certificates.authority, startTls: true })
).pipe(Layer.orDie)

const overWebSocket = <R>(below: Layer.Layer<SocketServer | Connector | R>) =>
  Layer.provide(Layer.merge(WebSocketServer.layer(), WebSocketConnector.layer()), below)

const isBun = "bun" in process.versions

const tcp = Layer.merge(Layer.orDie(isBun ? BunSocketServer.layer() : NodeSocketServer.layer()), NodeConnector.layer)

/** Behind a server that the app has made, and closes. */
const overUpgrade = (make: () => HttpServer, connector: Layer.Layer<Connector>) =>
  Layer.merge(
    Layer.unwrapScoped(Effect.map(
      Effect.acquireRelease(Effect.tap(Effect.sync(make), (server) => listen(server)), (server) =>
        Effect.sync(() => server.close())),
      (server) =>
        Layer.orDie(WebSocketServer.layerUpgrade(server))
    )),
    Layer.provide(WebSocketConnector.layer(), connector)
  )

const transports: Record<string, Layer.Layer<SocketServer | Connector>> = {
  "the virtual network": VirtualNetwork.layer({ explain: true }),
  "the virtual network, slow and in pieces": VirtualNetwork.layer({
    explain: true,
    seed: 1,
    latency: "3 millis",
    jitter: "2 millis",
    segment: 70_000,
    window: 1_000_000
  }),
  "TCP": tcp,
  "TLS 1.3": encrypted("TLSv1.3"),
  "TLS 1.2": encrypted("TLSv1.2"),
  "TCP, encrypted in the middle": encryptedLater,
  "the virtual network, encrypted in the middle": VirtualNetwork.layer({ explain: true, startTls: true }),
  "WebSocket over the virtual network": overWebSocket(VirtualNetwork.layer({ explain: true })),
  "WebSocket over TCP": overWebSocket(tcp),
  "WebSocket over TLS": overWebSocket(encrypted("TLSv1.3")),
  "WebSocket behind an app's http.Server": overUpgrade(() => createServer(), NodeConnector.layer),
  // Bun's https.Server gives out no sockets that may be cut.
  ...(isBun ? {} : {
    "WebSocket behind an app's https.Server": overUpgrade(
      () => createSecureServer(certificates.contents(certificates.server)),
      Layer.orDie(NodeTlsConnector.layer({ ca: certificates.authority }))
    )
  })
}

/** A client and the server's side of its connection. Where that can be encrypted, it is. */
const plain = Effect.gen(function*() {
  const { accept, address } = yield* SocketServer
  const client = yield* Peer.connect(address)
  const server = yield* Effect.flatMap(accept, Peer.make)
  if (server.connection.startTls !== undefined) {
    yield* Effect.all([server.startTls, client.startTls], { concurrency: "unbounded" })
  }
  return { client, server }
})

type Needs = SocketServer | Connector | Scope.Scope

const on =
  <Pair>(pair: Effect.Effect<Pair, unknown, Needs>, layer: Layer.Layer<SocketServer | Connector>) =>
  (name: string, test: (pair: Pair) => Effect.Effect<void, unknown, Needs>) =>
    it.live(name, () => Effect.flatMap(pair, test).pipe(Effect.scoped, Effect.provide(layer)))

interface Pair {
  readonly client: PlatformPeer.Side
  readonly server: PlatformPeer.Side
}

/** What keeps the promises: connections of each transport, and sockets of `@effect/platform` on some of them. */
const stages = [
  ...Object.entries(transports).map(([name, layer]) => [name, layer, plain] as const),
  ...["the virtual network", "TCP", "TLS 1.3", "WebSocket over TCP"].map((name) =>
    [`@effect/platform's sockets over ${name}`, transports[name]!, PlatformPeer.pair] as const
  )
]

describe.each(stages)("on %s", (name, layer, pair) => {
  const promise = on<Pair>(pair, layer)

  promise("bytes arrive in order, both ways", ({ client, server }) =>
    Effect.gen(function*() {
      yield* client.write("hello, ")
      yield* client.write(Buffer.from("wörld\n"))
      expect(yield* server.readLine).toBe("hello, wörld")
      yield* server.write("and back\n")
      expect(yield* client.readLine).toBe("and back")
    }))

  promise("a side that has finished is still answered", ({ client, server }) =>
    Effect.gen(function*() {
      yield* client.write("question")
      yield* client.end
      expect((yield* server.readToEnd).toString()).toBe("question")
      yield* server.write("answer")
      yield* server.end
      expect((yield* client.readToEnd).toString()).toBe("answer")
      yield* client.closed
      yield* server.closed
    }))

  promise(
    "what was written before a close arrives whole, and then the end",
    ({ client, server }) =>
      Effect.gen(function*() {
        yield* server.write("x".repeat(50_000))
        yield* server.close
        expect((yield* client.readToEnd).length).toBe(50_000)
        yield* client.end
        yield* client.closed
        yield* server.closed
      })
  )

  promise("a reset is told to the other side", ({ client, server }) =>
    Effect.gen(function*() {
      yield* client.write("!")
      yield* server.read
      yield* server.reset
      yield* server.closed
      expect(yield* Effect.flip(client.closed)).toMatchObject({ _tag: "ConnectionReset" })
    }))

  promise(
    "a peer that does not read blocks the writer, and is given everything when it reads",
    ({ client, server }) =>
      Effect.gen(function*() {
        const { poll } = yield* SocketServer
        yield* client.pause
        const megabyte = Buffer.alloc(1_048_576, "x")
        let written = 0
        let isEnough = false
        const writing = yield* Effect.fork(Effect.whileLoop({
          while: () => !isEnough,
          body: () => server.write(megabyte),
          step: () => void written++
        }))
        // The kernel's own buffers are many megabytes.
        for (let still = 0, before = 0; still < 200; before = written) {
          yield* poll
          still = written === before ? still + 1 : 0
        }
        isEnough = true
        yield* client.resume
        yield* Fiber.join(writing)
        expect((yield* client.readExactly(written * megabyte.length)).length).toBe(written * megabyte.length)
      })
  )

  if (name.includes("WebSocket")) {
    promise("who lets go says so, and still takes what was on its way", ({ client, server }) =>
      Effect.gen(function*() {
        yield* client.pause
        yield* server.write(Buffer.alloc(65_536, "x"))
        yield* client.close
        expect((yield* server.readToEnd).length).toBe(0)
        yield* server.end
        yield* client.closed
        yield* server.closed
      }))
    return
  }

  promise(
    name.startsWith("@effect")
      ? "letting go of unread bytes ends the run, and fails who writes"
      : "letting go of unread bytes resets the peer",
    ({ client, server }) =>
      Effect.gen(function*() {
        const { poll } = yield* SocketServer
        yield* client.pause
        // More than the kernels hold for both sides.
        const writing = yield* Effect.fork(server.write(Buffer.alloc(16 * 1_048_576, "x")))
        yield* Effect.repeatN(poll, 100)
        yield* client.close
        if (name.startsWith("@effect")) {
          yield* server.closed
          expect(yield* Effect.flip(Fiber.join(writing))).toMatchObject({ _tag: "ConnectionClosed" })
        } else {
          expect(yield* Effect.flip(server.closed)).toMatchObject({ _tag: "ConnectionReset" })
        }
      })
  )
})

/** Bytes that go before a long message. */
const frameHeader = 10

describe.each(Object.entries(transports))("on %s", (name, layer) => {
  const promise = on(plain, layer)

  promise(
    "nothing can be written any more when the connection was cut",
    ({ client, server }) =>
      Effect.gen(function*() {
        yield* server.reset
        yield* Effect.ignore(client.closed)
        expect(yield* Effect.flip(client.write("?"))).toMatchObject({ _tag: "ConnectionReset" })
      })
  )

  promise(
    "each byte that was written is counted: as unsent, and then as sent",
    ({ client, server }) =>
      Effect.gen(function*() {
        yield* client.pause
        const megabyte = Buffer.alloc(1_048_576, "x")
        let written = 0
        let counted = 0
        while (server.connection.unsent() === 0) {
          server.connection.write(megabyte)
          written += megabyte.length
          counted += megabyte.length + (name.includes("WebSocket") ? frameHeader : 0)
          yield* Effect.yieldNow()
        }
        expect(server.connection.sent() + server.connection.unsent()).toBe(counted)
        yield* client.resume
        expect((yield* client.readExactly(written)).length).toBe(written)
        yield* server.write("")
        expect(server.connection.unsent()).toBe(0)
        expect(server.connection.sent()).toBe(counted)
      })
  )
})

describe.each(["the virtual network", "TCP"])("on @effect/platform's sockets over %s", (name) => {
  const promise = on(PlatformPeer.pair, transports[name]!)

  promise(
    "what is written when the connection was cut waits for the next run",
    ({ accept, client, server, socket }) =>
      Effect.gen(function*() {
        yield* server.reset
        yield* Effect.ignore(client.closed)
        const writing = yield* Effect.fork(client.write("again\n"))
        yield* PlatformPeer.make(socket)
        expect(yield* Effect.flatMap(accept, ({ readLine }) => readLine)).toBe("again")
        yield* Fiber.join(writing)
      })
  )

  promise(
    "a server that writes to a connection that was cut is told that it is closed, and not why",
    ({ client, server }) =>
      Effect.gen(function*() {
        yield* client.reset
        expect(yield* Effect.flip(server.closed)).toMatchObject({ _tag: "ConnectionReset" })
        expect(yield* Effect.flip(server.write("?"))).toMatchObject({ _tag: "ConnectionClosed" })
      })
  )
})
