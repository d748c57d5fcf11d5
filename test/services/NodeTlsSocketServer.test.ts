import { describe, expect, it } from "@effect/vitest"
import type { ServerEvent } from "effect-switchboard"
import {
  Connector,
  Echo,
  Framing,
  Model,
  NodeConnector,
  NodeTlsConnector,
  NodeTlsSocketServer,
  Observer,
  Protocol,
  Server,
  SocketServer
} from "effect-switchboard"
import { Peer } from "effect-switchboard/testing"
import * as Duration from "effect/Duration"
import * as Effect from "effect/Effect"
import * as Fiber from "effect/Fiber"
import * as TestClock from "effect/TestClock"
import { X509Certificate } from "node:crypto"
import { once } from "node:events"
import { copyFileSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs"
import type * as net from "node:net"
import { tmpdir } from "node:os"
import { join } from "node:path"
import { Duplex } from "node:stream"
import * as tls from "node:tls"
import * as certificates from "../behaviours/support/certificates.js"
import { crowd, dial } from "../behaviours/support/crowd.js"

const ca = readFileSync(certificates.authority, "utf8")
const seconds = Duration.seconds(2)

/** A server's socket, and what it tells. */
const listen = (options: Partial<NodeTlsSocketServer.Options> = {}) =>
  Effect.gen(function*() {
    const events: Array<ServerEvent.ServerEvent> = []
    const server = yield* Effect.provideService(
      NodeTlsSocketServer.make({ identity: certificates.server, ...options }),
      Observer.Observer,
      { messages: false, observe: (event) => events.push(event) }
    )
    return { server, events, address: server.address as { readonly host: string; readonly port: number } }
  })

const connectBy = (options: NodeTlsConnector.Options, address: { readonly host: string; readonly port: number }) =>
  Effect.flatMap(Connector.Connector, ({ connect }) => connect(address, seconds)).pipe(
    Effect.provide(NodeTlsConnector.layer({ ca: certificates.authority, ...options }))
  )

/** Lets the network go on until something holds. */
const until = (server: { readonly poll: Effect.Effect<void> }, holds: () => boolean): Effect.Effect<void> =>
  Effect.suspend(() => holds() ? Effect.void : Effect.zipRight(server.poll, until(server, holds)))

/** Waits until it is over, in any way. */
const closed = (socket: net.Socket) =>
  Effect.async<void>((resume) => {
    socket.resume().once("close", () => resume(Effect.void))
  })

const faults = (events: ReadonlyArray<ServerEvent.ServerEvent>) =>
  events.flatMap((event) => event._tag === "HandshakeFailed" ? [event.fault] : [])

const news = (events: ReadonlyArray<ServerEvent.ServerEvent>) =>
  events.map(({ _tag }) => _tag).filter((tag) => tag.startsWith("Certificates"))

/** A TLS client of Node's own, whose bytes go through the test's hands. */
const client = (options: tls.ConnectionOptions = {}) => {
  const sent: Array<Buffer> = []
  const wire: Duplex = new Duplex({
    read: () => {},
    write: (chunk: Buffer, _, done) => {
      sent.push(chunk)
      wire.emit("sent")
      done()
    }
  })
  const socket = tls.connect({ socket: wire, ca, servername: "localhost", ...options })
  socket.on("error", () => {})
  /** What it has said since. */
  const said = (): Buffer => Buffer.concat(sent.splice(0))
  const spoke = Effect.promise(async () => {
    if (sent.length === 0) await once(wire, "sent")
    return said()
  })
  /** From now on bytes go by themselves. */
  const through = (raw: net.Socket): void => {
    raw.write(said())
    wire.on("sent", () => raw.write(said()))
    raw.on("data", (chunk) => wire.push(chunk))
  }
  return { socket, wire, said, spoke, through }
}

/** What a client says first. */
const hello = Effect.suspend(() => client().spoke)

const fingerprintOf = ({ certificate }: { readonly certificate: string }) =>
  new X509Certificate(readFileSync(certificate)).fingerprint256

/** The certificate that a client of Node's own is shown. */
const shown = (port: number, options: tls.ConnectionOptions = {}) =>
  Effect.acquireUseRelease(
    Effect.sync(() => tls.connect({ port, host: "127.0.0.1", ca, checkServerIdentity: () => undefined, ...options })),
    (socket) =>
      Effect.promise(() => once(socket, "secureConnect").then(() => socket.getPeerCertificate().fingerprint256)),
    (socket) => Effect.sync(() => socket.destroy())
  )

describe("Who is there", () => {
  /** Says who it thinks its client is. */
  const who = Protocol.make({
    name: "who",
    framing: Framing.line,
    open: (session) => Effect.succeed({ state: session.tls }),
    receive: (state) => Effect.succeed({ state, send: [JSON.stringify(state)] })
  })

  const asked = (clients: NodeTlsSocketServer.Clients, options: NodeTlsConnector.Options) =>
    Effect.gen(function*() {
      const { address, events, server } = yield* listen({ clients })
      yield* Effect.provideService(Server.make(who, { model: Model.threaded }), SocketServer.SocketServer, server)
      const peer = yield* Effect.flatMap(connectBy(options, address), Peer.make)
      yield* peer.write("who am I?\n")
      return { answer: JSON.parse(yield* peer.readLine) as Record<string, unknown>, events }
    })

  it.scoped("a protocol hears of its client's certificate, which an authority has signed", () =>
    Effect.gen(function*() {
      for (const certificate of ["request", "require"] as const) {
        const { cert, key } = { cert: certificates.alice.certificate, key: certificates.alice.key }
        const { answer } = yield* asked({ certificate, authorities: certificates.authority }, { cert, key })
        expect(answer).toEqual({
          version: "TLSv1.3",
          certificate: {
            subject: "CN=alice, O=Example",
            commonName: "alice",
            names: ["email:alice@example.org", "DNS:alice.example"],
            issuer: "CN=Test Authority",
            fingerprint: fingerprintOf(certificates.alice),
            validFrom: "2026-01-01T00:00:00.000Z",
            validTo: "2126-01-01T00:00:00.000Z"
          }
        })
      }
    }))

  it.scoped("a client that is but asked for a certificate may have none", () =>
    Effect.gen(function*() {
      const { answer } = yield* asked({ certificate: "request", authorities: certificates.authority }, {})
      expect(answer).toEqual({ version: "TLSv1.3" })
    }))

  it.scoped.each(
    [
      ["TLSv1.2", "HandshakeFailed", { fault: "refused" }],
      ["TLSv1.3", "ConnectionReset", { reason: "the server wants a certificate of the client" }]
    ] as const
  )(
    "a client without the certificate that is required is told so, by %s: %s",
    ([version, tag, details]) =>
      Effect.gen(function*() {
        const { address, events, server } = yield* listen({
          clients: { certificate: "require", authorities: certificates.authority }
        })
        const failed = Effect.flatMap(
          connectBy({ minVersion: version, maxVersion: version }, address),
          (connection) => Effect.flatMap(Peer.make(connection), ({ closed }) => closed)
        )
        expect(yield* Effect.flip(failed)).toMatchObject({ _tag: tag, ...details })
        yield* until(server, () => events.length > 0)
        expect(faults(events)).toEqual(["no certificate"])
      })
  )

  it.scoped.each(["request", "require"] as const)(
    "a certificate that none of the authorities has signed lets nobody in: %s",
    (certificate) =>
      Effect.gen(function*() {
        const { address, events, server } = yield* listen({
          clients: { certificate, authorities: certificates.authority }
        })
        const { certificate: cert, key } = certificates.mallory
        yield* Effect.either(Effect.flatMap(
          connectBy({ cert, key }, address),
          (connection) => Effect.flatMap(Peer.make(connection), ({ readToEnd }) => readToEnd)
        ))
        yield* until(server, () => events.length > 0)
        expect(faults(events)).toEqual(["certificate refused"])
      })
  )
})

describe("What is shown", () => {
  it.scoped("a client is shown the certificate of the name that it calls for, or else the first", () =>
    Effect.gen(function*() {
      const { address } = yield* listen({ identity: [certificates.server, certificates.other] })
      const [first, second] = [fingerprintOf(certificates.server), fingerprintOf(certificates.other)]
      expect(yield* shown(address.port)).toBe(first)
      expect(yield* shown(address.port, { servername: "localhost" })).toBe(first)
      expect(yield* shown(address.port, { servername: "other.example" })).toBe(second)
      expect(yield* shown(address.port, { servername: "www.other.example" })).toBe(second)
      expect(yield* shown(address.port, { servername: "nobody.example" })).toBe(first)
    }))

  it.scoped("the protocol that both know is chosen; a client that knows none of the server's is refused", () =>
    Effect.gen(function*() {
      const { address, events, server } = yield* listen({ protocols: ["calc/2", "calc/1"] })
      const chosen = (protocols?: ReadonlyArray<string>) =>
        Effect.map(connectBy({ protocols }, address), ({ tls }) => tls?.protocol)
      expect(yield* chosen(["calc/1", "calc/2"])).toBe("calc/2")
      expect((yield* server.accept).tls).toMatchObject({ protocol: "calc/2" })
      expect(yield* chosen()).toBe(undefined)
      expect(yield* Effect.flip(chosen(["echo"]))).toMatchObject({
        _tag: "HandshakeFailed",
        fault: "no common protocol"
      })
      yield* until(server, () => events.length > 0)
      expect(faults(events)).toEqual(["no common protocol"])
    }))

  it.scoped("an older version than the least is refused", () =>
    Effect.gen(function*() {
      const { address, events, server } = yield* listen({ minVersion: "TLSv1.3" })
      expect(yield* Effect.flip(connectBy({ maxVersion: "TLSv1.2" }, address))).toMatchObject({
        _tag: "HandshakeFailed",
        fault: "no common version"
      })
      yield* until(server, () => events.length > 0)
      expect(faults(events)).toEqual(["no common version"])
    }))
})

describe("New certificates", () => {
  it.scoped("are shown from now on; who is connected stays, and bad ones change nothing", () =>
    Effect.gen(function*() {
      yield* TestClock.setTime(Date.UTC(2026, 6, 1))
      const { address, events, server } = yield* listen()
      const peer = yield* Effect.flatMap(connectBy({}, address), Peer.make)
      const served = yield* Effect.flatMap(server.accept, Peer.make)
      yield* server.replace(certificates.renewed)
      for (const options of [{}, { servername: "localhost" }]) {
        expect(yield* shown(address.port, options)).toBe(fingerprintOf(certificates.renewed))
      }
      const { certificate } = certificates.server
      const bad: ReadonlyArray<readonly [NodeTlsSocketServer.Identity, string]> = [
        [
          { certificate, key: certificates.other.key },
          `The key for ${certificate} cannot be used: it does not belong to the certificate.`
        ],
        [
          { certificate: "/nowhere/at.all", key: "" },
          "The certificate in /nowhere/at.all cannot be used: there is no such file."
        ],
        [
          { certificate: "package.json", key: "" },
          "The certificate in package.json cannot be used: it is no PEM, which has a line -----BEGIN …."
        ],
        [{ certificate: ca.replaceAll("M", "N"), key: certificates.other.key }, ""],
        [
          certificates.expired,
          `The certificate in ${certificates.expired.certificate} cannot be used: it has expired, on Jan  1 00:00:00 2001 GMT.`
        ]
      ]
      for (const [identity, message] of bad) {
        const error = yield* Effect.flip(server.replace(identity))
        expect(error._tag).toBe("CertificateUnusable")
        expect(error.message).toContain(message)
        expect(yield* shown(address.port)).toBe(fingerprintOf(certificates.renewed))
      }
      yield* server.reload
      expect(yield* shown(address.port)).toBe(fingerprintOf(certificates.server))
      yield* peer.write("still here\n")
      expect(yield* served.readLine).toBe("still here")
      expect(news(events)).toEqual([
        "CertificatesChanged",
        ...bad.map(() => "CertificatesRejected"),
        "CertificatesChanged"
      ])
    }))

  it.scoped("are seen in their files, where these are watched", () =>
    Effect.gen(function*() {
      const folder = yield* Effect.acquireRelease(
        Effect.sync(() => mkdtempSync(join(tmpdir(), "certificates-"))),
        (folder) => Effect.sync(() => rmSync(folder, { recursive: true }))
      )
      const file = join(folder, "server.pem")
      copyFileSync(certificates.server.certificate, file)
      const { address, events, server } = yield* listen({
        identity: { certificate: file, key: file },
        watch: "1 minute"
      })
      yield* TestClock.adjust("1 minute")
      writeFileSync(file, "-----BEGIN nothing\n")
      yield* TestClock.adjust("1 minute")
      yield* until(server, () => news(events).length === 1)
      expect(yield* shown(address.port)).toBe(fingerprintOf(certificates.server))
      copyFileSync(certificates.renewed.certificate, file)
      yield* TestClock.adjust("1 minute")
      yield* until(server, () => news(events).length === 2)
      expect(yield* shown(address.port)).toBe(fingerprintOf(certificates.renewed))
      yield* TestClock.adjust("3 minutes")
      expect(news(events)).toEqual(["CertificatesRejected", "CertificatesChanged"])
    }))
})

describe("Handshakes", () => {
  it.scoped("that go no further turn no good newcomer away, and are cut when their time is up", () =>
    Effect.gen(function*() {
      const { address, events, server } = yield* listen({ maxHandshakes: 2 })
      const arrived = Effect.repeatN(server.poll, 20)
      const first = yield* hello
      const silent = yield* crowd(address.port, 20)
      for (const [i, socket] of silent.entries()) socket.write(first.subarray(0, i))
      const begun = yield* crowd(address.port, 8)
      let answered = 0
      for (const socket of begun) socket.once("data", () => answered++).write(first)
      yield* until(server, () => answered === 2)
      yield* arrived
      const newcomer = client()
      const secure = once(newcomer.socket, "secureConnect")
      const raw = yield* dial(address.port)
      raw.write(yield* newcomer.spoke)
      newcomer.through(raw)
      yield* arrived
      // While others wait, those under way have a second. The last of them is left in peace when nobody waits any more.
      for (let second = 1; second <= 4; second++) {
        yield* TestClock.adjust("1 second")
        yield* until(server, () => answered === Math.min(8, 2 * second + 2))
        expect(faults(events)).toEqual(Array.from({ length: Math.min(7, 2 * second) }, () => "timed out"))
      }
      yield* Effect.promise(() => secure)
      yield* server.accept
      yield* TestClock.adjust("5999 millis")
      expect(faults(events)).toHaveLength(7)
      yield* TestClock.adjust("1 millis")
      expect(faults(events)).toHaveLength(7 + silent.length)
      // The last one was begun after three seconds.
      yield* TestClock.adjust("3 seconds")
      expect(faults(events)).toHaveLength(silent.length + begun.length)
    }))

  it.scoped("come behind the PROXY header, also in the same segment", () =>
    Effect.gen(function*() {
      const { address, server } = yield* listen({ proxies: { from: ["127.0.0.1"] } })
      const { socket, spoke, through } = client()
      const secure = once(socket, "secureConnect")
      const raw = yield* dial(address.port)
      raw.write(Buffer.concat([Buffer.from("PROXY TCP4 192.0.2.1 192.0.2.2 5000 443\r\n"), yield* spoke]))
      through(raw)
      yield* Effect.promise(() => secure)
      expect(yield* server.accept).toMatchObject({
        peer: { host: "192.0.2.1", port: 5000 },
        tls: { version: "TLSv1.3", serverName: "localhost" }
      })
      socket.destroy()
    }))

  it.scoped("a client that speaks something else hears so, and is told apart from one that hangs up", () =>
    Effect.gen(function*() {
      const { address, events, server } = yield* listen()
      const plain = yield* Effect.provide(Peer.connect(address), NodeConnector.layer)
      yield* plain.write("1 + 1\n")
      expect((yield* Effect.flip(plain.closed)).message).toBe(
        `The connection to 127.0.0.1:${address.port} was cut: the server speaks TLS, so connect by TLS.`
      )
      const first = yield* hello
      for (const bytes of ["", first.subarray(0, 50), first]) {
        const socket = yield* dial(address.port)
        if (bytes.length > 0) socket.write(bytes)
        socket.end()
        yield* closed(socket)
      }
      yield* until(server, () => faults(events).length === 4)
      expect(faults(events)).toEqual(["not TLS", "hung up", "hung up", "hung up"])
    }))

  it.scoped("who has left before it is served is seen to have left", () =>
    Effect.gen(function*() {
      const { address, server } = yield* listen()
      const peer = yield* Effect.flatMap(connectBy({}, address), Peer.make)
      yield* peer.end
      yield* Effect.repeatN(server.poll, 20)
      const served = yield* Effect.flatMap(server.accept, Peer.make)
      expect((yield* served.readToEnd).length).toBe(0)
    }))

  it.scopedLive("one that is under way when the server stops is finished, and what was asked with it is answered; who was silent is not waited for", () =>
    Effect.gen(function*() {
      const { address, server } = yield* listen()
      const { stop } = yield* Effect.provideService(
        Server.make(Protocol.withFraming(Echo.protocol, Framing.line), {
          model: Model.threaded,
          drainTimeout: "1 hour"
        }),
        SocketServer.SocketServer,
        server
      )
      const { socket, spoke, through, wire } = client()
      const raw = yield* dial(address.port)
      const silent = yield* dial(address.port)
      raw.write(yield* spoke)
      raw.on("data", (chunk) => wire.push(chunk))
      yield* Effect.promise(() => once(socket, "secureConnect"))
      yield* Effect.async<void>((resume) => {
        socket.write("just in time\n", () => resume(Effect.void))
      })
      const stopping = yield* Effect.fork(stop)
      yield* closed(silent)
      raw.removeAllListeners("data")
      through(raw)
      expect(String((yield* Effect.promise(() => once(socket, "data")))[0])).toBe("just in time\n")
      socket.end()
      expect(yield* Fiber.join(stopping)).toEqual({ accepted: 1, cut: 0 })
    }))
})
