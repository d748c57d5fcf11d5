import { expect, it } from "@effect/vitest"
import type { SocketServer } from "effect-switchboard"
import { Connector, NodeConnector, NodeSocketServer, NodeTlsConnector, NodeTlsSocketServer } from "effect-switchboard"
import { Peer } from "effect-switchboard/testing"
import * as Duration from "effect/Duration"
import * as Effect from "effect/Effect"
import * as certificates from "../../behaviours/support/certificates.js"

const MiB = 1_048_576

const tls = Effect.map(
  NodeTlsSocketServer.make({ identity: certificates.server }),
  (server): typeof SocketServer.SocketServer.Service => server
)

it.scopedLive.each(
  [
    ["TCP", NodeSocketServer.make(), NodeConnector.layer],
    ["TLS", tls, NodeTlsConnector.layer({ ca: certificates.authority })]
  ] as const
)(
  "a connection counts as sent what the kernel has taken, also of a write that is not yet whole: %s",
  ([, listening, connecting]) =>
    Effect.gen(function*() {
      const server = yield* listening
      const { connect } = yield* Connector.Connector
      const client = yield* connect(server.address, Duration.seconds(2))
      const connection = yield* server.accept
      connection.open({ data: () => {}, end: () => {}, drain: () => {}, closed: () => {} })
      const peer = yield* Peer.make(client)
      const read = (bytes: number) =>
        Effect.iterate(0, {
          while: (sum) => sum < bytes,
          body: (sum) => Effect.map(peer.read, ({ length }) => sum + length)
        })
      yield* peer.pause
      connection.write(Buffer.alloc(32 * MiB))
      const before = connection.sent()
      yield* peer.resume
      const first = yield* read(4 * MiB)
      expect(connection.sent()).toBeGreaterThan(before)
      expect(connection.sent()).toBeLessThan(32 * MiB)
      yield* read(32 * MiB - first)
      yield* server.poll
      expect(connection.sent()).toBe(32 * MiB)
      expect(connection.unsent()).toBe(0)
    }).pipe(Effect.provide(connecting))
)

it.scopedLive("a connection that is reset in the moment of its FIN is closed, and so is its descriptor", () =>
  Effect.gen(function*() {
    const server = yield* NodeSocketServer.make()
    const { connect } = yield* Connector.Connector
    const client = yield* Effect.flatMap(connect(server.address, Duration.seconds(2)), Peer.make)
    const connection = yield* server.accept
    yield* Effect.async<void>((resume) => {
      connection.open({ data: () => {}, end: () => {}, drain: () => {}, closed: () => resume(Effect.void) })
      connection.end()
      connection.reset()
    })
    // By the reset, or by the FIN if that was first.
    yield* Effect.either(client.readToEnd)
  }).pipe(Effect.provide(NodeConnector.layer)))
