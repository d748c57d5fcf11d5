import { expect, it } from "@effect/vitest"
import { NodeConnector, NodeSocketServer } from "effect-switchboard"
import { Peer } from "effect-switchboard/testing"
import * as Effect from "effect/Effect"
import * as TestClock from "effect/TestClock"
import { establishedAt } from "../behaviours/support/kernel.js"

it.scoped("whoever resets while it waits, unread, is let go ten seconds later at the latest; the others keep their turn", () =>
  Effect.gen(function*() {
    const server = yield* NodeSocketServer.make()
    // Node accepts one client a round.
    const arrived = Effect.repeatN(server.poll, 10)
    const connect = Effect.zipLeft(Peer.connect(server.address), arrived)
    const [impatient, finished, patient] = yield* Effect.all([connect, connect, connect])
    yield* finished.write("last words")
    yield* finished.end
    yield* patient.write("hello\n")
    yield* impatient.reset
    yield* arrived
    yield* TestClock.adjust("10 seconds")
    yield* arrived
    const first = yield* Effect.flatMap(server.accept, Peer.make)
    expect((yield* first.readToEnd).toString()).toBe("last words")
    const second = yield* Effect.flatMap(server.accept, Peer.make)
    expect(yield* second.readLine).toBe("hello")
  }).pipe(Effect.provide(NodeConnector.layer)))

it.scopedLive("who comes late is looked after as who came first: each connection has the kernel's keep-alive", () =>
  Effect.gen(function*() {
    const { accept, address } = yield* NodeSocketServer.make({ backlog: 1 })
    for (let count = 1; count <= 4; count++) {
      yield* Peer.connect(address)
      yield* accept
      const timers = establishedAt(address.port!).map(({ keepAlive = NaN }) => keepAlive)
      expect(timers).toHaveLength(count)
      for (const timer of timers) expect(timer).toBeGreaterThan(0)
    }
  }).pipe(Effect.provide(NodeConnector.layer)))
