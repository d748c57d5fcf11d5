import { describe, expect, it } from "@effect/vitest"
import { Cluster, Sessions } from "effect-switchboard/cluster"
import * as Effect from "effect/Effect"
import * as ExecutionStrategy from "effect/ExecutionStrategy"
import * as Exit from "effect/Exit"
import * as Layer from "effect/Layer"
import * as Logger from "effect/Logger"
import * as LogLevel from "effect/LogLevel"
import * as Schema from "effect/Schema"
import * as Scope from "effect/Scope"
import { isMissing, postgres } from "./support/postgres.js"

const Counter = Sessions.make({
  kind: "counter",
  state: Schema.Number,
  request: Schema.Number,
  reply: Schema.Number,
  initial: 0,
  receive: (count, step) => Effect.succeed([count + step, count + step])
})

/** A process of the cluster: what its front asks by, and what ends it. */
const process = (options: Cluster.Options) =>
  Effect.gen(function*() {
    const scope = yield* Scope.fork(yield* Effect.scope, ExecutionStrategy.sequential)
    const context = yield* Layer.buildWithScope(Layer.provideMerge(Counter.layer, Cluster.layer(options)), scope)
    return { ask: yield* Effect.provide(Counter.client(), context), leave: Scope.close(scope, Exit.void) }
  })

const quiet = Logger.withMinimumLogLevel(LogLevel.Fatal)

const unusable: ReadonlyArray<readonly [Cluster.Options, string]> = [
  [{ url: "mysql://localhost" }, "write memory, or postgres://"],
  [{ url: "postgres://localhost/x", address: "7234" }, "write it as HOST:PORT"],
  [{ url: "postgres://localhost/x", address: "0.0.0.0:0" }, "nobody can reach 0.0.0.0"],
  [{ url: "postgres://nobody@/x?host=/nowhere", address: "127.0.0.1:0" }, "its database does not answer"]
]

describe("Cluster.layer", () => {
  it.scopedLive("in memory, needs no database and no port, and forgets when it ends", () =>
    Effect.gen(function*() {
      // Two of them are two clusters, at one address.
      const one = yield* process({})
      const other = yield* process({ url: "memory" })
      expect(yield* one.ask("a", 2)).toBe(2)
      expect(yield* one.ask("a", 2)).toBe(4)
      expect(yield* other.ask("a", 1)).toBe(1)
    }))

  it.scopedLive.each(unusable)("says of %j what to do", ([options, words]) =>
    Effect.gen(function*() {
      const error = yield* Effect.flip(process(options))
      expect(error._tag).toBe("ClusterUnusable")
      expect(error.message).toContain(words)
    }))

  it.scopedLive.skipIf(isMissing())(
    "66. on Postgres, several start at once on an empty database, and what the one was told the others know when it has left",
    () =>
      Effect.gen(function*() {
        const url = yield* postgres
        const [one, ...others] = yield* Effect.all(
          [1, 2, 3].map(() => process({ url, address: "127.0.0.1:0" })),
          { concurrency: "unbounded" }
        )
        const names = Array.from({ length: 10 }, (_, n) => `session ${n}`)
        yield* Effect.forEach(names, (name, n) => one!.ask(name, n), { concurrency: "unbounded" })
        yield* one!.leave
        for (const { ask } of others) {
          expect(yield* Effect.forEach(names, (name) => ask(name, 1), { concurrency: "unbounded" }))
            .toEqual(names.map((_, n) => n + 1 + others.findIndex((other) => other.ask === ask)))
        }
      }).pipe(quiet),
    60_000
  )
})
