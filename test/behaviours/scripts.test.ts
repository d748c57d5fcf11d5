import { describe, expect } from "@effect/vitest"
import { Framing, Model, Protocol, type Session } from "effect-switchboard"
import { Explorer, Peer } from "effect-switchboard/testing"
import * as Context from "effect/Context"
import * as Deferred from "effect/Deferred"
import * as Effect from "effect/Effect"
import * as FastCheck from "effect/FastCheck"
import * as Option from "effect/Option"
import * as Stream from "effect/Stream"
import type { Stage } from "./support/stages.js"
import { each, exchange, many, serve, tcp, unix, virtual } from "./support/stages.js"

class Greeting extends Context.Tag("test/Greeting")<Greeting, string>() {}

/** Asks two questions in turn, and answers with both. */
const script = Protocol.conversation({
  name: "greet",
  framing: Framing.line,
  *talk(session) {
    const greeting = yield* Greeting
    for (;;) {
      const name = yield* session.ask(`${greeting}, name?`)
      if (name === "nobody") break
      const colour = yield* session.ask("colour?")
      yield* Effect.delay(Effect.void, "10 millis")
      yield* session.say(`${name} likes ${colour}`, `${colour} likes ${name}`)
    }
    yield* session.say("bye")
  }
})

type State = { readonly greeting: string; readonly name?: string }

/** The same as a machine. */
const machine = Protocol.make({
  name: "greet",
  framing: Framing.line,
  open: () =>
    Effect.map(
      Greeting,
      (greeting): Protocol.Turn<State, string> => ({ state: { greeting }, send: [`${greeting}, name?`] })
    ),
  receive: ({ greeting, name }: State, text): Effect.Effect<Protocol.Turn<State, string>> => {
    if (name !== undefined) {
      const send = [`${name} likes ${text}`, `${text} likes ${name}`, `${greeting}, name?`]
      return Effect.delay(Effect.succeed({ state: { greeting }, send }), "10 millis")
    }
    if (text === "nobody") return Effect.succeed({ state: { greeting }, send: ["bye"], close: true })
    return Effect.succeed({ state: { greeting, name: text }, send: ["colour?"] })
  }
})

const told = (protocol: Protocol.TextProtocol<never, Greeting>, model: Model.Model, lines: ReadonlyArray<string>) =>
  Effect.gen(function*() {
    const server = yield* serve(protocol, { model })
    const peer = yield* Peer.connect(server.address)
    yield* Effect.ignore(peer.write(lines.map((line) => `${line}\n`).join("")))
    yield* peer.end
    return (yield* peer.readToEnd).toString()
  }).pipe(Effect.scoped, Effect.provideService(Greeting, "hello"))

describe("Scripts, on the virtual network", () => {
  virtual.it(
    "46. A script gives the same bytes as its machine, under every model and on any network.",
    () =>
      Effect.sync(() =>
        FastCheck.assert(
          FastCheck.property(
            FastCheck.array(FastCheck.constantFrom("a", "b", "nobody", "")),
            Explorer.networks(),
            (lines, conditions) => {
              const run = (protocol: typeof script, model: Model.Model) =>
                Effect.runSync(Explorer.run(told(protocol, model, lines), conditions))
              for (const model of [Model.threaded, Model.select, Model.iterative, Model.single]) {
                expect(run(script, model), model.name).toBe(run(machine, model))
              }
            }
          ),
          { numRuns: 30, seed: 0 }
        )
      )
  )
})

describe.each<Stage>([virtual, tcp, unix])("Scripts, on %s", (stage) => {
  stage.it(
    "46. A script's `finally` runs when the peer vanishes, and what it acquired is released.",
    () =>
      each(stage, many, (model) =>
        Effect.gen(function*() {
          const log: Array<string> = []
          const protocol = Protocol.conversation({
            name: "tidy",
            framing: Framing.line,
            *talk(session) {
              yield* Effect.acquireRelease(Effect.void, () => Effect.sync(() => log.push("released")))
              try {
                for (;;) yield* session.say(yield* session.hear)
              } finally {
                yield* Effect.delay(Effect.sync(() => log.push("finally")), "1 millis")
              }
            }
          })
          const server = yield* serve(protocol, { model })
          const peer = yield* Peer.connect(server.address)
          expect(yield* exchange(peer, "hello")).toBe("hello")
          yield* peer.reset
          yield* server.until("Closed", 1)
          expect(log).toEqual(["finally", "released"])
        }))
  )

  stage.it(
    "46. A script's `finally` runs when the peer vanishes before it has heard anything, whether it has said something or not.",
    () =>
      each(
        stage,
        many.flatMap((model) => [{ model, greets: false }, { model, greets: true }]),
        ({ greets, model }) =>
          Effect.gen(function*() {
            const log: Array<string> = []
            const isWaiting = yield* Deferred.make<void>()
            const protocol = Protocol.conversation({
              name: "slow to begin",
              framing: Framing.line,
              *talk(session) {
                try {
                  yield* Effect.acquireRelease(Effect.void, () => Effect.sync(() => log.push("released")))
                  if (greets) yield* session.say("wait")
                  yield* Effect.zipRight(Deferred.succeed(isWaiting, undefined), Effect.never)
                  yield* session.say("hello")
                } finally {
                  yield* Effect.delay(Effect.sync(() => log.push("finally")), "1 millis")
                }
              }
            })
            const server = yield* serve(protocol, { model })
            const peer = yield* Peer.connect(server.address)
            yield* Deferred.await(isWaiting)
            yield* peer.reset
            yield* server.until("Closed", 1)
            expect(log).toEqual(["finally", "released"])
          })
      )
  )

  stage.it(
    "A script hears events, waits no longer than a time, says streams and changes the framing.",
    () =>
      each(stage, many, (model) =>
        Effect.gen(function*() {
          const sessions: Array<Session.Session<string>> = []
          const protocol = Protocol.conversation({
            name: "versatile",
            framing: Framing.line,
            *talk(session: Protocol.Talk<string, string, string>) {
              sessions.push(session)
              yield* session.say(`first ${yield* session.hear}`)
              yield* session.say(`event ${yield* session.hearEvent}`)
              yield* session.say(`nothing: ${Option.isNone(yield* session.hear.within("20 millis"))}`)
              yield* session.run(Effect.delay(Effect.succeed("done"), "5 millis"))
              const heard = yield* session.hearAny
              yield* session.say(heard._tag === "Event" ? `ran ${heard.event}` : heard.message)
              yield* session.sayAll(Stream.range(1, 3).pipe(Stream.map(String)))
              yield* session.reframe(Framing.asText(Framing.netstring))
              yield* session.say("netstring")
              yield* session.say(`last ${yield* session.hear}`)
            }
          })
          const server = yield* serve(protocol, { model })
          const peer = yield* Peer.connect(server.address)
          yield* peer.write("a\n")
          expect(yield* peer.readLine).toBe("first a")
          expect(sessions[0]!.notify("b")).toBe(true)
          const lines = ["event b", "nothing: true", "ran done", "1", "2", "3"]
          for (const line of lines) expect(yield* peer.readLine).toBe(line)
          expect((yield* peer.readExactly(12)).toString()).toBe("9:netstring,")
          yield* peer.write("3:end,")
          expect((yield* peer.readToEnd).toString()).toBe("8:last end,")
        }))
  )

  stage.it(
    "A handler reads and writes in an Effect of its own, and is made to wait as its peer is.",
    () =>
      each(stage, many, (model) =>
        Effect.gen(function*() {
          const protocol = Protocol.handler({
            name: "shout",
            framing: Framing.line,
            handle: (peer) =>
              Effect.gen(function*() {
                yield* peer.write(`hello ${yield* peer.read}`)
                yield* peer.stream.pipe(Stream.map((text) => text.toUpperCase()), Stream.run(peer.sink))
                yield* peer.write("bye")
              }).pipe(Effect.orDie)
          })
          const server = yield* serve(protocol, { model })
          const peer = yield* Peer.connect(server.address)
          const lines = Array.from({ length: 1000 }, (_, i) => `line ${i}`)
          yield* peer.write(`you\n${lines.join("\n")}\n`)
          yield* peer.end
          const expected = ["hello you", ...lines.map((line) => line.toUpperCase()), "bye", ""].join("\n")
          expect((yield* peer.readToEnd).toString()).toBe(expected)
          // At the stop nothing more will come.
          const other = yield* Peer.connect(server.address)
          yield* other.write("again\n")
          expect(yield* other.readLine).toBe("hello again")
          yield* Effect.fork(server.stop)
          expect((yield* other.readToEnd).toString()).toBe("bye\n")
        }))
  )
})
