import { describe, expect } from "@effect/vitest"
import { Framing, Protocol, type Session } from "effect-switchboard"
import { Peer } from "effect-switchboard/testing"
import * as Chunk from "effect/Chunk"
import * as Clock from "effect/Clock"
import * as Deferred from "effect/Deferred"
import * as Effect from "effect/Effect"
import * as Stream from "effect/Stream"
import type { Stage } from "./support/stages.js"
import { each, everywhere, exchange, many, serve, virtual } from "./support/stages.js"

const { turn } = Protocol

const numbers = (most: number) => Array.from({ length: most }, (_, i) => `${i + 1}\n`).join("")

/** A protocol that hands out its sessions, and says what it is told. */
const hearing = (mailbox: Session.Mailbox = {}) => {
  const sessions: Array<Session.Session<string>> = []
  const protocol = Protocol.make({
    name: "hearing",
    framing: Framing.line,
    mailbox,
    open: (session: Session.Session<string>) =>
      Effect.sync(() => {
        sessions.push(session)
        return turn(0, { send: ["welcome"] })
      }),
    receive: (heard: number, text: string) => Effect.succeed(turn(heard, { send: [`${text} ${heard}`] })),
    notified: (heard, event: string) => Effect.succeed(turn(heard + 1, { send: [`heard ${event}`] }))
  })
  return { protocol, sessions }
}

describe.each<Stage>(everywhere)("Events, streams and scopes, on %s", (stage) => {
  stage.it(
    "41. Events told to a connection come in order, each once, none after its end.",
    () =>
      each(stage, many, (model) =>
        Effect.gen(function*() {
          const { protocol, sessions } = hearing()
          const server = yield* serve(protocol, { model })
          const peer = yield* Peer.connect(server.address)
          expect(yield* peer.readLine).toBe("welcome")
          const [session] = sessions
          expect(["a", "b", "c"].map((event) => session!.notify(event))).toEqual([true, true, true])
          expect([yield* peer.readLine, yield* peer.readLine, yield* peer.readLine]).toEqual([
            "heard a",
            "heard b",
            "heard c"
          ])
          expect(yield* exchange(peer, "so far")).toBe("so far 3")
          yield* peer.close
          yield* server.until("Closed", 1)
          expect(session!.notify("too late")).toBe(false)
          expect(yield* session!.offer("too late")).toBe(false)
        }))
  )

  stage.it("41. What a full mailbox does is the protocol's choice.", () => {
    const choices = [
      { whenFull: "refuse", told: [true, true, false], heard: "heard 1\nheard 2\n", reason: "PeerClosed" },
      { whenFull: "dropOldest", told: [true, true, true], heard: "heard 2\nheard 3\n", reason: "PeerClosed" },
      { whenFull: "close", told: [true, true, false], heard: "", reason: "MailboxFull" }
    ] as const
    const cases = many.flatMap((model) => choices.map((choice) => ({ ...choice, model })))
    return each(stage, cases, ({ heard, model, reason, told, whenFull }) =>
      Effect.gen(function*() {
        const answers: Array<boolean> = []
        // Events that are told in a turn wait for its end.
        const protocol = Protocol.make({
          name: "telling itself",
          framing: Framing.line,
          mailbox: { capacity: 2, whenFull },
          open: (session: Session.Session<string>) => Effect.succeed(turn(session)),
          receive: (session: Session.Session<string>) =>
            Effect.sync(() => {
              for (const event of ["1", "2", "3"]) answers.push(session.notify(event))
              return turn(session)
            }),
          notified: (session, event: string) => Effect.succeed(turn(session, { send: [`heard ${event}`] }))
        })
        const server = yield* serve(protocol, { model })
        const peer = yield* Peer.connect(server.address)
        yield* peer.write("now\n")
        yield* peer.end
        expect((yield* peer.readToEnd).toString()).toBe(heard)
        yield* server.until("Closed", 1)
        expect(answers).toEqual(told)
        expect(server.of("Closed")[0]!.reason).toBe(reason)
      }))
  })

  stage.it(
    "42, 43. `closed` runs once, and what a turn acquired is released, however the connection ends.",
    () =>
      each(stage, many, (model) =>
        Effect.gen(function*() {
          const log: Array<string> = []
          const isWaiting = yield* Deferred.make<void>()
          const protocol = Protocol.make({
            name: "acquiring",
            framing: Framing.line,
            open: ({ id }) =>
              Effect.as(
                Effect.acquireRelease(
                  Effect.sync(() => void log.push(`acquired ${id}`)),
                  () => Effect.sync(() => void log.push(`released ${id}`))
                ),
                turn(id)
              ),
            receive: (id: number, text: string) =>
              text === "die"
                ? Effect.die("a bug")
                : text === "wait"
                ? Effect.zipRight(Deferred.succeed(isWaiting, undefined), Effect.never)
                : Effect.succeed(turn(id, { send: [text] })),
            closed: (id, reason) => Effect.sync(() => void log.push(`closed ${id}: ${reason}`))
          })
          const server = yield* serve(protocol, { model, drainTimeout: 100 })
          const peers = []
          for (let i = 0; i < 5; i++) {
            const peer = yield* Peer.connect(server.address)
            expect(yield* exchange(peer, "hello")).toBe("hello")
            peers.push(peer)
          }
          yield* peers[0]!.close
          yield* server.until("Closed", 1)
          yield* peers[1]!.reset
          yield* server.until("Closed", 2)
          yield* peers[2]!.write("die\n")
          yield* peers[2]!.readToEnd
          yield* peers[2]!.close
          yield* server.until("Closed", 3)
          yield* peers[3]!.write("wait\n")
          yield* Deferred.await(isWaiting)
          yield* peers[3]!.reset
          yield* server.until("Closed", 4)
          yield* server.stop
          const reset = stage.hasReset ? "ConnectionReset" : "PeerClosed"
          expect(log.filter((line) => line.startsWith("closed"))).toEqual([
            "closed 1: PeerClosed",
            `closed 2: ${reset}`,
            "closed 3: Failed",
            `closed 4: ${reset}`,
            "closed 5: Drained"
          ])
          for (const id of [1, 2, 3, 4, 5]) {
            expect(log.filter((line) => line.endsWith(` ${id}`))).toEqual([`acquired ${id}`, `released ${id}`])
          }
        }))
  )

  stage.it(
    "44. A streamed reply is whole before FIN, before the drain closes and before `once` ends.",
    () =>
      each(stage, many, (model) =>
        Effect.gen(function*() {
          const protocol = Protocol.make({
            name: "counting",
            framing: Framing.line,
            open: () => Effect.succeed(turn(undefined)),
            receive: (_: undefined, most: string) =>
              Effect.succeed(turn(undefined, { send: Stream.range(1, Number(most)).pipe(Stream.map(String)) }))
          })
          const server = yield* serve(protocol, { model })
          const peer = yield* Peer.connect(server.address)
          yield* peer.write("3\n20000\n2\n")
          yield* peer.end
          expect((yield* peer.readToEnd).toString()).toBe(numbers(3) + numbers(20_000) + numbers(2))
          const drained = yield* Peer.connect(server.address)
          yield* drained.write("20000\n")
          yield* drained.readExactly(2)
          yield* Effect.fork(server.stop)
          expect(`1\n${(yield* drained.readToEnd).toString()}`).toBe(numbers(20_000))
        }))
  )

  stage.it(
    "45. What a turn runs beside it holds up neither messages nor wakes, and what it owes is sent before the end.",
    () =>
      each(stage, many, (model) =>
        Effect.gen(function*() {
          const protocol = Protocol.make({
            name: "looking up",
            framing: Framing.line,
            open: () => Effect.succeed(turn(undefined)),
            receive: (_: undefined, text: string) =>
              Effect.succeed(
                text.startsWith("slow")
                  ? turn(undefined, { run: Effect.delay(Effect.succeed(text), "50 millis") })
                  : turn(undefined, { send: [text] })
              ),
            notified: (_, found: string) => Effect.succeed(turn(undefined, { send: [`found ${found}`] }))
          })
          const server = yield* serve(protocol, { model })
          const peer = yield* Peer.connect(server.address)
          yield* peer.write("slow one\nquick\n")
          expect(yield* peer.readLine).toBe("quick")
          yield* peer.end
          expect((yield* peer.readToEnd).toString()).toBe("found slow one\n")
        }))
  )

  stage.it(
    "48. After a changed framing the next byte is read by the new one, also when it came in the same chunk.",
    () =>
      each(stage, many, (model) =>
        Effect.gen(function*() {
          const protocol = Protocol.make({
            name: "switching",
            framing: Framing.line,
            open: () => Effect.succeed(turn(undefined)),
            receive: (_: undefined, text: string) =>
              Effect.succeed(
                turn(undefined, {
                  send: [`<${text}>`],
                  framing: text === "netstring" ? Framing.asText(Framing.netstring) : undefined
                })
              )
          })
          const server = yield* serve(protocol as Protocol.TextProtocol, { model })
          const peer = yield* Peer.connect(server.address)
          yield* peer.write("one\nnetstring\n3:a\nb,")
          yield* peer.end
          expect((yield* peer.readToEnd).toString()).toBe("<one>\n<netstring>\n5:<a\nb>,")
        }))
  )

  stage.it(
    "49. A half held open after the peer's FIN stays usable until the protocol closes it.",
    () =>
      each(stage, many, (model) =>
        Effect.gen(function*() {
          const protocol = Protocol.make({
            name: "lingering",
            framing: Framing.line,
            open: () => Effect.succeed(turn(0)),
            receive: (n: number) => Effect.succeed(turn(n + 1)),
            ended: (n) => Effect.succeed(turn(n, { send: ["bye"], wake: 20 })),
            wake: (n: number) =>
              Effect.succeed(
                n === 0 ? turn(n, { send: ["gone"], close: true }) : turn(n - 1, { send: [`${n}`], wake: 20 })
              )
          })
          const server = yield* serve(protocol, { model })
          const peer = yield* Peer.connect(server.address)
          yield* peer.write("a\nb\n")
          yield* peer.end
          expect((yield* peer.readToEnd).toString()).toBe("bye\n2\n1\ngone\n")
        }))
  )
})

describe.each<Stage>(everywhere)("A server that finishes first, on %s", (stage) => {
  stage.it(
    "49. FIN goes out behind all that was said, however much that is, and the peer is still heard.",
    () =>
      each(stage, many, (model) =>
        Effect.gen(function*() {
          const long = "x".repeat(500_000)
          const heard: Array<string> = []
          const protocol = Protocol.make({
            name: "finishing",
            framing: Framing.line,
            open: () => Effect.succeed(turn(undefined, { send: [long], finish: true })),
            receive: (_: undefined, text: string) =>
              Effect.sync(() => {
                heard.push(text)
                return turn(undefined, { send: ["too late"] })
              })
          })
          const server = yield* serve(protocol, { model })
          const peer = yield* Peer.connect(server.address)
          yield* peer.write("one\n")
          expect((yield* peer.readToEnd).toString()).toBe(`${long}\n`)
          yield* peer.write("two\nthree\n")
          yield* peer.end
          yield* server.until("Closed", 1)
          expect(heard).toEqual(["one", "two", "three"])
          expect(server.of("Closed")[0]!.reason).toBe("PeerClosed")
        }))
  )
})

describe("Streams, on the virtual network", () => {
  virtual.it(
    "44. While its peer does not read, no more of a stream is made than the high-water mark holds.",
    () =>
      each(virtual, many, (model) =>
        Effect.gen(function*() {
          let made = 0
          const protocol = Protocol.make({
            name: "endless",
            framing: Framing.line,
            open: () =>
              Effect.succeed(turn(undefined, {
                send: Stream.repeatEffectChunk(Effect.sync(() => {
                  made++
                  return Chunk.of("x".repeat(1023))
                }))
              })),
            receive: () => Effect.succeed(turn(undefined))
          })
          const server = yield* serve(protocol, { model, writeTimeout: "30 seconds" })
          const start = yield* Clock.currentTimeMillis
          const peer = yield* Peer.connect(server.address)
          yield* peer.pause
          yield* Effect.sleep("10 seconds")
          // The network's window, the high-water mark, and one more.
          expect(made).toBeLessThanOrEqual(64 + 32 + 1)
          expect(made).toBeGreaterThanOrEqual(64)
          yield* server.until("Closed", 1)
          expect((yield* Clock.currentTimeMillis) - start).toBe(30_000)
        }))
  )
})
