import { describe, expect, it } from "@effect/vitest"
import { Chars, CharsClient, Client, Framing, Model, Protocol, SocketServer } from "effect-switchboard"
import { Peer, VirtualNetwork } from "effect-switchboard/testing"
import * as Cause from "effect/Cause"
import * as Deferred from "effect/Deferred"
import * as Effect from "effect/Effect"
import * as Random from "effect/Random"
import { readFileSync } from "node:fs"
import type { Socket } from "node:net"
import { dial, line } from "./support/crowd.js"
import { establishedAt } from "./support/kernel.js"
import * as ServerProcess from "./support/ServerProcess.js"
import { each, everywhere, exchange, Host, many, serve, tls, virtual } from "./support/stages.js"

const bug = new Error("a bug")
const raise = (): never => {
  throw bug
}

/** An echo with a bug for each place where there can be one. */
const buggy = Protocol.make({
  name: "buggy",
  framing: { ...Framing.line, explain: raise },
  open: () => Effect.succeed({ state: "well" }),
  wake: () => Effect.die(bug),
  receive: (state: string, message: string) => {
    switch (message) {
      case "die":
        return Effect.die(bug)
      case "die later":
        return Effect.zipRight(Effect.sleep(1), Effect.die(bug))
      case "throw":
        return raise()
      case "throw later":
        return Effect.map(Effect.sleep(1), raise)
      case "fail":
        return Effect.fail(bug)
      case "wake":
        return Effect.succeed({ state, wake: 1 })
      case "say what is no text":
        return Effect.succeed({ state, send: [{ includes: raise } as unknown as string] })
      case "say what is no text later":
        return Effect.as(Effect.sleep(1), { state, send: [{ includes: raise } as unknown as string] })
      default:
        return Effect.succeed({ state, send: [message] })
    }
  }
})

describe.each([...everywhere, tls])("Faults, on %s", (stage) => {
  stage.it(
    "29. A defect in a protocol closes that one connection, logs one error with its cause, and disturbs nobody.",
    () =>
      each(stage, many, (model) =>
        Effect.gen(function*() {
          const server = yield* serve(buggy, { model, maxFrame: 100 })
          const other = yield* Peer.connect(server.address)
          const triggers = [
            "die",
            "die later",
            "throw",
            "throw later",
            "fail",
            "wake",
            "say what is no text",
            "say what is no text later",
            "x".repeat(101)
          ]
          for (const trigger of triggers) {
            const peer = yield* Peer.connect(server.address)
            yield* peer.write(`before\n${trigger}\nafter\n`)
            const answered = (yield* peer.readToEnd).toString()
            expect(answered).toBe(trigger === "wake" ? "before\nafter\n" : "before\n")
            yield* peer.close
            expect(yield* exchange(other, trigger.slice(0, 100).toUpperCase())).toBe(
              trigger.slice(0, 100).toUpperCase()
            )
          }
          yield* server.until("Closed", triggers.length)
          expect(server.of("Failed").map(({ cause, id }) => [id, Cause.squash(cause)])).toEqual(
            triggers.map((_, i) => [i + 2, bug])
          )
          expect(server.of("Closed").map(({ id, reason }) => [id, reason])).toEqual(
            triggers.map((_, i) => [i + 2, "Failed"])
          )
          expect(yield* server.connections).toBe(1)
        }))
  )

  stage.it(
    "29. A defect as a client is taken is that client's alone.",
    () =>
      each(stage, many, (model) =>
        Effect.gen(function*() {
          let opened = 0
          const fragile = Protocol.make({
            name: "fragile",
            framing: { ...Framing.line, open: (maxFrame) => (++opened === 2 ? raise() : Framing.line.open(maxFrame)) },
            open: () => opened === 3 ? raise() : Effect.succeed({ state: undefined }),
            receive: (state: undefined, message: string) => Effect.succeed({ state, send: [message] })
          })
          const server = yield* serve(fragile, { model })
          const first = yield* Peer.connect(server.address)
          expect(yield* exchange(first, "first")).toBe("first")
          for (const n of [1, 2]) {
            yield* Effect.ignore(Peer.connect(server.address))
            yield* server.until("Failed", n)
          }
          const last = yield* Peer.connect(server.address)
          expect(yield* exchange(last, "last")).toBe("last")
          expect(yield* exchange(first, "first")).toBe("first")
        }))
  )

  stage.it(
    "30. A client that resets while its request is worked on ends that work, and holds up nobody.",
    () =>
      each(stage, many, (model) =>
        Effect.gen(function*() {
          const begun = yield* Deferred.make<void>()
          const ended = yield* Deferred.make<void>()
          const protocol = Protocol.requestReply({
            name: "never",
            framing: Framing.line,
            reply: (message: string) =>
              message === "never"
                ? Effect.onInterrupt(
                  Effect.zipRight(Deferred.succeed(begun, undefined), Effect.never),
                  () => Deferred.succeed(ended, undefined)
                )
                : Effect.succeed(message)
          })
          const server = yield* serve(protocol, { model })
          const [first, second] = yield* Effect.all([Peer.connect(server.address), Peer.connect(server.address)])
          yield* first.write("never\n")
          yield* Deferred.await(begun)
          yield* second.write("hello\n")
          yield* first.reset
          yield* Deferred.await(ended)
          expect(yield* second.readLine).toBe("hello")
          yield* server.until("Closed", 1)
          const reason = stage.hasReset ? "ConnectionReset" : "PeerClosed"
          expect(server.of("Closed")).toMatchObject([{ id: 1, reason, requests: 1, replies: 0 }])
          expect(server.of("Failed")).toEqual([])
        }))
  )

  stage.it(
    "32. Ten start-stop cycles on one port; connections opened = closed.",
    () =>
      each(stage, many, (model) =>
        Effect.gen(function*() {
          const { listen } = yield* Host
          let port = 0
          for (let cycle = 0; cycle < 10; cycle++) {
            yield* Effect.scoped(Effect.gen(function*() {
              const socketServer = yield* listen(port)
              if (port !== 0) expect(socketServer.address.port).toBe(port)
              port = socketServer.address.port!
              const server = yield* Effect.provideService(
                serve(buggy, { model }),
                SocketServer.SocketServer,
                socketServer
              )
              const peers = yield* Effect.forEach([1, 2, 3, 4], () => Peer.connect(server.address))
              for (const peer of peers) expect(yield* exchange(peer, "hello")).toBe("hello")
              yield* peers[0]!.reset
              yield* peers[1]!.close
              for (const peer of peers.slice(2)) yield* Effect.fork(Effect.zipRight(peer.readToEnd, peer.close))
              expect(yield* server.stop).toEqual({ accepted: 4, cut: 0 })
              expect(server.of("Accepted")).toHaveLength(4)
              expect(server.of("Closed")).toHaveLength(4)
              expect(yield* server.connections).toBe(0)
            }))
          }
        }))
  )
})

/** What a client of chars is sent, with that seed. */
const charsOf = (seed: string) =>
  Effect.gen(function*() {
    const server = yield* serve(Chars.protocol, { model: Model.select })
    const client = yield* Client.make(CharsClient.protocol, server.address)
    const messages = yield* Effect.replicateEffect(client.receive, 20)
    return messages.map(({ content, sleepTime }) => [sleepTime, Buffer.from(content).toString()])
  }).pipe(Effect.scoped, Effect.provide(VirtualNetwork.layer()), Effect.withRandom(Random.make(seed)))

describe("Faults, on the virtual network", () => {
  virtual.it(
    "30. A client that resets, after any byte of it or of its reply, leaves the counters at zero.",
    () =>
      Effect.forEach(many, (model) =>
        Effect.gen(function*() {
          const server = yield* serve(buggy, { model })
          const outcomes = yield* Effect.forEach(
            Array.from({ length: 2 * 31 }),
            () =>
              Effect.scoped(Effect.gen(function*() {
                const peer = yield* Peer.connect(server.address)
                yield* Effect.ignore(peer.write("hello, this is a long request\n"))
                return (yield* Effect.either(peer.readLine))._tag
              }))
          )
          // All were cut short but the one whose cut is behind its reply.
          expect(outcomes.map((outcome, i) => outcome === "Right" ? i : -1).filter((i) => i >= 0)).toEqual([61])
          yield* server.until("Closed", outcomes.length)
          expect(yield* server.connections).toBe(0)
          expect(server.of("Failed")).toEqual([])
        }).pipe(
          Effect.scoped,
          Effect.provide(VirtualNetwork.layer({
            faults: Array.from({ length: 2 * 31 }, (_, i) => ({
              _tag: "Cut",
              connection: i + 1,
              direction: i < 31 ? "toServer" : "toClient",
              byte: i % 31
            }))
          }))
        ))
  )

  virtual.it("32. The same seed gives the same random characters.", () =>
    Effect.gen(function*() {
      const one = yield* charsOf("one")
      expect(yield* charsOf("one")).toEqual(one)
      expect(yield* charsOf("two")).not.toEqual(one)
    }))
})

/** What a client does before it resets, from nothing at all to the middle of a reply. */
const moments: ReadonlyArray<(client: Socket) => Effect.Effect<unknown>> = [
  () => Effect.void,
  () => Effect.yieldNow(),
  (client) => Effect.sync(() => client.write("half a requ")),
  (client) => Effect.sync(() => client.write("a request\n")),
  (client) => Effect.sync(() => client.write("a request\n".repeat(5000))),
  (client) => Effect.zipRight(Effect.sync(() => client.end("a request\n")), Effect.yieldNow()),
  (client) => Effect.zipRight(Effect.sync(() => client.write("a request\n".repeat(5000))), line(client)),
  (client) => Effect.zipRight(Effect.sync(() => client.write("a request\n")), line(client))
]

const firstUnprivilegedPort = Number(readFileSync("/proc/sys/net/ipv4/ip_unprivileged_port_start", "utf8"))

describe("Faults, on TCP, measured from inside the server's process", () => {
  it.scopedLive.each(["threaded", "select"] as const)(
    "30. A client that resets before it is served, or in the middle of a reply, is one log line; 2,000 such leave nothing uncaught, nothing open, and the counters at zero: %s",
    (model) =>
      Effect.gen(function*() {
        const server = yield* ServerProcess.start({ model, protocol: "much" })
        const before = yield* server.facts
        yield* Effect.forEach(
          Array.from({ length: 2000 }),
          () =>
            Effect.scoped(Effect.gen(function*() {
              const client = yield* dial(server.port)
              yield* moments[yield* Random.nextIntBetween(0, moments.length)]!(client)
              client.resetAndDestroy()
            })),
          { concurrency: 50, discard: true }
        ).pipe(Effect.withRandom(Random.make("resets")))
        // A last client comes after them all.
        const last = yield* dial(server.port)
        last.write("x\n")
        expect(yield* line(last)).toBe(`${"x".repeat(1000)}\n`)
        last.resetAndDestroy()
        const { counts, descriptors, open, sockets, unsent } = yield* server.until({ open: 0 })
        const { Accepted, Listening, ...closed } = counts
        expect(Object.values(closed).reduce((sum, count) => sum + count, 0)).toBe(Accepted)
        expect(Object.keys(closed).every((name) => /^Closed (ConnectionReset|PeerClosed)$/.test(name))).toBe(true)
        expect({ Listening, descriptors, open, sockets, unsent }).toEqual({
          Listening: 1,
          descriptors: before.descriptors,
          open: 0,
          sockets: 0,
          unsent: 0
        })
        expect(server.stderr()).toBe("")
      }),
    60_000
  )

  it.scopedLive("30. A peer that vanished without a word is found by keep-alive: its timer runs from the start, for a minute.", () =>
    Effect.gen(function*() {
      const server = yield* ServerProcess.start({ model: "threaded", protocol: "echo" })
      yield* dial(server.port)
      yield* server.until({ open: 1 })
      const [connection, ...others] = establishedAt(server.port)
      expect(others).toEqual([])
      expect(connection!.keepAlive).toBeGreaterThan(0)
      expect(connection!.keepAlive).toBeLessThanOrEqual(60)
    }))

  it.scopedLive("31. A bound port is a `PortInUse` that names it, with nothing left open after 1,000 tries; port 0 reports the real port; a forbidden port is its own error.", () =>
    Effect.gen(function*() {
      const server = yield* ServerProcess.start({ model: "threaded", protocol: "echo" })
      expect(server.port).toBeGreaterThan(0)
      const { descriptors } = yield* server.facts
      const outcomes = yield* server.bind(server.port, 1000)
      expect(outcomes).toEqual(
        Array.from({ length: 1000 }, () => ({ _tag: "PortInUse", host: "127.0.0.1", port: server.port }))
      )
      expect((yield* server.facts).descriptors).toBe(descriptors)
      const client = yield* dial(server.port)
      client.write("still here\n")
      expect(yield* line(client)).toBe("still here\n")
    }))

  it.skipIf(firstUnprivilegedPort < 2)("31. A forbidden port is its own error.", async () => {
    const outcomes = await Effect.runPromise(Effect.scoped(Effect.flatMap(
      ServerProcess.start({ model: "threaded", protocol: "echo", unprivileged: true }),
      (server) => server.bind(1, 1)
    )))
    expect(outcomes).toEqual([{ _tag: "PermissionDenied", host: "127.0.0.1", port: 1 }])
  })
})
