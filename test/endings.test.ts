import { describe, expect, it } from "@effect/vitest"
import { Model, Observer, Server, type ServerEvent } from "effect-switchboard"
import { type Conditions, Explorer, Peer, Simulation, VirtualNetwork } from "effect-switchboard/testing"
import * as Clock from "effect/Clock"
import * as Effect from "effect/Effect"
import * as FastCheck from "effect/FastCheck"
import * as Fiber from "effect/Fiber"
import { handler, Lives, machine, script, verbs } from "./behaviours/support/mortal.js"

/** Round times, a few of them, so that what ends a connection often comes together. */
const time = FastCheck.constantFrom(0, 500, 500, 1000, 1000, 1001, 2000)
const limit = FastCheck.constantFrom(500, 1000, 2000, Infinity)

/** What a client does, one thing after another. */
const step = FastCheck.oneof(
  { weight: 4, arbitrary: FastCheck.record({ do: FastCheck.constant("ask"), verb: FastCheck.constantFrom(...verbs) }) },
  { weight: 2, arbitrary: FastCheck.record({ do: FastCheck.constant("sleep"), time }) },
  {
    weight: 2,
    arbitrary: FastCheck.record({
      do: FastCheck.constantFrom("begin", "garble", "deafen", "end", "close", "reset")
    })
  }
)
type Step = typeof step extends FastCheck.Arbitrary<infer A> ? A : never

/** Never waits for the server. */
const perform = (peer: Peer.Peer, step: Step): Effect.Effect<void> => {
  if ("verb" in step) return Effect.sync(() => peer.connection.write(`${step.verb}\n`))
  if ("time" in step) return Effect.sleep(step.time)
  switch (step.do) {
    case "begin":
      return Effect.sync(() => peer.connection.write("begun"))
    case "garble":
      return Effect.sync(() => peer.connection.write(Uint8Array.of(0xff, 0x0a)))
    case "deafen":
      return peer.pause
    case "end":
      return peer.end
    case "close":
      return peer.close
    default:
      return peer.reset
  }
}

/** What somebody else in the program does to a connection. */
const deed = FastCheck.record({
  at: time,
  id: FastCheck.integer({ min: 1, max: 3 }),
  do: FastCheck.constantFrom("tell", "flood", "close", "reset", "disconnect")
})

const protocols = { machine, script, handler }

const lives = FastCheck.record({
  protocol: FastCheck.constantFrom(...Object.keys(protocols) as Array<keyof typeof protocols>),
  model: FastCheck.constantFrom("threaded" as const, "select" as const, "iterative" as const),
  limits: FastCheck.record({
    idleTimeout: limit,
    requestTimeout: limit,
    writeTimeout: FastCheck.constantFrom(500, 1000)
  }),
  opening: FastCheck.constantFrom(0, 0, 500),
  clients: FastCheck.array(FastCheck.array(step, { maxLength: 6 }), { minLength: 1, maxLength: 3 }),
  deeds: FastCheck.array(deed, { maxLength: 3 }),
  stop: FastCheck.record({ at: time, drainTimeout: FastCheck.constantFrom(500, 1000, 2000) }),
  network: FastCheck.oneof(FastCheck.constant<Conditions.Options>({}), Explorer.networks({ cuts: true }))
})

const count = (log: ReadonlyArray<string>, what: string): number => log.filter((line) => line === what).length

describe("However a connection ends", () => {
  it(
    "42, 43, 46. at any moment, by anybody, for several reasons at once: `closed` or `finally` runs once, behind the last turn, and all is released behind that.",
    () => {
      const reasons = new Set<ServerEvent.CloseReason>()
      FastCheck.assert(
        FastCheck.property(lives, ({ clients, deeds, limits, model, network, opening, protocol, stop }) => {
          const lives = new Lives(opening)
          const ended: Array<number> = []
          let accepted = 0
          const observe = (event: ServerEvent.ServerEvent): void => {
            if (event._tag === "Accepted") accepted++
            if (event._tag !== "Closed") return
            ended.push(event.id)
            reasons.add(event.reason)
            lives.of(event.id).push("over")
          }
          const perpetrate = (server: Server.Server, { at, id, do: what }: typeof deeds[number]) =>
            Effect.gen(function*() {
              yield* Effect.sleep(at)
              const session = lives.sessions.get(id)
              if (what === "disconnect") yield* server.disconnect(id)
              else if (what === "close") yield* session?.close ?? Effect.void
              else if (what === "reset") yield* session?.reset ?? Effect.void
              else for (let i = 0; i < (what === "tell" ? 1 : 9); i++) session?.notify("told")
            })
          const program = Effect.gen(function*() {
            const server = yield* Server.make(protocols[protocol](lives), {
              model: Model.all[model],
              ...limits,
              drainTimeout: stop.drainTimeout
            })
            const crowd = yield* Effect.forEach(clients, (steps) =>
              Effect.fork(
                Effect.gen(function*() {
                  const peer = yield* Peer.connect(server.address)
                  for (const step of steps) yield* perform(peer, step)
                  yield* Effect.never
                }).pipe(Effect.scoped, Effect.ignore)
              ))
            for (const deed of deeds) yield* Effect.fork(perpetrate(server, deed))
            yield* Effect.sleep(stop.at)
            const begun = yield* Clock.currentTimeMillis
            yield* server.stop
            expect(ended).toHaveLength(accepted)
            expect((yield* Clock.currentTimeMillis) - begun).toBeLessThanOrEqual(stop.drainTimeout + 1000)
            yield* Fiber.interruptAll(crowd)
          }).pipe(
            Effect.scoped,
            Effect.provideService(Observer.Observer, { messages: false, observe }),
            Effect.provide(VirtualNetwork.layer(network))
          )
          Effect.runSync(Simulation.run(program, { seed: 0, limit: "1 hour" }))

          expect(ended.toSorted((one, other) => one - other)).toEqual(Array.from({ length: accepted }, (_, i) => i + 1))
          for (const id of ended) {
            const log = lives.of(id)
            // One that was gone before its first turn, or in it, was never opened.
            const isOpened = log.includes("opened")
            expect(count(log, "closed"), log.join()).toBe(isOpened ? 1 : 0)
            expect(count(log, "released"), log.join()).toBe(count(log, "acquired"))
            const end = [...isOpened ? ["closed"] : [], ...Array<string>(count(log, "released")).fill("released")]
            expect(log.slice(-end.length - 1), log.join()).toEqual([...end, "over"])
          }
        }),
        { numRuns: 120, seed: 3 }
      )
      // Else some way of ending would not have been among them.
      expect([...reasons].toSorted()).toEqual([
        "ConnectionReset",
        "Cut",
        "Drained",
        "Failed",
        "IdleTimeout",
        "InvalidText",
        "MailboxFull",
        "PeerClosed",
        "RequestTimeout",
        "ServerClosed",
        "ServerReset",
        "WriteTimeout"
      ])
    },
    120_000
  )
})
