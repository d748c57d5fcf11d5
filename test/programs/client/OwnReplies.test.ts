import { describe, expect } from "@effect/vitest"
import type { Connector } from "effect-switchboard"
import { Client, ClientProtocol, Framing, Model, Protocol, Server, TextClient } from "effect-switchboard"
import { Simulation, VirtualNetwork } from "effect-switchboard/testing"
import * as Effect from "effect/Effect"
import * as Either from "effect/Either"
import * as FastCheck from "effect/FastCheck"
import * as Fiber from "effect/Fiber"
import * as Schedule from "effect/Schedule"
import type * as Scope from "effect/Scope"
import { it } from "vitest"
import { tcp, virtual } from "../../behaviours/support/stages.js"
import type { Stage } from "../../behaviours/support/stages.js"

const lines = ClientProtocol.withFraming(TextClient.protocol, Framing.line)

/** Each request says how long its answer takes, in milliseconds, and which request it is. */
const slow = Protocol.requestReply({
  name: "slow",
  framing: Framing.line,
  reply: (text) => Effect.as(Effect.sleep(Number.parseInt(text)), `answer to ${text}`)
})

type Outcome = Either.Either<string, { readonly _tag: string }>

/** A request, when it is made, how long its answer takes, and how long whoever makes it waits before it is interrupted. */
interface Request {
  readonly at: number
  readonly takes: number
  readonly patience: number
}

type Asker = Client.Caller<string, string, { readonly _tag: string }>

/** A client, made for a server. */
type Make = (
  options: Client.Options
) => Effect.Effect<Asker, { readonly _tag: string }, Connector.Connector | Scope.Scope>

const kinds: Readonly<Record<string, Make>> = {
  "a client": (options) => Client.make(lines, options),
  "a client that reconnects": (options) =>
    Client.reconnecting(lines, { ...options, schedule: Schedule.spaced("5 millis") }),
  "a client that reconnects and repeats": (options) =>
    Client.reconnecting(lines, { ...options, schedule: Schedule.spaced("5 millis"), retry: "unanswered" }),
  "a client that reconnects and lets nobody wait": (options) =>
    Client.reconnecting(lines, { ...options, schedule: Schedule.spaced("5 millis"), away: "fail" }),
  "a pool": (options) => Client.pool(lines, { ...options, max: 2, concurrency: 2, timeToLive: "40 millis" }),
  "a pool that repeats": (options) => Client.pool(lines, { ...options, min: 1, max: 3, retry: "unanswered" })
}

/** What became of each request; `undefined` is one that was interrupted. */
const outcomes = (client: Asker, requests: ReadonlyArray<Request>) =>
  Effect.forEach(requests, ({ at, patience, takes }, i) =>
    Effect.gen(function*() {
      yield* Effect.sleep(at)
      const text = `${takes} ms for request ${i}`
      const asking = yield* Effect.fork(Effect.either(client.ask(text)))
      const outcome: Outcome | undefined = yield* Effect.race(
        Fiber.join(asking),
        Effect.zipRight(Effect.sleep(patience), Effect.as(Fiber.interrupt(asking), undefined))
      )
      return { text, outcome }
    }), { concurrency: "unbounded" })

/** How a request may end without its answer. */
const failures = new Set([
  "ConnectionClosed",
  "ConnectionRefused",
  "ConnectionReset",
  "ConnectTimeout",
  "NotConnected",
  "ReplyTimeout",
  "Unresponsive"
])

const check = (given: ReadonlyArray<{ readonly text: string; readonly outcome: Outcome | undefined }>): void => {
  for (const { outcome, text } of given) {
    if (outcome === undefined) continue
    if (Either.isRight(outcome)) expect(outcome.right).toBe(`answer to ${text}`)
    else expect(failures).toContain(outcome.left._tag)
  }
}

const milliseconds = (max: number) => FastCheck.integer({ min: 0, max })

const request = FastCheck.record({
  at: milliseconds(100),
  takes: milliseconds(60),
  patience: FastCheck.oneof(milliseconds(60), FastCheck.constant(1000))
})

const cut = FastCheck.record({
  _tag: FastCheck.constant("Cut" as const),
  connection: FastCheck.integer({ min: 1, max: 6 }),
  direction: FastCheck.constantFrom("toServer" as const, "toClient" as const),
  byte: FastCheck.integer({ min: 0, max: 100 })
})

describe.each(Object.entries(kinds))("%s", (_, make) => {
  it(
    "51. Whatever is cut, interrupted or late, each request has its own reply or a typed error.",
    () =>
      FastCheck.assert(
        FastCheck.asyncProperty(
          FastCheck.array(request, { minLength: 1, maxLength: 12 }),
          FastCheck.array(cut, { maxLength: 4 }),
          FastCheck.record({
            seed: FastCheck.nat(),
            latency: milliseconds(5),
            segment: FastCheck.integer({ min: 1, max: 40 })
          }),
          FastCheck.record({
            timeout: FastCheck.integer({ min: 1, max: 80 }),
            maxOverdue: FastCheck.constantFrom(1, 3, 1000)
          }),
          async (requests, faults, network, options) => {
            const program = Effect.gen(function*() {
              yield* Server.make(slow, { model: Model.threaded })
              const client = yield* Effect.either(make(options))
              if (Either.isLeft(client)) return []
              return yield* outcomes(client.right, requests)
            }).pipe(Effect.scoped, Effect.provide(VirtualNetwork.layer({ ...network, faults })))
            check(await Effect.runPromise(Simulation.run(program, { seed: network.seed })))
          }
        ),
        { numRuns: 60, seed: 14 }
      )
  )
})

describe.each<Stage>([virtual, tcp])("On %s", (stage) => {
  stage.it(
    "51. Requests interrupted in the middle of others leave each of those its own reply.",
    () =>
      Effect.gen(function*() {
        const server = yield* Server.make(slow, { model: Model.threaded })
        const client = yield* Client.make(lines, { ...server.address, timeout: "1 minute" })
        const texts = Array.from({ length: 300 }, (_, i) => `0 ms for request ${i}`)
        const asks = yield* Effect.forEach(texts, (text) => Effect.fork(client.ask(text)))
        yield* Effect.yieldNow()
        for (const [i, asking] of asks.entries()) if (i % 3 === 0) yield* Fiber.interruptFork(asking)
        for (const [i, asking] of asks.entries()) {
          if (i % 3 !== 0) expect(yield* Fiber.join(asking)).toBe(`answer to ${texts[i]}`)
        }
        expect(yield* client.ask("0 at last")).toBe("answer to 0 at last")
      }).pipe(Effect.provide(stage.network))
  )
})
