import * as Socket from "@effect/platform/Socket"
import { Rpc, RpcClient, RpcGroup, RpcSerialization, RpcServer } from "@effect/rpc"
import { describe, expect, it } from "@effect/vitest"
import type { Connector } from "effect-switchboard"
import { SocketServer } from "effect-switchboard"
import { PlatformSocket, PlatformSocketServer, RpcClientProtocol, RpcServerProtocol } from "effect-switchboard/platform"
import { Peer, Simulation, VirtualNetwork } from "effect-switchboard/testing"
import * as Cause from "effect/Cause"
import * as Duration from "effect/Duration"
import * as Effect from "effect/Effect"
import * as ExecutionStrategy from "effect/ExecutionStrategy"
import * as Exit from "effect/Exit"
import * as Fiber from "effect/Fiber"
import * as Layer from "effect/Layer"
import * as Option from "effect/Option"
import * as Random from "effect/Random"
import * as Schedule from "effect/Schedule"
import * as Schema from "effect/Schema"
import * as Scope from "effect/Scope"
import * as Stream from "effect/Stream"
import type { Stage } from "../behaviours/support/stages.js"
import { everywhere, tcp, virtual } from "../behaviours/support/stages.js"

const Service = RpcGroup.make(
  Rpc.make("Double", { payload: { n: Schema.Number }, success: Schema.Number }),
  Rpc.make("Slow", { payload: { n: Schema.Number, millis: Schema.Number }, success: Schema.Number }),
  Rpc.make("Hang", { payload: { text: Schema.String } }),
  Rpc.make("Refuse", { payload: {}, error: Schema.Struct({ why: Schema.String }) }),
  Rpc.make("Die", { payload: {} }),
  Rpc.make("Bytes", { payload: { size: Schema.Number }, success: Schema.String }),
  Rpc.make("Count", { payload: { to: Schema.Number }, success: Schema.Number, stream: true })
)

/** How many requests of `Hang` and `Slow` are at work, and were. */
class Desk {
  begun = 0
  interrupted = 0
  atWork = 0
  most = 0
  private readonly waiting = new Set<() => void>()

  readonly work = <A>(work: Effect.Effect<A>): Effect.Effect<A> =>
    Effect.suspend(() => {
      this.begun++
      this.most = Math.max(this.most, ++this.atWork)
      for (const look of this.waiting) look()
      return work
    }).pipe(
      Effect.onInterrupt(() => Effect.sync(() => this.interrupted++)),
      Effect.ensuring(Effect.sync(() => {
        this.atWork--
        for (const look of this.waiting) look()
      }))
    )

  until(isTrue: (desk: Desk) => boolean): Effect.Effect<void> {
    return Effect.async((resume) => {
      const look = (): void => {
        if (!isTrue(this)) return
        this.waiting.delete(look)
        resume(Effect.void)
      }
      this.waiting.add(look)
      look()
    })
  }
}

const handlers = (desk: Desk) =>
  Service.toLayer({
    Double: ({ n }) => Effect.succeed(2 * n),
    Slow: ({ millis, n }) => desk.work(Effect.as(Effect.sleep(millis), n)),
    Hang: () => desk.work(Effect.never),
    Refuse: () => Effect.fail({ why: "as asked" }),
    Die: () => Effect.die(new Error("as asked")),
    Bytes: ({ size }) => desk.work(Effect.succeed("x".repeat(size))),
    Count: ({ to }) => Stream.rechunk(Stream.range(1, to), 10)
  })

/** A server, and what stops it. */
const serve = (options: RpcServerProtocol.Options = {}) =>
  Effect.gen(function*() {
    const desk = new Desk()
    const { address } = yield* SocketServer.SocketServer
    const scope = yield* Scope.fork(yield* Effect.scope, ExecutionStrategy.sequential)
    yield* Layer.buildWithScope(
      RpcServer.layer(Service).pipe(Layer.provide(handlers(desk)), Layer.provide(RpcServerProtocol.layer(options))),
      scope
    )
    return { address, desk, stop: Scope.close(scope, Exit.void) }
  })

const connect = (options: RpcClientProtocol.Options = {}) =>
  Effect.gen(function*() {
    const { address } = yield* SocketServer.SocketServer
    const protocol = yield* RpcClientProtocol.make({ ...address, ...options })
    return yield* Effect.provideService(RpcClient.make(Service), RpcClient.Protocol, protocol)
  })

type Needs =
  | Scope.Scope
  | SocketServer.SocketServer
  | Connector.Connector
  | RpcSerialization.RpcSerialization

const serializations = [
  ["NDJSON", RpcSerialization.layerNdjson],
  ["MessagePack", RpcSerialization.layerMsgPack],
  ["JSON", RpcSerialization.layerJson],
  ["JSON-RPC", RpcSerialization.layerJsonRpc()]
] as const

const on =
  (stage: Stage, serialization: Layer.Layer<RpcSerialization.RpcSerialization>) =>
  <E>(name: string, test: () => Effect.Effect<unknown, E, Needs>) =>
    stage.it(name, () => Effect.asVoid(Effect.provide(test(), Layer.merge(stage.network, serialization))))

const request = (id: number, tag: string, payload: unknown): string =>
  `${JSON.stringify({ _tag: "Request", id: String(id), tag, payload, headers: [] })}\n`

const matrix = everywhere.flatMap((stage) => serializations.map(([name, layer]) => [name, stage, layer] as const))

describe.each(matrix)("@effect/rpc in %s, on %s", (_, stage, serialization) => {
  const promise = on(stage, serialization)

  promise("Requests have their replies, errors and defects, and streams come whole", () =>
    Effect.gen(function*() {
      yield* serve()
      const client = yield* connect()
      expect(yield* client.Double({ n: 21 })).toBe(42)
      expect(yield* Effect.flip(client.Refuse({}))).toEqual({ why: "as asked" })
      const died = yield* Effect.exit(client.Die({}))
      expect(Exit.isFailure(died) && Cause.isDie(died.cause) && String(Cause.squash(died.cause))).toContain("as asked")
      const counted = yield* Stream.runCollect(client.Count({ to: 95 }))
      expect([...counted]).toEqual(Array.from({ length: 95 }, (_, i) => i + 1))
      const doubled = yield* Effect.forEach([...Array(200).keys()], (n) => client.Double({ n }), { concurrency: 32 })
      expect(doubled).toEqual(Array.from({ length: 200 }, (_, n) => 2 * n))
      expect((yield* client.Bytes({ size: 300_000 })).length).toBe(300_000)
    }))

  promise(
    "50. A stop answers what was received: 20 of 20 requests at work, and a stream to its end",
    () =>
      Effect.gen(function*() {
        const { desk, stop } = yield* serve()
        const client = yield* connect()
        const asked = yield* Effect.forEach([...Array(20).keys()], (n) => Effect.fork(client.Slow({ n, millis: 20 })))
        const counting = yield* Effect.fork(Stream.runCount(client.Count({ to: 200 })))
        yield* desk.until(({ atWork }) => atWork === 20)
        yield* stop
        expect(yield* Effect.forEach(asked, Fiber.join)).toEqual([...Array(20).keys()])
        expect(yield* Fiber.join(counting)).toBe(200)
        expect(yield* Effect.flip(client.Double({ n: 1 }))).toMatchObject({ _tag: "RpcClientError" })
      })
  )

  promise("Who interrupts a request, or leaves, has its handler interrupted", () =>
    Effect.gen(function*() {
      const { desk } = yield* serve()
      const client = yield* connect()
      const first = yield* Effect.fork(client.Hang({ text: "" }))
      yield* desk.until(({ atWork }) => atWork === 1)
      yield* Fiber.interrupt(first)
      yield* desk.until(({ interrupted }) => interrupted === 1)
      const second = yield* Effect.fork(Effect.scoped(Effect.flatMap(connect(), (client) => client.Hang({ text: "" }))))
      yield* desk.until(({ atWork }) => atWork === 1)
      yield* Fiber.interrupt(second)
      yield* desk.until(({ interrupted }) => interrupted === 2)
      expect(yield* client.Double({ n: 2 })).toBe(4)
    }))
})

describe.each<Stage>([virtual, tcp])("@effect/rpc, on %s", (stage) => {
  const promise = on(stage, RpcSerialization.layerNdjson)

  promise(
    "50. Who has finished is answered: 100 of 100 requests that take 20 ms, and a stream to its end",
    () =>
      Effect.gen(function*() {
        const { address } = yield* serve()
        const ask = (id: number) =>
          Effect.scoped(Effect.gen(function*() {
            const peer = yield* Peer.connect(address)
            yield* peer.write(request(id, "Slow", { n: id, millis: 20 }) + request(1000, "Count", { to: 100 }))
            yield* peer.end
            const said = (yield* peer.readToEnd).toString().trim().split("\n").map((line) => JSON.parse(line))
            yield* peer.closed
            const counted = said.flatMap(({ _tag, values }) => _tag === "Chunk" ? values : [])
            expect(counted.length).toBe(100)
            return said.find(({ _tag, requestId }) => _tag === "Exit" && requestId === String(id))?.exit.value
          }))
        const replies = yield* Effect.forEach([...Array(100).keys()], ask, { concurrency: "unbounded" })
        expect(replies).toEqual([...Array(100).keys()])
      })
  )

  promise(
    "50. A client that floods is not read while as many of its requests are at work as may be",
    () =>
      Effect.gen(function*() {
        const { address, desk } = yield* serve({ maxRequests: 100 })
        const peer = yield* Peer.connect(address)
        const flood = Effect.gen(function*() {
          for (let id = 0;; id++) yield* peer.write(request(id, "Hang", { text: "x".repeat(10_000) }))
        })
        yield* Effect.forkScoped(Effect.ignore(flood))
        const { poll } = yield* SocketServer.SocketServer
        let sent = -1
        for (let still = 0; still < 200;) {
          yield* poll
          still = peer.connection.unsent() > 0 && peer.connection.sent() === sent ? still + 1 : 0
          sent = peer.connection.sent()
        }
        expect(desk.begun).toBe(100)
        // What the kernels hold for both sides, and what is at work.
        expect(sent).toBeLessThan(32 * 1024 * 1024)
      })
  )

  promise(
    "50. A client that takes no replies has no more made for it than its requests under way",
    () =>
      Effect.gen(function*() {
        const { address, desk } = yield* serve({ maxRequests: 10 })
        const peer = yield* Peer.connect(address)
        yield* peer.pause
        const flood = Effect.gen(function*() {
          for (let id = 0;; id++) yield* peer.write(request(id, "Bytes", { size: 100_000 }))
        })
        yield* Effect.forkScoped(Effect.ignore(flood))
        const { poll } = yield* SocketServer.SocketServer
        let begun = -1
        for (let still = 0; still < 300;) {
          yield* poll
          still = begun === desk.begun && peer.connection.unsent() > 0 ? still + 1 : 0
          begun = desk.begun
        }
        // MiB: what the kernels hold for both sides, and ten replies.
        expect(begun / 10).toBeLessThan(32)
      })
  )

  promise(
    "Streams do not count among requests under way, and take their acknowledgements past those that wait",
    () =>
      Effect.gen(function*() {
        const { desk } = yield* serve({ maxRequests: 2 })
        const client = yield* connect()
        const counted = yield* Effect.forEach([1, 2, 3, 4, 5], () => Stream.runCount(client.Count({ to: 100 })), {
          concurrency: "unbounded"
        })
        expect(counted).toEqual([100, 100, 100, 100, 100])
        const asked = Effect.forEach([1, 2, 3, 4, 5], (n) => client.Slow({ n, millis: 5 }), {
          concurrency: "unbounded"
        })
        expect(yield* asked).toEqual([1, 2, 3, 4, 5])
        expect(desk.most).toBe(2)
      })
  )

  promise("What cannot be read is answered with a defect, and its connection closed", () =>
    Effect.gen(function*() {
      const { address } = yield* serve()
      for (const nonsense of ["no message", "null", request("x" as never, "Double", { n: 1 }).trim()]) {
        const peer = yield* Peer.connect(address)
        yield* peer.write(`${request(1, "Hang", { text: "" })}${nonsense}\n`)
        expect((yield* peer.readToEnd).toString()).toMatch(/^\{"_tag":"Defect".*\}\n$/)
      }
      const client = yield* connect()
      expect(yield* client.Double({ n: 2 })).toBe(4)
    }))

  promise(
    "Requests that were received before the stop and wait their turn are answered, too",
    () =>
      Effect.gen(function*() {
        const { desk, stop } = yield* serve({ maxRequests: 2 })
        const client = yield* connect()
        const asked = yield* Effect.forEach([1, 2, 3, 4, 5], (n) => Effect.fork(client.Slow({ n, millis: 10 })))
        yield* desk.until(({ begun }) => begun === 2)
        yield* stop
        expect(yield* Effect.forEach(asked, Fiber.join)).toEqual([1, 2, 3, 4, 5])
      })
  )

  promise(
    "A server that speaks something else fails its client's requests, and says why",
    () =>
      Effect.gen(function*() {
        const { accept } = yield* SocketServer.SocketServer
        const client = yield* connect()
        const asked = yield* Effect.fork(client.Double({ n: 1 }))
        const server = yield* Effect.flatMap(accept, Peer.make)
        yield* server.read
        yield* server.write("220 mail.example.org\n")
        expect(yield* Effect.flip(Fiber.join(asked))).toMatchObject({
          _tag: "RpcClientError",
          cause: { name: "SyntaxError" }
        })
      })
  )

  promise("Effect's own protocols over these sockets understand the same", () =>
    Effect.gen(function*() {
      const { address } = yield* SocketServer.SocketServer
      yield* serve()
      const protocol = yield* Effect.provideServiceEffect(
        RpcClient.makeProtocolSocket(),
        Socket.Socket,
        PlatformSocket.make(address)
      )
      const client = yield* Effect.provideService(RpcClient.make(Service), RpcClient.Protocol, protocol)
      expect(yield* client.Double({ n: 21 })).toBe(42)
      expect(yield* Effect.flip(client.Refuse({}))).toEqual({ why: "as asked" })
      expect(yield* Stream.runCount(client.Count({ to: 95 }))).toBe(95)
    }))

  promise("So does our client with Effect's own server protocol", () =>
    Effect.gen(function*() {
      yield* Layer.build(
        RpcServer.layer(Service).pipe(
          Layer.provide(handlers(new Desk())),
          Layer.provide(RpcServer.layerProtocolSocketServer),
          Layer.provide(PlatformSocketServer.layer())
        )
      )
      const client = yield* connect()
      const doubled = yield* Effect.forEach([...Array(100).keys()], (n) => client.Double({ n }), { concurrency: 32 })
      expect(doubled).toEqual(Array.from({ length: 100 }, (_, n) => 2 * n))
      expect(yield* Stream.runCount(client.Count({ to: 95 }))).toBe(95)
    }))

  promise("The stop cuts who takes longer than its time", () =>
    Effect.gen(function*() {
      const { desk, stop } = yield* serve({ drainTimeout: "100 millis" })
      const client = yield* connect()
      const hanging = yield* Effect.fork(client.Hang({ text: "" }))
      yield* desk.until(({ atWork }) => atWork === 1)
      yield* stop
      expect(yield* Effect.flip(Fiber.join(hanging))).toMatchObject({ _tag: "RpcClientError" })
      expect(desk.interrupted).toBe(1)
    }))

  promise(
    "A client whose server is not there fails its requests, or has them wait, and says why",
    () =>
      Effect.gen(function*() {
        const { address, close } = yield* SocketServer.SocketServer
        yield* close
        const client = yield* connect()
        expect(yield* Effect.flip(client.Double({ n: 1 })))
          .toMatchObject({ _tag: "RpcClientError", cause: { _tag: "ConnectionRefused", address } })
        const patient = yield* connect({ retryTransientErrors: true })
        const waiting = yield* Effect.fork(patient.Double({ n: 1 }))
        yield* Effect.sleep("20 millis")
        expect(Option.isNone(yield* Fiber.poll(waiting))).toBe(true)
        yield* Fiber.interrupt(waiting)
      })
  )
})

describe("@effect/rpc on the virtual network", () => {
  it.effect("50. An hour with partitions: each request has its own reply or a typed error, and the client comes back", () =>
    Effect.gen(function*() {
      const network = yield* VirtualNetwork.VirtualNetwork
      const { desk } = yield* serve()
      const client = yield* connect()
      yield* Effect.forkScoped(Effect.forever(Effect.gen(function*() {
        yield* Effect.sleep(Duration.seconds(yield* Random.nextIntBetween(60, 180)))
        yield* network.partition("client", "localhost")
        yield* Effect.sleep(Duration.seconds(yield* Random.nextIntBetween(1, 90)))
        yield* network.heal("client", "localhost")
      })))
      let answered = 0
      let failed = 0
      const ask = (n: number) =>
        Effect.match(client.Slow({ n, millis: n % 50 }), {
          onSuccess: (answer) => {
            expect(answer).toBe(n)
            answered++
          },
          onFailure: (error) => {
            expect(error._tag).toBe("RpcClientError")
            failed++
          }
        })
      const asked: Array<Fiber.RuntimeFiber<void>> = []
      for (let n = 0; n < 3600; n++) {
        yield* Effect.sleep("1 second")
        asked.push(yield* Effect.fork(ask(n)))
      }
      yield* Effect.sleep("2 minutes")
      expect(answered + failed).toBe(3600)
      expect(answered).toBeGreaterThan(1800)
      expect(failed).toBeGreaterThan(0)
      expect(desk.begun).toBeLessThanOrEqual(3600)
      yield* Effect.retry(client.Double({ n: 4 }), Schedule.spaced("1 second"))
    }).pipe(
      Effect.scoped,
      Effect.provide(VirtualNetwork.layer({ seed: 7, latency: "5 millis", jitter: "5 millis", segment: 100 })),
      Effect.provide(RpcSerialization.layerMsgPack),
      Simulation.run
    ))
})
