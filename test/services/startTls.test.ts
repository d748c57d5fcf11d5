import { expect, it } from "@effect/vitest"
import type { ServerEvent } from "effect-switchboard"
import {
  Framing,
  Model,
  NodeTlsConnector,
  NodeTlsSocketServer,
  Observer,
  Protocol,
  Server,
  SocketServer
} from "effect-switchboard"
import { Peer } from "effect-switchboard/testing"
import * as Effect from "effect/Effect"
import * as Fiber from "effect/Fiber"
import * as TestClock from "effect/TestClock"
import { mkdtempSync, rmSync } from "node:fs"
import { tmpdir } from "node:os"
import { join } from "node:path"
import * as certificates from "../behaviours/support/certificates.js"
import { dial, write } from "../behaviours/support/crowd.js"
import { exchange } from "../behaviours/support/stages.js"

/** Has whoever says `secure` encrypted, and says who anybody is. */
const who = Protocol.conversation({
  name: "who",
  framing: Framing.line,
  *talk(session) {
    for (;;) {
      if ((yield* session.hear) === "secure") {
        yield* session.say("go on")
        yield* session.startTls()
      } else {
        yield* session.say(JSON.stringify({ peer: session.peer, ...session.tls }))
      }
    }
  }
})

const start = (options: Partial<NodeTlsSocketServer.Options> = {}) =>
  Effect.gen(function*() {
    const events: Array<ServerEvent.ServerEvent> = []
    const observer: Observer.Shape = { messages: false, observe: (event) => events.push(event) }
    const socketServer = yield* NodeTlsSocketServer.make({ identity: certificates.server, startTls: true, ...options })
    const server = yield* Server.make(who, { model: Model.select }).pipe(
      Effect.provideService(SocketServer.SocketServer, socketServer),
      Effect.provideService(Observer.Observer, observer)
    )
    const faults = () => events.flatMap((event) => event._tag === "HandshakeFailed" ? [event.fault] : [])
    return { ...socketServer, server, events, faults }
  })

const connect = (
  { address }: { readonly address: SocketServer.SocketServer["Type"]["address"] },
  options: NodeTlsConnector.Options = {}
) =>
  Effect.provide(
    Peer.connect(address),
    NodeTlsConnector.layer({ ca: certificates.authority, servername: "localhost", startTls: true, ...options })
  )

const secured = (peer: Peer.Peer) =>
  Effect.gen(function*() {
    expect(yield* exchange(peer, "secure")).toBe("go on")
    yield* peer.startTls
    return JSON.parse(yield* exchange(peer, "who")) as Record<string, unknown>
  })

/** Lets the network go on until something holds. */
const until = (poll: Effect.Effect<void>, holds: () => boolean): Effect.Effect<void> =>
  Effect.suspend(() => holds() ? Effect.void : Effect.zipRight(poll, until(poll, holds)))

it.scoped("A session has what was agreed on in the middle: version, protocol, name, and the client's certificate.", () =>
  Effect.gen(function*() {
    const server = yield* start({
      clients: { certificate: "require", authorities: certificates.authority },
      protocols: ["who/1"]
    })
    for (const version of ["TLSv1.2", "TLSv1.3"] as const) {
      const { certificate: cert, key } = certificates.alice
      const peer = yield* connect(server, { cert, key, protocols: ["who/1"], maxVersion: version, minVersion: version })
      expect(peer.connection.tls).toBe(undefined)
      expect(yield* secured(peer)).toMatchObject({
        version,
        protocol: "who/1",
        serverName: "localhost",
        certificate: { commonName: "alice" }
      })
      expect(peer.connection.tls).toMatchObject({ version, protocol: "who/1" })
    }
    const nobody = yield* connect(server, { maxVersion: "TLSv1.2" })
    yield* exchange(nobody, "secure")
    yield* Effect.ignore(nobody.startTls)
    yield* until(server.poll, () => server.faults().length > 0)
    expect(server.faults()).toEqual(["no certificate"])
  }))

it.scoped("A client that does not believe the certificate has a typed error.", () =>
  Effect.gen(function*() {
    const server = yield* start()
    const peer = yield* connect(server, { ca: certificates.stranger })
    yield* exchange(peer, "secure")
    expect(yield* Effect.flip(peer.startTls)).toMatchObject({
      _tag: "CertificateUntrusted",
      doubt: "unknown authority"
    })
    yield* Effect.ignore(peer.closed)
    expect(peer.connection.tls).toBe(undefined)
  }))

it.scoped("New certificates are shown to whoever is encrypted from then on.", () =>
  Effect.gen(function*() {
    yield* TestClock.setTime(Date.UTC(2026, 6, 1))
    const server = yield* start({ identity: certificates.self })
    const peer = yield* connect(server)
    yield* exchange(peer, "secure")
    yield* server.replace(certificates.renewed)
    yield* peer.startTls
    expect(peer.connection.tls).toMatchObject({ certificate: { subject: expect.stringContaining("localhost") } })
  }))

it.scoped("Handshakes in the middle are as many at once, and as long, as those at the beginning.", () =>
  Effect.gen(function*() {
    const server = yield* start({ maxHandshakes: 1 })
    // The first half of a hello is none: it takes no place. Nor does silence.
    const [silent, half] = [yield* dial(server.address.port!), yield* dial(server.address.port!)]
    yield* write(silent, Buffer.from("secure\n"))
    yield* write(half, Buffer.from("secure\n"))
    for (const socket of [silent, half]) {
      yield* Effect.async((resume) => void socket.once("data", () => resume(Effect.void)))
    }
    yield* write(half, Uint8Array.of(0x16, 3, 1, 0, 200, 1))
    expect(yield* secured(yield* connect(server))).toMatchObject({ version: "TLSv1.3" })
    yield* TestClock.adjust("9 seconds")
    expect(server.faults()).toEqual([])
    yield* TestClock.adjust("1 second")
    yield* until(server.poll, () => server.faults().length === 2)
    expect(server.faults()).toEqual(["timed out", "timed out"])
  }))

it.scopedLive("Whoever comes by a proxy, or by a unix socket, may be encrypted in the middle, too.", () =>
  Effect.gen(function*() {
    const folder = yield* Effect.acquireRelease(
      Effect.sync(() => mkdtempSync(join(tmpdir(), "switchboard-"))),
      (folder) => Effect.sync(() => rmSync(folder, { recursive: true }))
    )
    const unix = yield* start({ path: join(folder, "socket") })
    const peer = yield* connect(unix)
    expect(yield* secured(peer)).toMatchObject({ version: "TLSv1.3" })
    yield* peer.end
    expect((yield* peer.readToEnd).length).toBe(0)
    const other = yield* connect(unix)
    yield* exchange(other, "secure")
    yield* other.close
    yield* until(unix.poll, () => unix.faults().length > 0)
    expect(unix.faults()).toEqual(["hung up"])
    const proxied = yield* start({ proxies: { from: ["127.0.0.1"] } })
    const client = yield* connect(proxied)
    yield* client.write("PROXY TCP4 192.0.2.1 192.0.2.2 5000 443\r\n")
    expect(yield* secured(client)).toMatchObject({ version: "TLSv1.3", peer: { host: "192.0.2.1", port: 5000 } })
  }))

it.scopedLive("A large reply in the clear goes before the handshake, and a large one by TLS behind it, whole.", () =>
  Effect.gen(function*() {
    const much = Protocol.conversation({
      name: "much",
      framing: Framing.line,
      *talk(session) {
        for (;;) {
          const line = yield* session.hear
          yield* session.say("x".repeat(3_000_000))
          if (line === "secure") yield* session.startTls()
        }
      }
    })
    const socketServer = yield* NodeTlsSocketServer.make({ identity: certificates.server, startTls: true })
    const server = yield* Effect.provideService(
      Server.make(much, { model: Model.threaded }),
      SocketServer.SocketServer,
      socketServer
    )
    const peer = yield* connect(socketServer)
    expect((yield* exchange(peer, "secure")).length).toBe(3_000_000)
    yield* peer.startTls
    const reading = yield* Effect.fork(Effect.zip(peer.readLine, peer.readLine))
    yield* peer.write("one\ntwo\n")
    expect((yield* Fiber.join(reading)).map(({ length }) => length)).toEqual([3_000_000, 3_000_000])
    const [served] = yield* server.list
    expect(served!.bytesOut).toBe(9_000_003)
  }))
