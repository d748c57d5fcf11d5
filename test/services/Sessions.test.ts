import { describe, expect } from "@effect/vitest"
import type { Connector, SocketServer } from "effect-switchboard"
import { Sessions, SessionStore } from "effect-switchboard/cluster"
import * as Duration from "effect/Duration"
import * as Effect from "effect/Effect"
import * as Layer from "effect/Layer"
import * as Schema from "effect/Schema"
import type * as Scope from "effect/Scope"
import type { Host, Stage } from "../behaviours/support/stages.js"
import { tcp, virtual } from "../behaviours/support/stages.js"
import { front, join, shared } from "./support/runners.js"

const Step = Schema.Struct({ by: Schema.Number })

/** Counts, and says by how much it was asked to. `times` tells how often it was at it. */
const counter = (times: { count: number } = { count: 0 }) =>
  Sessions.make({
    kind: "counter",
    state: Schema.Struct({ count: Schema.Number }),
    request: Step,
    reply: Schema.Number,
    initial: { count: 0 },
    receive: (state, { by }) =>
      Effect.sync(() => {
        times.count++
        return [state.count + by, by === 0 ? state : { count: state.count + by }] as const
      })
  })

/** A store that fails now and then: before it has saved, after it has, and when it is to load. */
const shaky = Layer.effect(
  SessionStore.SessionStore,
  Effect.map(SessionStore.SessionStore, ({ load, save }) => {
    let calls = 0
    const away = new SessionStore.SessionStoreError({ cause: "it is away" })
    return {
      load: (kind: string, name: string) => ++calls % 5 === 0 ? away : load(kind, name),
      save: (kind: string, name: string, next: SessionStore.Saved) =>
        ++calls % 3 === 0 ? away : Effect.zipLeft(save(kind, name, next), calls % 2 === 0 ? away : Effect.void)
    }
  })
).pipe(Layer.provide(SessionStore.layerMemory))

describe.each<Stage>([virtual, tcp])("Sessions, on %s", (stage) => {
  const promise = <E>(
    name: string,
    test: () => Effect.Effect<
      unknown,
      E,
      | Scope.Scope
      | Host
      | SocketServer.SocketServer
      | Connector.Connector
      | SessionStore.SessionStore
      | Layer.Layer.Success<typeof shared>
    >,
    store: Layer.Layer<SessionStore.SessionStore> = SessionStore.layerMemory
  ) => stage.it(name, () => Effect.asVoid(Effect.provide(test(), Layer.mergeAll(stage.network, shared, store))))

  promise(
    "66. A session's state is there on another runner when its own has left, and every front asks the same one",
    () =>
      Effect.gen(function*() {
        const { client, layer } = counter()
        const one = yield* join(layer)
        const other = yield* join(layer)
        const [ask, askOther] = [
          yield* Effect.provide(client(), one.context),
          yield* Effect.provide(client(), other.context)
        ]
        const names = Array.from({ length: 12 }, (_, n) => `session ${n}`)
        for (const [n, name] of names.entries()) {
          expect(yield* ask(name, { by: n })).toBe(n)
          expect(yield* askOther(name, { by: 1 })).toBe(n + 1)
        }
        yield* one.leave
        for (const [n, name] of names.entries()) expect(yield* askOther(name, { by: 0 })).toBe(n + 1)
      })
  )

  if (stage.isLive) return

  promise(
    "66. What is asked again under its number is done once, and has the reply it had",
    () =>
      Effect.gen(function*() {
        const times = { count: 0 }
        const { client, layer } = counter(times)
        const first = yield* join(layer)
        const ask = yield* Effect.provide(client(), first.context)
        expect(yield* ask("a", { by: 3 }, { from: "me", seq: 1 })).toBe(3)
        expect(yield* ask("a", { by: 4 }, { from: "other", seq: 1 })).toBe(7)
        expect(yield* ask("a", { by: 3 }, { from: "me", seq: 1 })).toBe(3)
        // And so it is by a runner that has heard of it from the store alone.
        yield* first.leave
        const second = yield* join(layer)
        const again = yield* Effect.provide(client(), second.context)
        expect(yield* again("a", { by: 3 }, { from: "me", seq: 1 })).toBe(3)
        expect(yield* again("a", { by: 5 }, { from: "me", seq: 2 })).toBe(12)
        expect(yield* Effect.flip(again("a", { by: 3 }, { from: "me", seq: 1 })))
          .toMatchObject({ _tag: "Outdated", name: "a", seq: 1, last: 2 })
        expect(times.count).toBe(3)
      })
  )

  promise(
    "66. Each of 200 requests is done once, over a store that fails before it saves and after",
    () =>
      Effect.gen(function*() {
        const times = { count: 0 }
        const { client, layer } = counter(times)
        const { context } = yield* join(layer)
        const ask = yield* Effect.provide(client({ patience: "10 minutes" }), context)
        const counts = yield* Effect.forEach(Array.from({ length: 200 }), () => ask("a", { by: 1 }), {
          concurrency: "unbounded"
        })
        expect(counts).toEqual(Array.from({ length: 200 }, (_, n) => n + 1))
        // It was put to the test.
        expect(times.count).toBeGreaterThan(200)
      }),
    shaky
  )

  promise(
    "A runner that has been overtaken saves nothing, and reads what was saved since",
    () =>
      Effect.gen(function*() {
        const { client, layer } = counter()
        const { context } = yield* join(layer)
        const ask = yield* Effect.provide(client(), context)
        expect(yield* ask("a", { by: 1 })).toBe(1)
        const { save } = yield* SessionStore.SessionStore
        expect(yield* save("counter", "a", { version: 2, text: `{"state":{"count":10},"answers":[]}` })).toBe(true)
        expect(yield* ask("a", { by: 1 })).toBe(11)
      })
  )

  promise(
    "66. Who asks while no runner is there is told so when the patience is over, not later",
    () =>
      Effect.gen(function*() {
        const ask = yield* Effect.provide(counter().client({ patience: "7 seconds" }), yield* front)
        const [time, errors] = yield* Effect.timed(
          Effect.all([Effect.flip(ask("a", { by: 1 })), Effect.flip(ask("a", { by: 2 }))], { concurrency: "unbounded" })
        )
        for (const error of errors) expect(error).toMatchObject({ _tag: "Unavailable", name: "a" })
        expect(errors[0].message).toBe("The session a is not available: nobody answered in time. Ask again later.")
        // Those that wait for their turn are not told later than the one whose turn it is.
        expect(Duration.toMillis(time)).toBe(7000)
      })
  )

  promise(
    "66. Who asks while the store is away is told why",
    () =>
      Effect.gen(function*() {
        const { client, layer } = counter()
        const { context } = yield* join(layer)
        const ask = yield* Effect.provide(client({ patience: "5 seconds" }), context)
        const error = yield* Effect.flip(ask("a", { by: 1 }))
        expect(error).toMatchObject({ _tag: "Unavailable", name: "a" })
        expect(error.message).toContain("The sessions' store did not answer: it is away.")
      }),
    Layer.succeed(SessionStore.SessionStore, {
      load: () => new SessionStore.SessionStoreError({ cause: "it is away" }),
      save: () => new SessionStore.SessionStoreError({ cause: "it is away" })
    })
  )

  promise("What a session dies of is told to who asked, and the session goes on", () =>
    Effect.gen(function*() {
      const { client, layer } = Sessions.make({
        kind: "mortal",
        state: Schema.Number,
        request: Schema.Number,
        reply: Schema.Number,
        initial: 0,
        receive: (count, step) => step < 0 ? Effect.dieMessage("never") : Effect.succeed([count + step, count + step])
      })
      const { context } = yield* join(layer)
      const ask = yield* Effect.provide(client(), context)
      expect(yield* ask("a", 2)).toBe(2)
      const exit = yield* Effect.exit(ask("a", -1))
      expect(String(exit)).toContain("never")
      expect(yield* ask("a", 3)).toBe(5)
    }))
})
