import { describe, expect, it } from "@effect/vitest"
import * as Effect from "effect/Effect"
import * as Layer from "effect/Layer"
import type * as Scope from "effect/Scope"
import type { Server as HttpServer } from "node:http"
import { createServer } from "node:http"
import { createServer as createSecureServer } from "node:https"
import * as Peer from "../../src/programs/testing/Peer.js"
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

const encrypted = (version: "TLSv1.2" | "TLSv1.3") =>
  Layer.merge(
    NodeTlsSocketServer.layer({ identity: certificates.server, minVersion: version, maxVersion: version }),
    NodeTlsConnector.layer({ ca: certificates.authority })
  ).pipe(Layer.orDie)

const overWebSocket = <R>(below: Layer.Layer<SocketServer | Connector | R>) =>
  Layer.provide(Layer.merge(WebSocketServer.layer(), WebSocketConnector.layer()), below)

const tcp = Layer.merge(Layer.orDie(NodeSocketServer.layer()), NodeConnector.layer)

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
  "WebSocket over the virtual network": overWebSocket(VirtualNetwork.layer({ explain: true })),
  "WebSocket over TCP": overWebSocket(tcp),
  "WebSocket over TLS": overWebSocket(encrypted("TLSv1.3")),
  "WebSocket behind an app's http.Server": overUpgrade(() => createServer(), NodeConnector.layer),
  "WebSocket behind an app's https.Server": overUpgrade(
    () => createSecureServer(certificates.contents(certificates.server)),
    Layer.orDie(NodeTlsConnector.layer({ ca: certificates.authority }))
  )
}

/** A client and the server's side of its connection. */
const pair = Effect.gen(function*() {
  const server = yield* SocketServer
  const client = yield* Peer.connect(server.address)
  return { client, server: yield* Effect.flatMap(server.accept, Peer.make) }
})

type Pair = Effect.Effect.Success<typeof pair>

/** Bytes that go before a long message. */
const frameHeader = 10

describe.each(Object.entries(transports))("on %s", (name, layer) => {
  const isWebSocket = name.startsWith("WebSocket")
  const promise = (
    name: string,
    test: (pair: Pair) => Effect.Effect<void, unknown, SocketServer | Connector | Scope.Scope>
  ) => it.live(name, () => Effect.flatMap(pair, test).pipe(Effect.scoped, Effect.provide(layer)))

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
      expect(yield* Effect.flip(client.write("?"))).toMatchObject({ _tag: "ConnectionReset" })
    }))

  promise(
    "a peer that does not read blocks the writer, and is given everything when it reads",
    ({ client, server }) =>
      Effect.gen(function*() {
        yield* client.pause
        const megabyte = Buffer.alloc(1_048_576, "x")
        let written = 0
        let counted = 0
        // The kernel's own buffers are many megabytes: write until this side holds some.
        while (server.connection.unsent() === 0) {
          server.connection.write(megabyte)
          written += megabyte.length
          counted += megabyte.length + (isWebSocket ? frameHeader : 0)
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

  if (isWebSocket) {
    promise("who lets go says so, and still takes what was on its way", ({ client, server }) =>
      Effect.gen(function*() {
        yield* client.pause
        while (server.connection.unsent() === 0) {
          server.connection.write(Buffer.alloc(1_048_576, "x"))
          yield* Effect.yieldNow()
        }
        yield* client.close
        expect((yield* server.readToEnd).length).toBe(0)
        yield* server.end
        yield* client.closed
        yield* server.closed
      }))
    return
  }

  promise("letting go of unread bytes resets the peer", ({ client, server }) =>
    Effect.gen(function*() {
      yield* client.pause
      while (server.connection.unsent() === 0) {
        server.connection.write(Buffer.alloc(1_048_576, "x"))
        yield* Effect.yieldNow()
      }
      yield* client.close
      expect(yield* Effect.flip(server.closed)).toMatchObject({ _tag: "ConnectionReset" })
    }))
})
