import { describe, expect, it } from "@effect/vitest"
import { Echo, Framing, Model, Observer, Protocol, Server, type ServerEvent } from "effect-switchboard"
import { type Conditions, Explorer, Peer, Simulation, VirtualNetwork } from "effect-switchboard/testing"
import * as Clock from "effect/Clock"
import * as Effect from "effect/Effect"
import * as FastCheck from "effect/FastCheck"
import * as Fiber from "effect/Fiber"

/** Round times, a few of them, so that what is due often falls due together. */
const time = FastCheck.constantFrom(500, 1000, 1000, 2000, 3000)
const KiB = 1024

/** What a client may do to a server, one thing after another. */
const step = FastCheck.oneof(
  FastCheck.record({ do: FastCheck.constant("send" as const), lines: FastCheck.constantFrom(1, 100, 20_000) }),
  FastCheck.record({ do: FastCheck.constant("begin" as const) }),
  FastCheck.record({ do: FastCheck.constant("garble" as const) }),
  FastCheck.record({ do: FastCheck.constantFrom("deafen" as const, "listen" as const) }),
  FastCheck.record({ do: FastCheck.constant("wait" as const), time }),
  FastCheck.record({ do: FastCheck.constantFrom("end" as const, "close" as const, "reset" as const) })
)
type Step = typeof step extends FastCheck.Arbitrary<infer A> ? A : never

/** Never waits for the server: whatever it does, the client goes on. */
const perform = (peer: Peer.Peer, step: Step): Effect.Effect<void> => {
  switch (step.do) {
    case "send":
      return Effect.sync(() => peer.connection.write("123456\n".repeat(step.lines)))
    case "begin":
      return Effect.sync(() => peer.connection.write("a message without an end"))
    case "garble":
      return Effect.sync(() => peer.connection.write(Uint8Array.of(0xff, 0x0a)))
    case "deafen":
      return peer.pause
    case "listen":
      return peer.resume
    case "wait":
      return Effect.sleep(step.time)
    case "end":
      return peer.end
    case "close":
      return peer.close
    default:
      return peer.reset
  }
}

const limit = FastCheck.constantFrom(1000, 1000, 2000, 3000)
const limitOrNone = FastCheck.oneof(limit, FastCheck.constant(Infinity))

const protocols = {
  echo: Protocol.withFraming(Echo.protocol, Framing.line),
  bare: Echo.protocol,
  slow: Protocol.requestReply({
    name: "slow",
    framing: Framing.line,
    reply: (text) => Effect.delay(Effect.succeed(text), "500 millis")
  }),
  ticking: Protocol.make({
    name: "ticking",
    framing: Framing.line,
    open: () => Effect.succeed({ state: undefined, wake: 1000 }),
    wake: () => Effect.succeed({ state: undefined, send: ["tick".repeat(KiB)], wake: 1000 }),
    receive: (_, text) => Effect.succeed({ state: undefined, send: [text] })
  })
}

const accidents = FastCheck.record({
  protocol: FastCheck.constantFrom(...Object.keys(protocols) as Array<keyof typeof protocols>),
  model: FastCheck.constantFrom(Model.threaded, Model.select).map((model) => model.name as "threaded" | "select"),
  limits: FastCheck.record({
    idleTimeout: limitOrNone,
    requestTimeout: limitOrNone,
    writeTimeout: limit,
    drainTimeout: limit
  }),
  clients: FastCheck.array(FastCheck.array(step, { maxLength: 8 }), { minLength: 1, maxLength: 4 }),
  /** When the process is stopped, for longer than any limit. */
  freeze: FastCheck.option(time, { nil: undefined }),
  network: FastCheck.oneof(FastCheck.constant<Conditions.Options>({}), Explorer.networks({ cuts: true }))
})

/** One who comes when all that is over, and asks. */
const bystander = (server: Server.Server) =>
  Effect.gen(function*() {
    const peer = yield* Peer.connect(server.address)
    yield* peer.write("hello\n")
    expect(yield* peer.readLine).toBe("hello")
  }).pipe(Effect.scoped, Effect.timeout("1 minute"))

describe("Whatever clients do, under whatever limits", () => {
  it("33. everybody who is over a limit is cut, everybody else is served on, and a stop ends in its time", () => {
    FastCheck.assert(
      FastCheck.property(accidents, ({ clients, freeze, limits, model, network, protocol }) => {
        const events: Array<ServerEvent.ServerEvent> = []
        // Accidents of the network are for those clients: who comes later has none.
        const faults = network.faults?.filter((fault) =>
          fault._tag === "Partition" || fault.connection <= clients.length
        )
        const observer = { messages: false, observe: (event: ServerEvent.ServerEvent) => void events.push(event) }
        const program = Effect.gen(function*() {
          const server = yield* Server.make(protocols[protocol], { model: Model.all[model], ...limits })
          const crowd = yield* Effect.forEach(clients, (steps) =>
            Effect.fork(
              Effect.gen(function*() {
                const peer = yield* Peer.connect(server.address)
                for (const step of steps) yield* perform(peer, step)
                yield* Effect.never
              }).pipe(Effect.scoped, Effect.ignore)
            ))
          if (freeze !== undefined) yield* Effect.fork(Effect.delay(Simulation.freeze("1 minute"), freeze))
          yield* Effect.sleep("2 minutes")
          // A slow protocol is still busy with a flood, and under select with nobody else.
          if (protocol !== "slow") {
            if (limits.idleTimeout < Infinity) expect(yield* server.connections).toBe(0)
            yield* bystander(server)
          }
          const begun = yield* Clock.currentTimeMillis
          const { cut } = yield* server.stop
          const took = (yield* Clock.currentTimeMillis) - begun
          expect(took).toBeLessThanOrEqual(limits.drainTimeout + 1000)
          expect(events.filter(({ _tag }) => _tag === "Closed")).toHaveLength(
            events.filter(({ _tag }) => _tag === "Accepted").length
          )
          expect(cut).toBeLessThanOrEqual(clients.length)
          yield* Fiber.interruptAll(crowd)
        }).pipe(
          Effect.scoped,
          Effect.provideService(Observer.Observer, observer),
          Effect.provide(VirtualNetwork.layer({ ...network, faults }))
        )
        Effect.runSync(Simulation.run(program, { seed: 0, limit: "1 hour" }))
      }),
      { numRuns: 80, seed: 0 }
    )
  }, 120_000)
})
