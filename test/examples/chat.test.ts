import { describe, expect } from "@effect/vitest"
import type { Connector, Model } from "effect-switchboard"
import { Explorer, Peer } from "effect-switchboard/testing"
import * as Effect from "effect/Effect"
import * as FastCheck from "effect/FastCheck"
import * as Layer from "effect/Layer"
import type * as Scope from "effect/Scope"
import { Hall } from "../../examples/chat/Hall.js"
import { machine } from "../../examples/chat/machine.js"
import { script } from "../../examples/chat/script.js"
import { each, exchange, many, serve, tcp, virtual } from "../behaviours/support/stages.js"

type Chat = typeof machine

const start = (protocol: Chat, model: Model.Model) =>
  Effect.flatMap(Layer.build(Hall.layer), (hall) => Effect.provide(serve(protocol, { model }), hall))

type Server = Effect.Effect.Success<ReturnType<typeof start>>

const enter = (server: Server, name: string) =>
  Effect.gen(function*() {
    const peer = yield* Peer.connect(server.address)
    expect(yield* peer.readLine).toBe("What is your name?")
    expect(yield* exchange(peer, name)).toMatch(`Welcome, ${name}. In lobby: `)
    return peer
  })

const say = (peer: Peer.Peer, line: string) => peer.write(`${line}\n`)

const hear = (peer: Peer.Peer, ...lines: ReadonlyArray<string>) =>
  Effect.forEach(lines, (line) => Effect.map(peer.readLine, (heard) => expect(heard).toBe(line)))

const styles = { "as a machine": machine, "as a script": script }

const cases = [virtual, tcp].flatMap((stage) =>
  Object.entries(styles).map(([style, protocol]) => ({ stage, protocol, title: `${style}, on ${stage.toString()}` }))
)

describe.each(cases)("chat $title", ({ protocol, stage }) => {
  const it = (
    name: string,
    test: (server: Server) => Effect.Effect<void, unknown, Connector.Connector | Scope.Scope>
  ) => stage.it(name, () => each(stage, many, (model) => Effect.flatMap(start(protocol, model), test)))

  it("asks for a name that nobody has", (server) =>
    Effect.gen(function*() {
      yield* enter(server, "Ada")
      const peer = yield* Peer.connect(server.address)
      expect(yield* peer.readLine).toBe("What is your name?")
      for (const name of ["ada", "", "a b", "x".repeat(21)]) {
        expect(yield* exchange(peer, name)).toMatch(/^Somebody has that name, or it is none/)
      }
      expect(yield* exchange(peer, "Grace")).toBe("Welcome, Grace. In lobby: Ada, Grace")
    }))

  it("says what one says to all, in one order, and who comes and goes", (server) =>
    Effect.gen(function*() {
      const ada = yield* enter(server, "ada")
      const grace = yield* enter(server, "grace")
      yield* hear(ada, "* grace has joined lobby")
      yield* say(ada, "hello")
      yield* hear(ada, "ada: hello")
      yield* hear(grace, "ada: hello")
      const linus = yield* enter(server, "linus")
      for (const peer of [ada, grace]) yield* hear(peer, "* linus has joined lobby")
      yield* say(grace, "/quit")
      expect((yield* grace.readToEnd).toString()).toBe("Goodbye.\n")
      yield* grace.close
      for (const peer of [ada, linus]) yield* hear(peer, "* grace has left")
      yield* linus.end
      yield* hear(ada, "* linus has left")
    }))

  it("says who has vanished, and gives the name to another", (server) =>
    Effect.gen(function*() {
      const ada = yield* enter(server, "ada")
      const grace = yield* enter(server, "grace")
      yield* hear(ada, "* grace has joined lobby")
      yield* grace.reset
      yield* hear(ada, "* grace has left")
      yield* enter(server, "grace")
      yield* hear(ada, "* grace has joined lobby")
    }))

  it("knows who is who: /nick and /who", (server) =>
    Effect.gen(function*() {
      const ada = yield* enter(server, "ada")
      const grace = yield* enter(server, "grace")
      yield* hear(ada, "* grace has joined lobby")
      expect(yield* exchange(ada, "/nick grace")).toBe("Somebody has that name, or it is none.")
      yield* say(ada, "/nick Countess")
      for (const peer of [ada, grace]) yield* hear(peer, "* ada is now Countess")
      expect(yield* exchange(grace, "/who")).toBe("In lobby: Countess, grace")
      yield* say(ada, "hi")
      for (const peer of [ada, grace]) yield* hear(peer, "Countess: hi")
      expect(yield* exchange(grace, "/msg ada hi")).toBe("There is no ada.")
      expect(yield* exchange(grace, "/dance")).toMatch(/^Say anything, or \/nick NAME/)
    }))

  it("tells one alone: /msg", (server) =>
    Effect.gen(function*() {
      const ada = yield* enter(server, "ada")
      const grace = yield* enter(server, "grace")
      const linus = yield* enter(server, "linus")
      yield* hear(ada, "* grace has joined lobby", "* linus has joined lobby")
      yield* hear(grace, "* linus has joined lobby")
      expect(yield* exchange(ada, "/msg Grace how are you?")).toBe("[to grace] how are you?")
      yield* hear(grace, "[ada] how are you?")
      expect(yield* exchange(ada, "/msg grace")).toBe("Write it like /msg NAME TEXT.")
      yield* say(ada, "bye")
      yield* hear(linus, "ada: bye")
    }))

  it("has other rooms: /join", (server) =>
    Effect.gen(function*() {
      const ada = yield* enter(server, "ada")
      const grace = yield* enter(server, "grace")
      yield* hear(ada, "* grace has joined lobby")
      expect(yield* exchange(grace, "/join no such room")).toBe("Write it like /join ROOM.")
      expect(yield* exchange(grace, "/join garden")).toBe("In garden: grace")
      yield* hear(ada, "* grace has left lobby")
      yield* say(ada, "alone")
      yield* hear(ada, "ada: alone")
      expect(yield* exchange(ada, "/join garden")).toBe("In garden: ada, grace")
      yield* hear(grace, "* ada has joined garden")
      yield* say(ada, "together")
      for (const peer of [ada, grace]) yield* hear(peer, "ada: together")
      // Out of a room, and into it again, and nothing is heard twice.
      expect(yield* exchange(ada, "/join lobby")).toBe("In lobby: ada")
      yield* hear(grace, "* ada has left garden")
      expect(yield* exchange(ada, "/join garden")).toBe("In garden: ada, grace")
      yield* say(grace, "again")
      yield* hear(ada, "grace: again")
      yield* grace.reset
      yield* hear(ada, "* grace has left")
    }))
})

const line = FastCheck.constantFrom(
  "ada",
  "grace",
  "hello",
  "",
  "/who",
  "/nick",
  "/nick ada",
  "/msg ada psst",
  "/msg nobody hm",
  "/join garden",
  "/join lobby",
  "/dance",
  "/quit"
)

describe("chat, on any virtual network", () => {
  virtual.it("is the same in both styles, under every model that serves many", () =>
    Effect.sync(() =>
      FastCheck.assert(
        FastCheck.property(FastCheck.array(line, { maxLength: 12 }), Explorer.networks(), (lines, conditions) => {
          const heard = (protocol: Chat, model: Model.Model) => {
            const scenario = Effect.gen(function*() {
              const server = yield* start(protocol, model)
              const peer = yield* Peer.connect(server.address)
              yield* Effect.ignore(peer.write(lines.map((line) => `${line}\n`).join("")))
              yield* Effect.sleep("1 minute")
              yield* Effect.ignore(peer.end)
              return (yield* peer.readToEnd).toString()
            })
            return Effect.runSync(Explorer.run(scenario, conditions))
          }
          const expected = heard(machine, many[0]!)
          expect(expected).toMatch(/^What is your name\?\n/)
          for (const model of many) {
            for (const protocol of [machine, script]) expect(heard(protocol, model), model.name).toBe(expected)
          }
        }),
        { numRuns: 30, seed: 0 }
      )
    ))
})
