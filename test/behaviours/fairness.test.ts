import { describe, expect } from "@effect/vitest"
import { Framing, Protocol, Stopwatch } from "effect-switchboard"
import { Peer } from "effect-switchboard/testing"
import * as Effect from "effect/Effect"
import { each, exchange, many, serve, virtual } from "./support/stages.js"

/** What one request may cost, in milliseconds of a stopwatch that goes by work alone. */
const dear = 10

/** What any other costs. */
const cheap = 0.125
const tiny = 1 / 1024

/** Dear requests beside which somebody else waits: the one under way, and the one that was to begin when it came. */
const mostBeside = 2 * dear

/** Computes in every way in which a protocol can: as it makes the Effect, in one that needs no fiber, and in one that does. */
const ways = ["at once", "lazily", "in a fiber"] as const

const working = (way: (typeof ways)[number]) => {
  let spent = 0
  const work = (text: string): string => {
    spent += text === "dear" ? dear : text === "tiny" ? tiny : cheap
    return text
  }
  const reply = (text: string): Effect.Effect<string> => {
    if (way === "at once") return Effect.succeed(work(text))
    const computed = Effect.sync(() => work(text))
    return way === "lazily" ? computed : Effect.zipRight(Effect.yieldNow(), computed)
  }
  return {
    protocol: Protocol.requestReply({ name: "working", framing: Framing.line, reply }),
    stopwatch: { millis: () => spent }
  }
}

const cases = many.flatMap((model) => ways.flatMap((way) => [1, 10, 100].map((crowd) => ({ model, way, crowd }))))

describe("Fairness, by a stopwatch that goes by work alone", () => {
  virtual.it(
    "36. Beside 1, 10 and 100 clients that ask dear requests without end, a bystander waits for two of them at the most.",
    () =>
      each(virtual, cases, ({ crowd, model, way }) => {
        const { protocol, stopwatch } = working(way)
        return Effect.gen(function*() {
          const server = yield* serve(protocol, { model })
          for (let i = 0; i < crowd; i++) {
            const peer = yield* Peer.connect(server.address)
            peer.connection.write("dear\n".repeat(100))
          }
          const bystander = yield* Peer.connect(server.address)
          for (let i = 0; i < 20; i++) {
            const before = stopwatch.millis()
            expect(yield* exchange(bystander, "cheap")).toBe("cheap")
            // As many messages as a slice has between two looks at the stopwatch may be computed before they are looked at.
            const most = (way === "at once" ? 16 * mostBeside : mostBeside) + cheap
            expect(stopwatch.millis() - before, `${model.name}, ${way}, beside ${crowd}`).toBeLessThanOrEqual(most)
          }
        }).pipe(Effect.provideService(Stopwatch.Stopwatch, stopwatch))
      })
  )

  virtual.it("36. Who asks for more than the others gets no more than they do.", () =>
    each(virtual, many, (model) => {
      const { protocol, stopwatch } = working("lazily")
      return Effect.gen(function*() {
        const server = yield* serve(protocol, { model })
        const greedy = yield* Peer.connect(server.address)
        greedy.connection.write("dear\n".repeat(1000))
        const modest = yield* Effect.all([1, 2, 3, 4].map(() => Peer.connect(server.address)))
        for (const peer of modest) peer.connection.write("dear\n".repeat(50))
        const begun = stopwatch.millis()
        for (const peer of modest) yield* peer.readExactly(5 * 50)
        // Five clients, 50 requests each, and what the first had done before the others came.
        expect(stopwatch.millis() - begun).toBeLessThanOrEqual(5 * 50 * dear + mostBeside)
      }).pipe(Effect.provideService(Stopwatch.Stopwatch, stopwatch))
    }))

  virtual.it(
    "36. Who once was dear waits for a while, and not until a crowd that asks little has had enough.",
    () =>
      each(virtual, many, (model) => {
        const { protocol, stopwatch } = working("lazily")
        return Effect.gen(function*() {
          const server = yield* serve(protocol, { model })
          const crowd = yield* Effect.all(Array.from({ length: 20 }, () => Peer.connect(server.address)))
          const once = yield* Peer.connect(server.address)
          for (const peer of crowd) peer.connection.write("tiny\n".repeat(8192))
          yield* exchange(once, "dear")
          const begun = stopwatch.millis()
          yield* exchange(once, "cheap")
          expect(stopwatch.millis() - begun, model.name).toBeLessThanOrEqual(8 * 20 * 128 * tiny)
          for (const peer of crowd) yield* peer.readExactly(5 * 8192)
          expect(stopwatch.millis() - begun, model.name).toBeGreaterThan(8 * 20 * 128 * tiny)
        }).pipe(Effect.provideService(Stopwatch.Stopwatch, stopwatch))
      })
  )
})
