import { describe, expect, it } from "@effect/vitest"
import { type Address, Client, Connector, Echo, Model, Server, SocketServer, TextClient } from "effect-switchboard"
import { type Conditions, Peer, Simulation, Transcript, VirtualNetwork } from "effect-switchboard/testing"
import * as Clock from "effect/Clock"
import * as Duration from "effect/Duration"
import * as Effect from "effect/Effect"
import * as FastCheck from "effect/FastCheck"
import * as Fiber from "effect/Fiber"
import type * as Layer from "effect/Layer"
import * as Scope from "effect/Scope"
import * as TestClock from "effect/TestClock"
import * as TestContext from "effect/TestContext"

type Services = Layer.Layer.Success<ReturnType<typeof VirtualNetwork.layer>> | Scope.Scope

/** Runs a program on a network, at once. */
const on = <A, E>(
  conditions: Conditions.Options & VirtualNetwork.ListenOptions,
  program: Effect.Effect<A, E, Services>
): A =>
  Effect.runSync(
    Simulation.run(program.pipe(Effect.scoped, Effect.provide(VirtualNetwork.layer({ seed: 1, ...conditions }))))
  )

/** A client and the server's side of its connection. */
const pair = Effect.gen(function*() {
  const server = yield* SocketServer.SocketServer
  const client = yield* Peer.connect(server.address)
  return { client, server: yield* Effect.flatMap(server.accept, Peer.make) }
})

const timeline = Effect.flatMap(
  VirtualNetwork.VirtualNetwork,
  (network) => Effect.map(network.transcript, Transcript.format)
)

describe("a virtual network without options", () => {
  it.scoped("takes no time: no test has to move its clock for bytes to arrive", () =>
    Effect.gen(function*() {
      yield* Server.make(Echo.protocol, { model: Model.threaded })
      const client = yield* Client.make(TextClient.protocol)
      expect(yield* client.ask("hello")).toBe("hello")
      expect(yield* Clock.currentTimeMillis).toBe(0)
    }).pipe(Effect.provide(VirtualNetwork.layer())))

  it("gives what was written together as it was written", () => {
    on(
      {},
      Effect.gen(function*() {
        const { client, server } = yield* pair
        yield* client.write("one")
        yield* client.write("two")
        yield* Effect.sleep(0)
        expect(yield* timeline).toBe([
          "       0 ms  #1 client:49152 → localhost:1234 connected",
          `       0 ms  #1 → "one"`,
          `       0 ms  #1 → "two"`
        ].join("\n"))
        expect((yield* server.read).toString()).toBe("onetwo")
      })
    )
  })
})

describe("two hundred clients under a TestClock", () => {
  const clients = Effect.gen(function*() {
    const server = yield* Server.make(Echo.protocol, { model: Model.threaded })
    const client = (n: number) =>
      Effect.gen(function*() {
        const peer = yield* Peer.connect(server.address)
        yield* peer.write(`client ${n}\n`)
        expect(yield* peer.readLine).toBe(`client ${n}`)
      })
    yield* Effect.all(Array.from({ length: 200 }, (_, n) => client(n)), { concurrency: "unbounded" })
    return yield* timeline
  }).pipe(
    Effect.scoped,
    Effect.provide(VirtualNetwork.layer({ seed: 7, latency: "10 millis", jitter: "10 millis", segment: 6 }))
  )
  /** A server stops in good order, which takes a network's time, too: so the clock is moved from outside. */
  const run = Effect.gen(function*() {
    const running = yield* Effect.fork(clients)
    yield* TestClock.adjust("1 second")
    return yield* Fiber.join(running)
  }).pipe(Effect.provide(TestContext.TestContext))

  it.live("are the same, byte for byte, the second time", () =>
    Effect.gen(function*() {
      const first = yield* run
      expect(yield* run).toBe(first)
      expect(first.split("\n").length).toBeGreaterThan(1000)
    }))
})

describe("a network that explains", () => {
  it.effect("prints its timeline when the program that has it fails, and only then", () =>
    Effect.gen(function*() {
      const printed: Array<unknown> = []
      const console = yield* Effect.console
      const listening = { ...console, error: (text: unknown) => Effect.sync(() => printed.push(text)) }
      const run = <E>(end: Effect.Effect<void, E>) =>
        Effect.andThen(pair, end).pipe(
          Effect.scoped,
          Effect.provide(VirtualNetwork.layer({ explain: true })),
          Effect.withConsole(listening)
        )
      yield* run(Effect.void)
      expect(printed).toEqual([])
      yield* Effect.flip(run(Effect.fail("no")))
      expect(printed).toEqual([expect.stringContaining("#1 client:49152 → localhost:1234 connected")])
    }))
})

describe("latency", () => {
  it.scoped("takes its time, to the millisecond, under a TestClock", () =>
    Effect.gen(function*() {
      const connecting = yield* Effect.fork(pair)
      yield* TestClock.adjust("199 millis")
      expect(connecting.unsafePoll()).toBeNull()
      yield* TestClock.adjust("1 millis")
      const { client, server } = yield* Fiber.join(connecting)
      yield* client.write("x")
      yield* TestClock.adjust("99 millis")
      expect(yield* server.available).toBe(0)
      yield* TestClock.adjust("1 millis")
      expect(yield* server.available).toBe(1)
    }).pipe(Effect.provide(VirtualNetwork.layer({ latency: "100 millis" }))))

  it("with jitter, keeps the order of the bytes", () => {
    FastCheck.assert(
      FastCheck.property(
        FastCheck.integer(),
        FastCheck.array(FastCheck.string({ maxLength: 20 })),
        (seed, texts) => {
          const received = on(
            { seed, jitter: "1 second", segment: 3 },
            Effect.gen(function*() {
              const { client, server } = yield* pair
              for (const text of texts) yield* client.write(text)
              yield* client.end
              return yield* server.readToEnd
            })
          )
          expect(received.toString()).toBe(texts.join(""))
        }
      ),
      { numRuns: 50, seed: 0 }
    )
  })
})

describe("bandwidth", () => {
  it("lets through so many bytes a second", () => {
    on(
      { bandwidth: 1000 },
      Effect.gen(function*() {
        const { client, server } = yield* pair
        yield* client.write("x".repeat(2500))
        yield* client.end
        yield* server.readToEnd
        expect(yield* Clock.currentTimeMillis).toBe(2500)
      })
    )
  })
})

describe("segments", () => {
  it("are cut anywhere, and nowhere longer than asked", () => {
    const lengths = on(
      { segment: 5, latency: 10 },
      Effect.gen(function*() {
        const { client, server } = yield* pair
        for (let i = 0; i < 100; i++) yield* client.write("abc")
        yield* client.end
        yield* server.readToEnd
        const { transcript } = yield* VirtualNetwork.VirtualNetwork
        return (yield* transcript).flatMap((entry) => entry._tag === "Data" ? [entry.bytes.length] : [])
      })
    )
    expect(new Set(lengths)).toEqual(new Set([1, 2, 3, 4, 5]))
  })
})

describe("the window", () => {
  it("blocks a writer whose peer does not read, and tells it when there is room", () => {
    on(
      { window: 1000 },
      Effect.gen(function*() {
        const { client, server } = yield* pair
        yield* server.pause
        const writing = yield* Effect.fork(client.write("x".repeat(100_000)))
        yield* Effect.sleep("1 hour")
        expect(writing.unsafePoll()).toBeNull()
        expect(client.connection.sent()).toBe(1000)
        expect(client.connection.unsent()).toBe(99_000)
        yield* server.resume
        yield* Fiber.join(writing)
        expect(yield* server.readExactly(100_000)).toHaveLength(100_000)
      })
    )
  })
})

describe("a cut", () => {
  it("resets both sides, when so many bytes have come through", () => {
    on(
      { faults: [{ _tag: "Cut", connection: 1, direction: "toServer", byte: 4 }] },
      Effect.gen(function*() {
        const { client, server } = yield* pair
        yield* client.write("123456")
        expect(yield* Effect.flip(client.closed)).toMatchObject({ _tag: "ConnectionReset" })
        expect(yield* Effect.flip(server.closed)).toMatchObject({ _tag: "ConnectionReset" })
        expect((yield* server.read).toString()).toBe("1234")
        expect((yield* timeline).split("\n").slice(1)).toEqual([
          `       0 ms  #1 → "1234"`,
          "       0 ms  #1 → RST",
          "       0 ms  #1 ← RST"
        ])
      })
    )
  })

  it("strikes the connection it names, and no other", () => {
    on(
      { faults: [{ _tag: "Cut", connection: 2, direction: "toClient", byte: 0 }] },
      Effect.gen(function*() {
        const [first, second] = [yield* pair, yield* pair]
        for (const { server } of [first, second]) yield* server.write("hello")
        expect((yield* first.client.readExactly(5)).toString()).toBe("hello")
        expect(yield* Effect.flip(second.client.closed)).toMatchObject({ _tag: "ConnectionReset" })
      })
    )
  })
})

describe("a stall", () => {
  it("holds up one direction for its time, and loses nothing", () => {
    on(
      { faults: [{ _tag: "Stall", connection: 1, direction: "toServer", byte: 4, duration: "3 seconds" }] },
      Effect.gen(function*() {
        const { client, server } = yield* pair
        yield* client.write("123456")
        yield* server.write("back")
        expect((yield* client.readExactly(4)).toString()).toBe("back")
        expect((yield* server.readExactly(4)).toString()).toBe("1234")
        expect(yield* Clock.currentTimeMillis).toBe(0)
        expect((yield* server.read).toString()).toBe("56")
        expect(yield* Clock.currentTimeMillis).toBe(3000)
      })
    )
  })
})

describe("a partition", () => {
  it("holds what is sent until it heals", () => {
    on(
      { latency: 5 },
      Effect.gen(function*() {
        const network = yield* VirtualNetwork.VirtualNetwork
        const { client, server } = yield* pair
        yield* network.partition("client", "localhost")
        yield* client.write("a")
        yield* Effect.sleep("1 minute")
        yield* client.write("b")
        expect(yield* server.available).toBe(0)
        yield* network.heal("client", "localhost")
        expect((yield* server.readExactly(2)).toString()).toBe("ab")
        expect(yield* Clock.currentTimeMillis).toBe(60_015)
      })
    )
  })

  it("leaves a new connection without an answer", () => {
    on(
      { faults: [{ _tag: "Partition", hosts: ["client", "localhost"], at: 0, duration: "2500 millis" }] },
      Effect.gen(function*() {
        const { address } = yield* SocketServer.SocketServer
        const { connect } = yield* Connector.Connector
        const attempt = connect(address, Duration.seconds(2))
        expect(yield* Effect.flip(attempt)).toMatchObject({ _tag: "ConnectTimeout" })
        expect(yield* Clock.currentTimeMillis).toBe(2000)
        yield* attempt
        // Tried again after a second, when the partition had healed.
        expect(yield* Clock.currentTimeMillis).toBe(3000)
      })
    )
  })

  it("loses a reset, which the other side learns of when it next sends", () => {
    on(
      {},
      Effect.gen(function*() {
        const network = yield* VirtualNetwork.VirtualNetwork
        const { client, server } = yield* pair
        yield* network.partition("client", "localhost")
        yield* client.reset
        yield* Effect.sleep("1 second")
        yield* network.heal("client", "localhost")
        yield* Effect.sleep("1 second")
        yield* server.write("anyone there?")
        expect(yield* Effect.flip(server.closed)).toMatchObject({ _tag: "ConnectionReset" })
      })
    )
  })

  it("lets a server's keep-alive find a client that vanished without a word", () => {
    on(
      {},
      Effect.gen(function*() {
        const network = yield* VirtualNetwork.VirtualNetwork
        const { server } = yield* pair
        yield* Effect.sleep("1 hour")
        yield* network.partition("client", "localhost")
        expect(yield* Effect.flip(server.closed)).toMatchObject({ _tag: "ConnectionReset" })
        expect(yield* Clock.currentTimeMillis).toBe(3_600_000 + 70_000)
        expect((yield* timeline).split("\n").at(-1)).toBe(" 3670000 ms  #1 → LOST")
      })
    )
  })

  it("parts the hosts it names, and no others", () =>
    Effect.gen(function*() {
      const network = yield* VirtualNetwork.VirtualNetwork
      const { accept, address } = yield* network.listen({ host: "server" })
      yield* network.partition("near", "server")
      const far = yield* network.connector("far").connect(address, Duration.seconds(2))
      expect((yield* accept).peer.host).toBe("far")
      const near = network.connector("near").connect(address, Duration.seconds(2))
      expect(yield* Effect.flip(near)).toMatchObject({ _tag: "ConnectTimeout" })
      far.close()
    }).pipe(Effect.scoped, Effect.provide(VirtualNetwork.layerNetwork()), Simulation.run, Effect.runSync))
})

describe("connecting", () => {
  it("is refused where nothing listens, and fails where there is no such host", () => {
    on(
      { latency: 10 },
      Effect.gen(function*() {
        const { connect } = yield* Connector.Connector
        expect(yield* Effect.flip(connect({ host: "localhost", port: 99 }, Duration.seconds(2))))
          .toMatchObject({ _tag: "ConnectionRefused", reason: "not listening" })
        expect(yield* Clock.currentTimeMillis).toBe(20)
        expect(yield* Effect.flip(connect({ host: "nowhere", port: 99 }, Duration.seconds(2))))
          .toMatchObject({ _tag: "HostNotFound" })
      })
    )
  })

  it("to a server whose backlog is full is not answered until a client is accepted", () => {
    on(
      { backlog: 1 },
      Effect.gen(function*() {
        const { accept, address } = yield* SocketServer.SocketServer
        const { connect } = yield* Connector.Connector
        yield* connect(address, Duration.seconds(2))
        expect(yield* Effect.flip(connect(address, Duration.millis(500)))).toMatchObject({ _tag: "ConnectTimeout" })
        const third = yield* Effect.fork(connect(address, Duration.seconds(2)))
        yield* Effect.sleep("100 millis")
        yield* accept
        yield* Fiber.join(third)
        expect(yield* Clock.currentTimeMillis).toBe(1500)
      })
    )
  })
})

describe("listening", () => {
  it("fails on a port in use, which is free again when the scope has closed", () =>
    Effect.gen(function*() {
      const network = yield* VirtualNetwork.VirtualNetwork
      const listen = network.listen({ port: 7 })
      yield* Effect.scoped(Effect.gen(function*() {
        yield* listen
        expect(yield* Effect.flip(listen)).toMatchObject({ _tag: "PortInUse", address: { host: "localhost", port: 7 } })
      }))
      yield* listen
    }).pipe(Effect.scoped, Effect.provide(VirtualNetwork.layerNetwork()), Simulation.run, Effect.runSync))

  it("on port 0 picks a free one", () => {
    const { port } = on({ port: 0 }, Effect.map(SocketServer.SocketServer, ({ address }) => address))
    expect(port).toBe(49_152)
  })

  it("when it ends, resets the clients that wait, and cuts those that were accepted with its scope", () =>
    Effect.gen(function*() {
      const network = yield* VirtualNetwork.VirtualNetwork
      const connect = (address: Address.Address) =>
        Effect.flatMap(network.connector("client").connect(address, Duration.seconds(2)), Peer.make)
      const scope = yield* Effect.scope
      const served = yield* Effect.scoped(Effect.gen(function*() {
        const server = yield* network.listen()
        const served = yield* Scope.extend(connect(server.address), scope)
        yield* Effect.flatMap(server.accept, Peer.make)
        const waiting = yield* connect(server.address)
        yield* server.close
        expect(yield* Effect.flip(waiting.closed)).toMatchObject({ _tag: "ConnectionReset" })
        expect(yield* Effect.flip(connect(server.address))).toMatchObject({ _tag: "ConnectionRefused" })
        yield* served.write("still here")
        return served
      }))
      expect(yield* Effect.flip(served.closed)).toMatchObject({ _tag: "ConnectionReset" })
    }).pipe(Effect.scoped, Effect.provide(VirtualNetwork.layerNetwork()), Simulation.run, Effect.runSync))
})
