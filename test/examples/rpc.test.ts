import { RpcClient, RpcSerialization, RpcServer } from "@effect/rpc"
import { describe, expect } from "@effect/vitest"
import { SocketServer } from "effect-switchboard"
import { RpcClientProtocol, RpcServerProtocol } from "effect-switchboard/platform"
import * as Deferred from "effect/Deferred"
import * as Effect from "effect/Effect"
import * as Fiber from "effect/Fiber"
import * as Layer from "effect/Layer"
import * as Stream from "effect/Stream"
import { handlers } from "../../examples/rpc/handlers.js"
import { Weather } from "../../examples/rpc/service.js"
import type { Stage } from "../behaviours/support/stages.js"
import { tcp, virtual } from "../behaviours/support/stages.js"

const connect = Effect.gen(function*() {
  const { address } = yield* SocketServer.SocketServer
  const protocol = yield* RpcClientProtocol.make(address)
  return yield* Effect.provideService(RpcClient.make(Weather), RpcClient.Protocol, protocol)
})

const server = RpcServer.layer(Weather).pipe(Layer.provide(handlers), Layer.provide(RpcServerProtocol.layer()))

describe.each<Stage>([virtual, tcp])("rpc, on %s", (stage) => {
  const it = (name: string, test: () => Effect.Effect<void, unknown, Effect.Effect.Context<typeof connect>>) =>
    stage.it(
      name,
      () => Effect.provide(test(), Layer.provideMerge(server, Layer.merge(stage.network, RpcSerialization.layerNdjson)))
    )

  it("what one client reports another one is told, and who watches hears of each change", () =>
    Effect.gen(function*() {
      const reporter = yield* connect
      const reader = yield* connect
      expect(yield* Effect.flip(reader.Latest({ place: "Bergen" })))
        .toMatchObject({ _tag: "UnknownPlace", place: "Bergen" })
      yield* reporter.Report({ place: "Bergen", celsius: 12.5 })
      expect(yield* reader.Latest({ place: "Bergen" })).toBe(12.5)
      const isWatching = yield* Deferred.make<void>()
      const watching = yield* Effect.fork(Stream.runCollect(
        Stream.take(Stream.tap(reader.Watch({ place: "Bergen" }), () => Deferred.succeed(isWatching, undefined)), 2)
      ))
      yield* Deferred.await(isWatching)
      yield* reporter.Report({ place: "Bergen", celsius: 13 })
      expect([...(yield* Fiber.join(watching))]).toEqual([12.5, 13])
    }))

  it("who watches a place that nobody has reported from is told so", () =>
    Effect.gen(function*() {
      const reader = yield* connect
      expect(yield* Effect.flip(Stream.runDrain(reader.Watch({ place: "Atlantis" }))))
        .toMatchObject({ _tag: "UnknownPlace", place: "Atlantis" })
    }))
})
