import { expect, it } from "@effect/vitest"
import {
  Address,
  Framing,
  Model,
  NodeConnector,
  NodeSocketServer,
  NodeTlsConnector,
  NodeTlsSocketServer,
  Observer,
  Protocol,
  SocketServer
} from "effect-switchboard"
import { Peer } from "effect-switchboard/testing"
import * as Effect from "effect/Effect"
import * as Either from "effect/Either"
import * as Layer from "effect/Layer"
import { mkdtempSync, rmSync } from "node:fs"
import { tmpdir } from "node:os"
import { join } from "node:path"
import { write } from "../../src/services/node/proxyHeader.js"
import * as certificates from "../behaviours/support/certificates.js"
import { exchange, serve } from "../behaviours/support/stages.js"

/** Says who its client is. */
const whoami = Protocol.make({
  name: "whoami",
  framing: Framing.line,
  open: ({ peer }) => Effect.succeed(Protocol.turn(peer)),
  receive: (peer: Address.Address) =>
    Effect.succeed(Protocol.turn(peer, { send: [`${Address.format(peer)} by ${peer.via?.host}`] }))
})

/** Answers, and cuts who says so. */
const cutting = Protocol.make({
  name: "cutting",
  framing: Framing.line,
  open: () => Effect.succeed(Protocol.turn(undefined)),
  receive: (_, text) => Effect.succeed(Protocol.turn(undefined, text === "cut" ? { close: "reset" } : { send: [text] }))
})

const behind = (proxies: NodeSocketServer.Proxies, faults: Array<string> = []) =>
  Layer.merge(NodeSocketServer.layer({ proxies }), NodeConnector.layer).pipe(
    Layer.provide(Layer.succeed(Observer.Observer, {
      messages: false,
      observe: (event) => {
        if (event._tag === "ProxyFault") faults.push(event.reason)
      }
    }))
  )

const loopback = { from: ["127.0.0.0/8", "::1"] }

it.scopedLive("who a proxy speaks for is the peer, in the same chunk as its first request or byte by byte", () =>
  Effect.gen(function*() {
    const server = yield* serve(whoami, { model: Model.threaded })
    const client = { host: "192.0.2.7", port: 4321 }
    const headers = [
      [Buffer.from("PROXY TCP4 192.0.2.7 127.0.0.1 4321 80\r\n"), "192.0.2.7:4321 by 127.0.0.1"],
      [write(client), "192.0.2.7:4321 by 127.0.0.1"],
      [write({ host: "2001:db8::7", port: 1 }), "[2001:db8::7]:1 by 127.0.0.1"]
    ] as const
    for (const [header, reply] of headers) {
      const whole = yield* Peer.connect(server.address)
      yield* whole.write(Buffer.concat([header, Buffer.from("who?\n")]))
      expect(yield* whole.readLine).toBe(reply)
      yield* whole.write("who?\n")
      expect(yield* whole.readLine).toBe(reply)
      const cut = yield* Peer.connect(server.address)
      for (const byte of Buffer.concat([header, Buffer.from("who?\n")])) yield* cut.write(Uint8Array.of(byte))
      yield* cut.end
      expect((yield* cut.readToEnd).toString()).toBe(`${reply}\n`)
    }
    expect(server.of("Accepted").map(({ peer }) => peer.via?.host)).toEqual(
      Array.from({ length: 6 }, () => "127.0.0.1")
    )
  }).pipe(Effect.provide(behind(loopback))))

it.scopedLive("a proxy's own connection is its own", () =>
  Effect.gen(function*() {
    const server = yield* serve(whoami, { model: Model.threaded })
    const peer = yield* Peer.connect(server.address)
    yield* peer.write(Buffer.concat([write(), Buffer.from("who?\n")]))
    expect(yield* peer.readLine).toMatch(/^127\.0\.0\.1:\d+ by undefined$/)
  }).pipe(Effect.provide(behind(loopback))))

const isReset = Either.left(expect.objectContaining({ _tag: "ConnectionReset" }))

it.scopedLive("who says anything else first, or nothing in time, is reset, and told; nobody else notices", () => {
  const faults: Array<string> = []
  return Effect.gen(function*() {
    const server = yield* serve(whoami, { model: Model.threaded })
    const other = yield* Peer.connect(server.address)
    yield* other.write("who?\n")
    expect(yield* Effect.either(other.readToEnd)).toEqual(isReset)
    const silent = yield* Peer.connect(server.address)
    expect(yield* Effect.either(silent.readToEnd)).toEqual(isReset)
    const good = yield* Peer.connect(server.address)
    yield* good.write("PROXY UNKNOWN\r\nwho?\n")
    expect(yield* good.readLine).toMatch(/^127/)
    expect(faults).toEqual(["it begins with no PROXY header", "its PROXY header did not come in time"])
    expect(server.of("Accepted")).toHaveLength(1)
  }).pipe(Effect.provide(behind({ ...loopback, timeout: "100 millis" }, faults)))
})

it.scopedLive("who comes from elsewhere is not believed", () => {
  const faults: Array<string> = []
  return Effect.gen(function*() {
    const server = yield* serve(whoami, { model: Model.threaded })
    const spoofed = Effect.gen(function*() {
      const peer = yield* Peer.connect(server.address)
      yield* peer.write("PROXY TCP4 192.0.2.7 127.0.0.1 4321 80\r\nwho?\n")
      return yield* peer.readToEnd
    })
    // The reset may come before the client knows that it was connected.
    expect(yield* Effect.flip(spoofed)).toMatchObject({ _tag: expect.stringMatching(/^Connection(Reset|Refused)$/) })
    expect(faults).toEqual(["it comes from none of the proxies"])
    expect(server.of("Accepted")).toEqual([])
  }).pipe(Effect.provide(behind({ from: ["192.0.2.0/24"] }, faults)))
})

it.scopedLive("a client that speaks as a proxy is known by whom it speaks for, by both versions, by TLS and at a unix socket", () =>
  Effect.gen(function*() {
    const folder = yield* Effect.acquireRelease(
      Effect.sync(() => mkdtempSync(join(tmpdir(), "switchboard-"))),
      (path) => Effect.sync(() => rmSync(path, { recursive: true }))
    )
    const client = { host: "2001:db8::7", port: 1 }
    const path = "/run/client.sock"
    const headers: ReadonlyArray<readonly [header: NodeConnector.ProxyHeader, at: "tcp" | "unix", peer: object]> = [
      [{}, "tcp", { host: "127.0.0.1", port: expect.any(Number), via: { host: "127.0.0.1" } }],
      [{ version: 1 }, "tcp", { host: "127.0.0.1", port: expect.any(Number), via: { host: "127.0.0.1" } }],
      [{ version: 1, source: client }, "tcp", { ...client, via: { host: "127.0.0.1" } }],
      [{ source: client }, "unix", { ...client, via: { path: "" } }],
      [{ source: { path } }, "unix", { path, via: { path: "" } }],
      [{}, "unix", { path: "", via: { path: "" } }],
      // Version 1 has no words for a unix socket.
      [{ version: 1 }, "unix", { path: "" }],
      [{ version: 1, source: "none" }, "tcp", { host: "127.0.0.1" }],
      [{ source: "none" }, "tcp", { host: "127.0.0.1" }]
    ]
    const places = { tcp: {}, unix: { path: join(folder, "who.sock") } }
    for (const [proxyHeader, at, peer] of headers) {
      for (const isEncrypted of [false, true]) {
        const options = { ...places[at], proxies: loopback }
        const socketServer = isEncrypted
          ? yield* NodeTlsSocketServer.make({ ...options, identity: certificates.server })
          : yield* NodeSocketServer.make(options)
        const server = yield* serve(whoami, { model: Model.threaded }).pipe(
          Effect.provideService(SocketServer.SocketServer, socketServer)
        )
        const connector = isEncrypted
          ? NodeTlsConnector.layer({ ca: certificates.authority, servername: "localhost", proxyHeader })
          : NodeConnector.layerWith({ proxyHeader })
        const asking = yield* Effect.provide(Peer.connect(server.address), connector)
        yield* asking.write("who?\n")
        yield* asking.readLine
        expect(server.of("Accepted")[0]!.peer).toMatchObject(peer)
        expect(server.of("Accepted")[0]!.peer.via === undefined).toBe(!("via" in peer))
        yield* asking.close
        yield* server.stop
      }
    }
  }))

it("what is no network is refused, and no address", async () => {
  for (const word of ["nowhere", "10.0.0.0/33", "10.0.0.0/", "10.0.0.0/x"]) {
    const listening = Effect.scoped(NodeSocketServer.make({ proxies: { from: [word] } }))
    await expect(Effect.runPromise(listening)).rejects.toThrow(`${word} is no network`)
  }
  expect(() => NodeConnector.layerWith({ proxyHeader: { source: { host: "localhost", port: 1 } } })).toThrow(
    "localhost is no IP address"
  )
})

it.scopedLive("whoever is behind a proxy at a unix socket is cut as others are there, and the other way round", () =>
  Effect.gen(function*() {
    const folder = yield* Effect.acquireRelease(
      Effect.sync(() => mkdtempSync(join(tmpdir(), "switchboard-"))),
      (path) => Effect.sync(() => rmSync(path, { recursive: true }))
    )
    const headers = [write({ host: "192.0.2.7", port: 4321 }), write({ path: "/run/client.sock" })]
    for (const place of [{ path: join(folder, "cut.sock") }, {}]) {
      for (const header of headers) {
        const socketServer = yield* NodeSocketServer.make({ ...place, proxies: loopback })
        const server = yield* serve(cutting, { model: Model.threaded }).pipe(
          Effect.provideService(SocketServer.SocketServer, socketServer)
        )
        const peer = yield* Peer.connect(server.address)
        yield* peer.write(header)
        expect(yield* exchange(peer, "hello")).toBe("hello")
        yield* peer.write("cut\n")
        const end = yield* Effect.either(peer.readToEnd)
        expect(Either.isRight(end)).toBe("path" in place)
        yield* server.until("Closed", 1)
        expect(server.of("Closed")).toMatchObject([{ reason: "ServerReset" }])
        yield* server.stop
      }
    }
  }).pipe(Effect.provide(NodeConnector.layer)))
