import { describe, expect, it } from "@effect/vitest"
import { Connector, NodeTlsConnector, NodeTlsSocketServer } from "effect-switchboard"
import { Peer } from "effect-switchboard/testing"
import * as Deferred from "effect/Deferred"
import * as Duration from "effect/Duration"
import * as Effect from "effect/Effect"
import * as Fiber from "effect/Fiber"
import * as TestClock from "effect/TestClock"
import { readFileSync } from "node:fs"
import * as net from "node:net"
import * as certificates from "../behaviours/support/certificates.js"

const place = (port: number, host = "127.0.0.1") => ({ host, port })

const connectBy = (options: NodeTlsConnector.Options, address: { readonly host: string; readonly port: number }) =>
  Effect.flatMap(Connector.Connector, ({ connect }) => connect(address, Duration.seconds(2))).pipe(
    Effect.provide(NodeTlsConnector.layer(options))
  )

/** The port of a server that shows this certificate. */
const listen = (identity: NodeTlsSocketServer.Identity) =>
  Effect.map(NodeTlsSocketServer.make({ identity }), ({ address }) => address.port!)

/** The port of one that does something else with its clients. */
const otherServer = (talk: (socket: net.Socket) => void) =>
  Effect.map(
    Effect.acquireRelease(
      Effect.async<net.Server>((resume) => {
        const server = net.createServer(talk).listen(0, "127.0.0.1", () => resume(Effect.succeed(server)))
      }),
      (server) => Effect.sync(() => server.close())
    ),
    (server) => (server.address() as net.AddressInfo).port
  )

describe("A server that is not believed", () => {
  const ca = certificates.authority
  it.scoped.each<readonly [string, NodeTlsSocketServer.Identity, NodeTlsConnector.Options, string]>([
    ["expired", certificates.expired, { ca }, " has expired: it is for the server to have a new one."],
    [
      "self-signed",
      certificates.self,
      { ca },
      " is signed by itself: give it as an authority (ca), if it is the right one."
    ],
    [
      "unknown authority",
      certificates.server,
      {},
      " is signed by an authority that is not known here: give that authority's certificate (ca)."
    ],
    [
      "other name",
      certificates.other,
      { ca },
      " is for another name: connect by a name that it has, or say which name to expect (servername) (Hostname/IP does not"
      + " match certificate's altnames: IP: 127.0.0.1 is not in the cert's list:)."
    ]
  ])("is told in a sentence: %s", ([doubt, identity, options, words]) =>
    Effect.gen(function*() {
      const address = place(yield* listen(identity))
      const error = yield* Effect.flip(connectBy(options, address))
      expect(error).toMatchObject({ _tag: "CertificateUntrusted", doubt, address })
      expect(error.message).toBe(`The certificate of the server at 127.0.0.1:${address.port}${words}`)
      // With both eyes shut it is another matter.
      expect((yield* connectBy({ ...options, insecure: true }, address)).tls).toEqual({ version: "TLSv1.3" })
    }))

  it.scoped("may be called by another name than its host's", () =>
    Effect.gen(function*() {
      const address = place(yield* listen(certificates.other))
      const { tls } = yield* connectBy({ ca, servername: "www.other.example" }, address)
      expect(tls).toMatchObject({ serverName: "www.other.example", certificate: { commonName: "other.example" } })
    }))

  it.scoped("is believed when its own certificate is the authority, or the authority is given as text", () =>
    Effect.gen(function*() {
      const self = place(yield* listen(certificates.self))
      expect((yield* connectBy({ ca: certificates.self.certificate }, self)).tls).toMatchObject({
        certificate: { subject: "CN=localhost", issuer: "CN=localhost" }
      })
      const server = place(yield* listen(certificates.server), "localhost")
      expect((yield* connectBy({ ca: readFileSync(ca, "utf8") }, server)).tls).toMatchObject({
        serverName: "localhost"
      })
    }))
})

describe("A server that does not speak TLS", () => {
  it.scoped("is told in a sentence, where it answers something else", () =>
    Effect.gen(function*() {
      const address = place(yield* otherServer((socket) => void socket.on("error", () => {}).write("220 welcome\n")))
      const error = yield* Effect.flip(connectBy({}, address))
      expect(error).toMatchObject({ _tag: "HandshakeFailed", fault: "not TLS" })
      expect(error.message).toBe(
        `The TLS handshake with 127.0.0.1:${address.port} failed: it does not speak TLS. Connect without, or check the port.`
      )
    }))

  it.scoped("is told, where it hangs up", () =>
    Effect.gen(function*() {
      const address = place(yield* otherServer((socket) => void socket.on("error", () => {}).resume().end()))
      expect(yield* Effect.flip(connectBy({}, address))).toMatchObject({ _tag: "HandshakeFailed", fault: "hung up" })
    }))

  it.scoped("is told, where it says nothing, when the time to connect is up", () =>
    Effect.gen(function*() {
      const hello = yield* Deferred.make<void>()
      const greeted = () => Deferred.unsafeDone(hello, Effect.void)
      const address = place(yield* otherServer((socket) => void socket.on("error", () => {}).once("data", greeted)))
      const connecting = yield* Effect.fork(Effect.flip(Effect.scoped(connectBy({}, address))))
      yield* Deferred.await(hello)
      yield* TestClock.adjust("2 seconds")
      expect(yield* Fiber.join(connecting)).toMatchObject({ _tag: "HandshakeFailed", fault: "timed out" })
    }))
})

it.scoped("What cannot be used as a certificate or as authorities is said before anybody is connected to", () =>
  Effect.gen(function*() {
    const say = (options: NodeTlsConnector.Options) =>
      Effect.map(Effect.flip(connectBy(options, place(1))), ({ message }) => message)
    expect(yield* say({ ca: "/nowhere/at.all" })).toBe(
      "The authorities in /nowhere/at.all cannot be used: there is no such file."
    )
    expect(yield* say({ cert: certificates.alice.certificate })).toBe(
      "The key for the certificate cannot be used: there is none."
    )
    expect(yield* say({ ca: "-----BEGIN NOTHING-----" })).toBe(
      "The authorities cannot be used: it holds no certificate."
    )
  }))

it.scoped("Who closes says good-bye: what was written before arrives whole", () =>
  Effect.gen(function*() {
    const server = yield* NodeTlsSocketServer.make({ identity: certificates.server })
    yield* Effect.scoped(Effect.gen(function*() {
      const connection = yield* connectBy({ ca: certificates.authority }, place(server.address.port!))
      connection.write("x".repeat(200_000))
    }))
    const peer = yield* Effect.flatMap(server.accept, Peer.make)
    expect((yield* peer.readToEnd).length).toBe(200_000)
  }))
