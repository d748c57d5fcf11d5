import * as ClusterSchema from "@effect/cluster/ClusterSchema"
import * as Entity from "@effect/cluster/Entity"
import * as MessageStorage from "@effect/cluster/MessageStorage"
import * as RunnerAddress from "@effect/cluster/RunnerAddress"
import * as RunnerHealth from "@effect/cluster/RunnerHealth"
import * as Runners from "@effect/cluster/Runners"
import * as ShardingConfig from "@effect/cluster/ShardingConfig"
import * as Rpc from "@effect/rpc/Rpc"
import * as RpcSerialization from "@effect/rpc/RpcSerialization"
import { describe, expect, it } from "@effect/vitest"
import { Connector, SocketServer } from "effect-switchboard"
import { ClusterRunner } from "effect-switchboard/cluster"
import { Peer, Simulation, VirtualNetwork } from "effect-switchboard/testing"
import * as BigDecimal from "effect/BigDecimal"
import * as Context from "effect/Context"
import * as Deferred from "effect/Deferred"
import * as Duration from "effect/Duration"
import * as Effect from "effect/Effect"
import * as Either from "effect/Either"
import * as ExecutionStrategy from "effect/ExecutionStrategy"
import * as Exit from "effect/Exit"
import * as Fiber from "effect/Fiber"
import * as Layer from "effect/Layer"
import * as Logger from "effect/Logger"
import * as LogLevel from "effect/LogLevel"
import * as Option from "effect/Option"
import * as Random from "effect/Random"
import * as Schema from "effect/Schema"
import * as Scope from "effect/Scope"
import * as Stream from "effect/Stream"
import type { Stage } from "../behaviours/support/stages.js"
import { Host, tcp, virtual } from "../behaviours/support/stages.js"
import * as runnerStorage from "./support/runnerStorage.js"

const Account = Entity.make("Account", [
  Rpc.make("Where", { success: Schema.String }),
  Rpc.make("Slow", { payload: { n: Schema.Number, millis: Schema.Number }, success: Schema.Number }),
  Rpc.make("Count", { payload: { to: Schema.Number }, success: Schema.Number, stream: true }),
  Rpc.make("Pay", { payload: { id: Schema.String, amount: Schema.BigDecimal }, primaryKey: ({ id }) => id })
    .annotate(ClusterSchema.Persisted, true)
    .annotate(ClusterSchema.Uninterruptible, true)
])

/** What the accounts of a test have done, wherever they are. */
class Book {
  readonly begun: Array<number> = []
  readonly paid: Array<BigDecimal.BigDecimal> = []
  private readonly waiting = new Set<() => void>()

  readonly look = Effect.sync(() => {
    for (const look of this.waiting) look()
  })

  until(isTrue: (book: Book) => boolean): Effect.Effect<void> {
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

const accounts = (book: Book) =>
  Account.toLayer(
    Effect.gen(function*() {
      const here = yield* Entity.CurrentRunnerAddress
      return Account.of({
        // To ask again and again takes time, in which others get on.
        Where: () => Effect.as(Effect.sleep(1), `${here.host}:${here.port}`),
        Slow: ({ payload: { millis, n } }) =>
          Effect.zipRight(
            Effect.zipRight(Effect.sync(() => book.begun.push(n)), book.look),
            Effect.as(Effect.sleep(millis), n)
          ),
        Count: ({ payload: { to } }) => Stream.rechunk(Stream.range(1, to), 10),
        Pay: ({ payload: { amount } }) => Effect.zipRight(Effect.sync(() => book.paid.push(amount)), book.look)
      })
    }),
    { concurrency: "unbounded" }
  )

const settings = {
  shardsPerGroup: 30,
  refreshAssignmentsInterval: "50 millis",
  sendRetryInterval: "20 millis",
  entityMessagePollInterval: "100 millis"
} as const

const storages = Layer.mergeAll(
  runnerStorage.layer,
  Layer.provide(MessageStorage.layerMemory, ShardingConfig.layerDefaults),
  RpcSerialization.layerMsgPack,
  // The last runner that leaves says that there is none.
  Logger.minimumLogLevel(LogLevel.Error)
)

/** A runner at a socket of its own, and what closes it. */
const runner = (
  book: Book,
  server: typeof SocketServer.SocketServer.Service,
  health: Layer.Layer<
    RunnerHealth.RunnerHealth,
    never,
    Layer.Layer.Context<ReturnType<typeof ClusterRunner.layerHealth>>
  > = RunnerHealth.layerNoop,
  own: Partial<typeof ShardingConfig.ShardingConfig.Service> = {}
) =>
  Effect.gen(function*() {
    const scope = yield* Scope.fork(yield* Effect.scope, ExecutionStrategy.sequential)
    const { host = "", port = 0 } = server.address
    const context = yield* Layer.buildWithScope(
      accounts(book).pipe(
        Layer.provideMerge(ClusterRunner.layer()),
        Layer.provide(health),
        Layer.provide(ShardingConfig.layer({
          ...settings,
          ...own,
          runnerAddress: Option.some(RunnerAddress.make(host, port))
        })),
        Layer.provide(Layer.succeed(SocketServer.SocketServer, server))
      ),
      scope
    )
    const account = yield* Effect.provide(Account.client, context)
    return { account, place: `${host}:${port}`, leave: Scope.close(scope, Exit.void) }
  })

const listening = Effect.flatMap(Host, ({ listen }) => listen(0))

/** Two runners, when each has accounts of its own. */
const two = (book: Book) =>
  Effect.gen(function*() {
    const one = yield* runner(book, yield* listening)
    const other = yield* runner(book, yield* listening)
    for (const { account } of [one, other]) {
      for (const places = new Set<string>(); places.size < 2;) {
        for (let name = 0; name < 20; name++) places.add(yield* account(`account ${name}`).Where())
      }
    }
    const names = Array.from({ length: 40 }, (_, n) => `account ${n}`)
    const places = yield* Effect.forEach(names, (name) => Effect.map(one.account(name).Where(), (at) => ({ at, name })))
    return { one, other, away: places.filter(({ at }) => at === other.place).map(({ name }) => name) }
  })

describe.each<Stage>([virtual, tcp])("The runners of @effect/cluster, on %s", (stage) => {
  const promise = <E>(
    name: string,
    test: () => Effect.Effect<
      unknown,
      E,
      Scope.Scope | Host | SocketServer.SocketServer | Connector.Connector | Layer.Layer.Success<typeof storages>
    >
  ) => stage.it(name, () => Effect.asVoid(Effect.provide(test(), Layer.merge(stage.network, storages))))

  // What takes seconds of the machine's time, the virtual network has for nothing.
  if (!stage.isLive) {
    promise("Entities answer wherever they are, whichever runner is asked", () =>
      Effect.gen(function*() {
        const { away, one, other } = yield* two(new Book())
        expect(away.length).toBeGreaterThan(0)
        for (const { account } of [one, other]) {
          const slow = yield* Effect.forEach(away, (name, n) => account(name).Slow({ n, millis: n % 5 }), {
            concurrency: "unbounded"
          })
          expect(slow).toEqual(away.map((_, n) => n))
        }
      }))

    promise(
      "50. A runner that leaves answers what it is at work on, once, and the others take over",
      () =>
        Effect.gen(function*() {
          const book = new Book()
          const { away, one, other } = yield* two(book)
          const ask = (n: number) => one.account(away[n % away.length]!).Slow({ n, millis: 100 })
          const asked = yield* Effect.forEach([...Array(20).keys()], (n) => Effect.fork(ask(n)))
          yield* book.until(({ begun }) => begun.length === 20)
          yield* other.leave
          expect(yield* Effect.forEach(asked, Fiber.join)).toEqual([...Array(20).keys()])
          expect(book.begun.length).toBe(20)
          expect(yield* one.account(away[0]!).Where()).toBe(one.place)
        })
    )
  }

  promise(
    "50. Streams come whole, and requests that are made while a runner leaves have their replies, all of them",
    () =>
      Effect.gen(function*() {
        const book = new Book()
        const { away, one, other } = yield* two(book)
        expect(yield* Stream.runCount(one.account(away[0]!).Count({ to: 95 }))).toBe(95)
        const leaving = yield* Deferred.make<void>()
        const left = yield* Effect.fork(Effect.zipRight(Deferred.await(leaving), other.leave))
        let answered = 0
        const ask = (n: number) =>
          Effect.gen(function*() {
            expect(yield* one.account(away[n % away.length]!).Slow({ n, millis: n % 3 })).toBe(n)
            if (++answered === 100) yield* Deferred.succeed(leaving, undefined)
          })
        yield* Effect.forEach([...Array(400).keys()], ask, { concurrency: 16, discard: true })
        yield* Fiber.join(left)
        expect(answered).toBe(400)
      })
  )

  promise(
    "Who is no runner asks all the same, and a request that waits for no reply arrives whole",
    () =>
      Effect.gen(function*() {
        const book = new Book()
        yield* runner(book, yield* listening)
        const context = yield* Layer.build(
          Layer.provide(ClusterRunner.layerClientOnly(), ShardingConfig.layer(settings))
        )
        const account = yield* Effect.provide(Account.client, context)
        expect(yield* account("a").Slow({ n: 1, millis: 1 })).toBe(1)
        // It refers to itself when it has been compared.
        const amount = BigDecimal.normalize(BigDecimal.unsafeFromString("123.4500"))
        yield* account("a").Pay({ id: "one", amount }, { discard: true })
        yield* book.until(({ paid }) => paid.length === 1)
        expect(BigDecimal.equals(book.paid[0]!, amount)).toBe(true)
      })
  )

  promise("A runner is there while it answers, and is not when it has left", () =>
    Effect.gen(function*() {
      const server = yield* listening
      const { host = "", port = 0 } = server.address
      const there = yield* runner(new Book(), server)
      const { isAlive } = yield* Effect.map(
        Layer.build(Layer.provide(ClusterRunner.layerHealth(), ShardingConfig.layer(settings))),
        (context) => Context.get(context, RunnerHealth.RunnerHealth)
      )
      expect(yield* isAlive(RunnerAddress.make(host, port))).toBe(true)
      yield* there.leave
      if (!stage.isLive) expect(yield* isAlive(RunnerAddress.make(host, port))).toBe(false)
    }))

  promise("A connection to a runner that was forgotten ends with the layer", () =>
    Effect.gen(function*() {
      const { accept, address } = yield* SocketServer.SocketServer
      const scope = yield* Scope.make()
      const protocols = yield* Layer.buildWithScope(ClusterRunner.layerClientProtocol(), scope)
      const { host = "", port = 0 } = address
      const nobody = yield* Scope.make()
      yield* Scope.extend(Context.get(protocols, Runners.RpcClientProtocol)(RunnerAddress.make(host, port)), nobody)
      const connection = yield* Effect.flatMap(accept, Peer.make)
      yield* Scope.close(scope, Exit.void)
      expect((yield* connection.readToEnd).length).toBe(0)
    }))
})

describe("The runners of @effect/cluster on the virtual network", () => {
  it.effect("50. Ten minutes with partitions among two runners and a front: each request has its own reply, or is known to have been done", () =>
    Effect.gen(function*() {
      const network = yield* VirtualNetwork.VirtualNetwork
      const book = new Book()
      const patient = {
        sendRetryInterval: "1 second",
        refreshAssignmentsInterval: "3 seconds",
        entityMessagePollInterval: "10 seconds"
      } as const
      for (const host of ["a", "b"]) {
        const server = yield* network.listen({ host, port: 7234 })
        yield* Effect.provideService(
          runner(book, server, ClusterRunner.layerHealth(), patient),
          Connector.Connector,
          network.connector(host)
        )
      }
      const front = yield* Layer.build(
        ClusterRunner.layerClientOnly().pipe(
          Layer.provide(ShardingConfig.layer({ ...settings, ...patient })),
          Layer.provide(Layer.succeed(Connector.Connector, network.connector("front")))
        )
      )
      const account = yield* Effect.provide(Account.client, front)
      yield* Effect.forkScoped(Effect.forever(Effect.gen(function*() {
        yield* Effect.sleep(Duration.seconds(yield* Random.nextIntBetween(20, 90)))
        const [one, other] = yield* Random.shuffle(["a", "b", "front"])
        yield* network.partition(one!, other!)
        yield* Effect.sleep(Duration.seconds(yield* Random.nextIntBetween(1, 60)))
        yield* network.heal(one!, other!)
      })))
      let answered = 0
      let late = 0
      const ask = (n: number) =>
        Effect.gen(function*() {
          const asking = Effect.either(account(`account ${n % 10}`).Slow({ n, millis: n % 50 }))
          const [time, answer] = yield* Effect.timed(asking)
          if (Duration.toSeconds(time) > 1) late++
          // It was done, and its reply was lost with its connection.
          if (Either.isLeft(answer)) {
            expect(answer.left._tag).toBe("AlreadyProcessingMessage")
          } else {
            expect(answer.right).toBe(n)
            answered++
          }
        })
      const asked: Array<Fiber.RuntimeFiber<void, unknown>> = []
      for (let n = 0; n < 600; n++) {
        yield* Effect.sleep("1 second")
        asked.push(yield* Effect.fork(ask(n)))
      }
      yield* Effect.forEach(asked, Fiber.join, { discard: true })
      // It was put to the test.
      expect(late).toBeGreaterThan(0)
      expect(answered).toBeGreaterThan(500)
      // At least once.
      expect(new Set(book.begun).size).toBe(600)
    }).pipe(
      Effect.scoped,
      Effect.provide(VirtualNetwork.layerNetwork({ seed: 7, latency: "5 millis", jitter: "5 millis", segment: 1000 })),
      Effect.provide(storages),
      Simulation.run
    ))
})
