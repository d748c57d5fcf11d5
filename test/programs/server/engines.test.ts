import { expect, it } from "@effect/vitest"
import { Echo, Model, Server } from "effect-switchboard"
import { Peer, Simulation, VirtualNetwork } from "effect-switchboard/testing"
import * as Effect from "effect/Effect"

it.each(Object.values(Model.all))("a client that is gone before its turn gives $name nothing more to do", (model) => {
  const program = Effect.gen(function*() {
    const server = yield* Server.make(Echo.protocol, { model })
    const peer = yield* Peer.connect(server.address)
    yield* peer.write("hello\n")
    yield* peer.reset
    // The clock moves only when nobody is busy.
    yield* Effect.sleep("1 minute")
    return yield* server.connections
  }).pipe(Effect.scoped, Effect.provide(VirtualNetwork.layer()))
  expect(Effect.runSync(Simulation.run(program))).toBe(0)
})
