import { describe, expect, it } from "@effect/vitest"
import { Echo, Framing, Model, Observer, Protocol, Server, type ServerEvent } from "effect-switchboard"
import { Explorer, Peer, Simulation, VirtualNetwork } from "effect-switchboard/testing"
import * as Effect from "effect/Effect"
import * as FastCheck from "effect/FastCheck"

const lines = Array.from({ length: 20 }, (_, n) => `line ${n}\n`)
const everything = lines.join("")

/** An echo that takes its time, so that clients are cut in the middle of turns, too. */
const slowEcho = Protocol.requestReply({
  name: "slow echo",
  framing: Framing.line,
  reply: (text) => Effect.delay(Effect.succeed(text), "5 millis")
})

/** All that a client is told, until the end or until it is cut. */
const client = (server: Server.Server) =>
  Effect.gen(function*() {
    const peer = yield* Peer.connect(server.address)
    yield* Effect.ignore(Effect.forEach(lines, (line) => Effect.delay(peer.write(line), "3 millis")))
    yield* peer.end
    yield* Effect.exit(peer.closed)
    return (yield* peer.readExactly(yield* peer.available)).toString()
  }).pipe(Effect.scoped)

const faults = FastCheck.record({
  networks: Explorer.networks({ cuts: true }),
  model: FastCheck.constantFrom(Model.threaded, Model.select, Model.iterative),
  protocol: FastCheck.constantFrom(Protocol.withFraming(Echo.protocol, Framing.line), slowEcho)
})

describe("Connections that are cut at any moment", () => {
  it("were told what they should have been told until then, disturb nobody, and leave nothing open", () => {
    FastCheck.assert(
      FastCheck.property(faults, ({ model, networks, protocol }) => {
        const events: Array<ServerEvent.ServerEvent> = []
        const observer = { messages: false, observe: (event: ServerEvent.ServerEvent) => void events.push(event) }
        const cut = new Set(networks.faults?.flatMap((fault) => fault._tag === "Cut" ? [fault.connection] : []))
        const program = Effect.gen(function*() {
          const server = yield* Server.make(protocol, { model })
          const told = yield* Effect.all([1, 2, 3, 4].map(() => client(server)), { concurrency: "unbounded" })
          told.forEach((text, i) => {
            if (cut.has(i + 1)) expect(everything.startsWith(text)).toBe(true)
            else expect(text).toBe(everything)
          })
          yield* Effect.sleep("1 minute")
          expect(yield* server.connections).toBe(0)
        }).pipe(
          Effect.scoped,
          Effect.provideService(Observer.Observer, observer),
          Effect.provide(VirtualNetwork.layer(networks))
        )
        Effect.runSync(Simulation.run(program, { seed: networks.seed }))
        const count = (tag: string): number => events.filter(({ _tag }) => _tag === tag).length
        expect(count("Accepted")).toBe(4)
        expect(count("Closed")).toBe(4)
        expect(count("Failed")).toBe(0)
      }),
      { numRuns: 100, seed: 0 }
    )
  })
})
