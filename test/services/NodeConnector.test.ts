import { expect, it } from "@effect/vitest"
import { Connector, NodeConnector, NodeSocketServer, SocketServer } from "effect-switchboard"
import { Peer } from "effect-switchboard/testing"
import * as Duration from "effect/Duration"
import * as Effect from "effect/Effect"
import * as Fiber from "effect/Fiber"
import * as Layer from "effect/Layer"

it.scopedLive("a connect that is given up is given up at once: the server never sees it", () =>
  Effect.gen(function*() {
    const { accept, address } = yield* SocketServer.SocketServer
    const { connect } = yield* Connector.Connector
    const place = { host: "localhost", port: address.port! }
    const givenUp = yield* Effect.fork(Effect.scoped(connect(place, Duration.seconds(2))))
    yield* Effect.yieldNow()
    yield* Fiber.interrupt(givenUp)
    const client = yield* Effect.flatMap(connect(place, Duration.seconds(2)), Peer.make)
    yield* client.write("hello\n")
    const first = yield* Effect.flatMap(accept, Peer.make)
    expect(yield* first.readLine).toBe("hello")
  }).pipe(Effect.provide(Layer.merge(NodeSocketServer.layer(), NodeConnector.layer))))
