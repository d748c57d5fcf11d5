import { describe, expect, it } from "@effect/vitest"
import type { Address, Connector, ServerEvent } from "effect-switchboard"
import {
  Echo,
  Framing,
  Gate,
  Model,
  NodeConnector,
  NodeSocketServer,
  NodeTlsSocketServer,
  Observer,
  Protocol,
  SocketServer
} from "effect-switchboard"
import { Peer, Simulation, VirtualNetwork } from "effect-switchboard/testing"
import * as Duration from "effect/Duration"
import * as Effect from "effect/Effect"
import * as Layer from "effect/Layer"
import * as Option from "effect/Option"
import type * as Scope from "effect/Scope"
import { mkdtempSync, rmSync } from "node:fs"
import { tmpdir } from "node:os"
import { join } from "node:path"
import { write } from "../../src/services/node/proxyHeader.js"
import * as certificates from "./support/certificates.js"
import { exchange, serve } from "./support/stages.js"

/** Lines, so that a message is one whatever the time between its bytes. */
const echo = Protocol.withFraming(Echo.protocol, Framing.line)

const connecting = Duration.seconds(2)

type Refusal = readonly [host: string | undefined, reason: ServerEvent.Refusal]

/** Keeps who was refused, and why. */
const recorder = () => {
  const refused: Array<Refusal> = []
  const observer = Layer.succeed(Observer.Observer, {
    messages: false,
    observe: (event) => {
      if (event._tag === "Refused") refused.push([event.peer.host, event.reason])
    }
  })
  return { refused, observer }
}

type Network = SocketServer.SocketServer | Connector.Connector | VirtualNetwork.VirtualNetwork

/** A network whose clients have several addresses: two of one network, and one of another. */
interface Ground {
  readonly toString: () => string
  readonly near: readonly [string, string]
  readonly far: string
  readonly network: string
  readonly layer: Layer.Layer<Network>
  readonly connect: (
    from: string,
    to: Address.Address
  ) => Effect.Effect<Peer.Peer, unknown, Network | Scope.Scope>
  readonly it: (name: string, program: () => Effect.Effect<void, unknown, Scope.Scope>) => void
}

const virtual: Ground = {
  toString: () => "the virtual network",
  near: ["192.0.2.1", "192.0.2.2"],
  far: "198.51.100.1",
  network: "192.0.2.0/24",
  layer: VirtualNetwork.layer({ explain: true }),
  connect: (from, to) =>
    Effect.flatMap(
      VirtualNetwork.VirtualNetwork,
      ({ connector }) => Effect.flatMap(connector(from).connect(to, connecting), Peer.make)
    ),
  it: (name, program) => it.effect(name, () => Simulation.run(Effect.scoped(program())))
}

const tcp: Ground = {
  toString: () => "TCP",
  near: ["127.0.0.2", "127.0.0.3"],
  far: "127.0.1.1",
  network: "127.0.0.0/24",
  layer: Layer.mergeAll(Layer.orDie(NodeSocketServer.layer()), NodeConnector.layer, VirtualNetwork.layerNetwork()),
  // Node takes the address to come from beside the one to go to.
  connect: (localAddress, to) => Peer.connect(Object.assign({ localAddress }, to)),
  it: (name, program) => it.scopedLive(name, program)
}

/** Comes from an address and says something: the client, where it is answered. */
const come = ({ connect }: Ground, from: string, { address }: { readonly address: Address.Address }) =>
  Effect.option(Effect.gen(function*() {
    const peer = yield* connect(from, address)
    expect(yield* exchange(peer, "hello")).toBe("hello")
    return peer
  }))

const isServed = <E, R>(coming: Effect.Effect<Option.Option<Peer.Peer>, E, R>) => Effect.map(coming, Option.isSome)

describe.each([virtual, tcp])("The gate, on %s", (ground) => {
  const [first, second] = ground.near

  ground.it("52. Who is denied, or not among those allowed, is reset unserved, and nobody else.", () => {
    const { observer, refused } = recorder()
    return Effect.gen(function*() {
      const server = yield* serve(echo, { model: Model.threaded })
      expect(yield* isServed(come(ground, first, server))).toBe(true)
      expect(yield* isServed(come(ground, second, server))).toBe(false)
      expect(yield* isServed(come(ground, ground.far, server))).toBe(false)
      expect(refused).toEqual([[second, "Denied"], [ground.far, "Denied"]])
      expect(server.of("Accepted")).toHaveLength(1)
    }).pipe(
      Effect.provide(ground.layer),
      Effect.provide(Layer.merge(Gate.layer({ allow: [ground.network], deny: [second] }), observer))
    )
  })

  ground.it(
    "53. An address has no more connections than it may: those that wait count, and one that leaves makes room.",
    () => {
      const { observer, refused } = recorder()
      return Effect.gen(function*() {
        const server = yield* serve(echo, { model: Model.threaded, maxConnections: 3 })
        const one = yield* come(ground, first, server)
        expect(yield* isServed(come(ground, first, server))).toBe(true)
        expect(yield* isServed(come(ground, first, server))).toBe(false)
        expect(yield* isServed(come(ground, second, server))).toBe(true)
        // The server is full: this one waits.
        const waiting = yield* ground.connect(second, server.address)
        yield* waiting.write("at last\n")
        expect(yield* isServed(come(ground, second, server))).toBe(false)
        yield* Option.getOrThrow(one).close
        expect(yield* waiting.readLine).toBe("at last")
        yield* server.setMaxConnections(10)
        expect(yield* isServed(come(ground, first, server))).toBe(true)
        expect(refused).toEqual([[first, "PerAddress"], [second, "PerAddress"]])
      }).pipe(
        Effect.provide(ground.layer),
        Effect.provide(Layer.merge(Gate.layer({ maxConnectionsPerAddress: 2 }), observer))
      )
    }
  )

  ground.it("54. An address that connects too often is refused, and no other.", () => {
    const { observer, refused } = recorder()
    return Effect.gen(function*() {
      const server = yield* serve(echo, { model: Model.select })
      for (const isIn of [true, true, false, false]) expect(yield* isServed(come(ground, first, server))).toBe(isIn)
      expect(yield* isServed(come(ground, second, server))).toBe(true)
      expect(refused).toEqual([[first, "TooOften"], [first, "TooOften"]])
    }).pipe(
      Effect.provide(ground.layer),
      Effect.provide(Layer.merge(Gate.layer({ acceptRate: { connections: 2, per: "1 hour" } }), observer))
    )
  })
})

describe("The gate, on the virtual network", () => {
  virtual.it(
    "54. The rate of an address is met to the millisecond, and the first 64 bits of IPv6 are one address.",
    () => {
      const { observer, refused } = recorder()
      return Effect.gen(function*() {
        const server = yield* serve(echo, { model: Model.threaded })
        const [one, sameNetwork, other] = ["2001:db8::1", "2001:db8::ffff:1", "2001:db8:0:1::1"] as const
        for (const from of [one, sameNetwork, one]) expect(yield* isServed(come(virtual, from, server))).toBe(true)
        expect(yield* isServed(come(virtual, sameNetwork, server))).toBe(false)
        expect(yield* isServed(come(virtual, other, server))).toBe(true)
        // Refusals cost nothing: whoever goes on trying gets in at the rate.
        for (
          const [wait, isIn] of [[999, false], [1, true], [0, false], [999, false], [1, true], [0, false]] as const
        ) {
          yield* Effect.sleep(wait)
          expect(yield* isServed(come(virtual, one, server))).toBe(isIn)
        }
        yield* Effect.sleep(3000)
        for (const isIn of [true, true, true, false]) expect(yield* isServed(come(virtual, one, server))).toBe(isIn)
        expect(refused).toHaveLength(6)
      }).pipe(
        Effect.provide(virtual.layer),
        Effect.provide(Layer.merge(Gate.layer({ acceptRate: { connections: 3, per: "3 seconds" } }), observer))
      )
    }
  )
})

describe("The gate, on Node's sockets", () => {
  it.scopedLive("52. Behind a proxy it is the client's address that counts, and IPv4 is the same in IPv6.", () => {
    const { observer, refused } = recorder()
    return Effect.gen(function*() {
      const server = yield* serve(echo, { model: Model.threaded })
      const ask = (header: Buffer) =>
        Effect.option(Effect.gen(function*() {
          const peer = yield* Peer.connect(server.address)
          yield* peer.write(header)
          return yield* exchange(peer, "hello")
        }))
      expect(yield* ask(write({ host: "198.51.100.7", port: 1 }))).toEqual(Option.some("hello"))
      for (const host of ["192.0.2.7", "::ffff:192.0.2.7", "::ffff:c000:207", "2001:db8::1"]) {
        expect(yield* ask(write({ host, port: 1 }))).toEqual(Option.none())
      }
      expect(refused.map(([, reason]) => reason)).toEqual(Array.from({ length: 4 }, () => "Denied"))
    }).pipe(
      Effect.provide(Layer.merge(NodeSocketServer.layer({ proxies: { from: ["127.0.0.1"] } }), NodeConnector.layer)),
      Effect.provide(Layer.merge(Gate.layer({ deny: ["::ffff:192.0.2.0/120", "2001:db8::/32"] }), observer))
    )
  })

  it.scopedLive("52. Who is denied costs no handshake; who comes by a unix socket is let in, but not for a proxy's client.", () => {
    const { observer, refused } = recorder()
    return Effect.gen(function*() {
      const folder = yield* Effect.acquireRelease(
        Effect.sync(() => mkdtempSync(join(tmpdir(), "switchboard-"))),
        (path) => Effect.sync(() => rmSync(path, { recursive: true }))
      )
      const encrypted = yield* NodeTlsSocketServer.make({ identity: certificates.server })
      const peer = yield* Effect.option(Peer.connect({ ...encrypted.address, tls: undefined }))
      if (Option.isSome(peer)) yield* Effect.exit(peer.value.readToEnd)
      expect(refused).toEqual([["127.0.0.1", "Denied"]])

      const ask = (path: string, before: Uint8Array, proxies?: NodeSocketServer.Proxies) =>
        Effect.gen(function*() {
          const socketServer = yield* NodeSocketServer.make({ path: join(folder, path), proxies })
          const server = yield* Effect.provideService(
            serve(echo, { model: Model.threaded }),
            SocketServer.SocketServer,
            socketServer
          )
          const peer = yield* Peer.connect(server.address)
          yield* peer.write(before)
          return yield* Effect.option(exchange(peer, "hello"))
        })
      expect(yield* ask("plain", new Uint8Array(0))).toEqual(Option.some("hello"))
      expect(yield* ask("proxied", write({ host: "127.0.0.1", port: 1 }), { from: [] })).toEqual(Option.none())
      expect(refused).toHaveLength(2)
    }).pipe(
      Effect.provide(NodeConnector.layer),
      Effect.provide(Layer.merge(Gate.layer({ deny: ["127.0.0.0/8"] }), observer))
    )
  })
})
