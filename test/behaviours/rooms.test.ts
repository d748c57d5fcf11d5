import { describe, expect } from "@effect/vitest"
import { Framing, Observer, Protocol, Room, Server, type ServerEvent, type Session } from "effect-switchboard"
import { Explorer, Peer } from "effect-switchboard/testing"
import * as Effect from "effect/Effect"
import * as Either from "effect/Either"
import * as FastCheck from "effect/FastCheck"
import type { Stage } from "./support/stages.js"
import { each, exchange, many, serve, tcp, virtual } from "./support/stages.js"

const { turn } = Protocol

type Said = Framing.Encoded<string>

/** Whatever a client says, all hear who are there. */
const chat = (room: Room.Room<Said>, mailbox: Session.Mailbox = {}, framing = Framing.line) =>
  Protocol.make({
    name: "chat",
    framing,
    mailbox,
    open: (session: Session.Session<Said>) => Effect.as(room.join(session), turn(session.id, { send: ["welcome"] })),
    receive: (id: number, text: string) =>
      Effect.sync(() => {
        if (text === "die") throw new Error("a bug")
        room.publish(new Framing.Encoded(`${id}: ${text}`))
        return turn(id, { close: text === "bye" })
      }),
    notified: (id, said: Said) => Effect.succeed(turn(id, { send: [said] }))
  })

const enter = (server: { readonly address: Parameters<typeof Peer.connect>[0] }) =>
  Effect.tap(Peer.connect(server.address), (peer) => Effect.map(peer.readLine, (line) => expect(line).toBe("welcome")))

const readLines = (peer: Peer.Peer, count: number) => Effect.replicateEffect(peer.readLine, count)

const texts = (count: number, length = 0) => Array.from({ length: count }, (_, i) => `${i} ${"x".repeat(length)}`)

describe.each<Stage>([virtual, tcp])("Rooms, on %s", (stage) => {
  stage.it(
    "47. A room's members all get its messages in one order, whoever says them, and how many at once.",
    () =>
      each(stage, many, (model) =>
        Effect.gen(function*() {
          const room = Room.unsafeMake<Said>()
          const server = yield* serve(chat(room, { capacity: 1000 }), { model })
          const peers = yield* Effect.replicateEffect(enter(server), 4)
          const said = texts(50)
          const heard = yield* Effect.forEach(
            peers,
            (peer) =>
              Effect.zipRight(
                Effect.forEach([said.slice(0, 1), said.slice(1, 10), said.slice(10)], (lines) =>
                  peer.write(lines.map((line) => `${line}\n`).join(""))),
                readLines(peer, 200)
              ),
            { concurrency: "unbounded" }
          )
          for (const lines of heard) {
            expect(lines).toEqual(heard[0])
          }
          for (const id of [1, 2, 3, 4]) {
            expect(heard[0]!.filter((line) =>
              line.startsWith(`${id}: `)
            )).toEqual(said.map((text) => `${id}: ${text}`))
          }
        }))
  )

  stage.it(
    "47. Nor is the order another where members answer in the turn in which they are told.",
    () =>
      each(stage, many, (model) =>
        Effect.gen(function*() {
          const room = Room.unsafeMake<string>()
          const protocol = Protocol.make({
            name: "answering",
            framing: Framing.line,
            open: (session: Session.Session<string>) =>
              Effect.as(room.join(session), turn(session.id, { send: ["welcome"] })),
            receive: (id: number) => Effect.succeed(turn(id)),
            notified: (id, said: string) =>
              Effect.sync(() => {
                if (said === "who?") room.publish(`${id}`)
                return turn(id, { send: [said] })
              })
          })
          const server = yield* serve(protocol, { model })
          const peers = yield* Effect.replicateEffect(enter(server), 3)
          // From outside of all turns.
          expect(room.publish("who?")).toBe(3)
          const [first, ...others] = yield* Effect.forEach(peers, (peer) => readLines(peer, 4))
          expect(first![0]).toBe("who?")
          expect(first!.toSorted()).toEqual(["1", "2", "3", "who?"])
          for (const heard of others) expect(heard).toEqual(first)
        }))
  )

  stage.it(
    "47. Members leave by themselves, however their connection ends.",
    () =>
      each(stage, many, (model) =>
        Effect.gen(function*() {
          const room = Room.unsafeMake<Said>()
          const server = yield* serve(chat(room), { model, drainTimeout: 100 })
          const [first, ...peers] = yield* Effect.replicateEffect(enter(server), 6)
          expect(room.size()).toBe(6)
          yield* peers[0]!.end
          yield* server.until("Closed", 1)
          yield* peers[1]!.reset
          yield* server.until("Closed", 2)
          yield* peers[2]!.write("die\n")
          yield* peers[2]!.readToEnd
          yield* peers[2]!.close
          yield* server.until("Closed", 3)
          expect(yield* server.disconnect(5)).toBe(true)
          yield* peers[3]!.readToEnd
          yield* peers[3]!.close
          yield* server.until("Closed", 4)
          yield* peers[4]!.write("bye\n")
          yield* peers[4]!.readToEnd
          yield* peers[4]!.close
          yield* server.until("Closed", 5)
          expect(room.size()).toBe(1)
          expect(yield* first!.readLine).toBe("6: bye")
          expect(room.publish(new Framing.Encoded("alone"))).toBe(1)
          expect(yield* first!.readLine).toBe("alone")
          yield* server.stop
          expect(room.size()).toBe(0)
          expect(room.publish(new Framing.Encoded("nobody"))).toBe(0)
        }))
  )

  stage.it("47. A stalled member delays nobody, and meets the rule of its own mailbox.", () => {
    // More than the network between them holds.
    const said = texts(stage === tcp ? 300 : 30, 50_000)
    const told = said.map((text) => `2: ${text}`)
    const cases = many.flatMap((model) =>
      (["refuse", "dropOldest", "close"] as const).map((whenFull) => ({ model, whenFull }))
    )
    return each(stage, cases, ({ model, whenFull }) =>
      Effect.gen(function*() {
        const room = Room.unsafeMake<Said>()
        const server = yield* serve(chat(room, { capacity: 8, whenFull }), { model })
        const [stalled, speaker, other] = yield* Effect.replicateEffect(enter(server), 3)
        yield* stalled!.pause
        for (const text of said) {
          yield* speaker!.write(`${text}\n`)
          for (const peer of [speaker!, other!]) expect(yield* peer.readLine).toBe(`2: ${text}`)
        }
        expect(room.publish(new Framing.Encoded("again"))).toBe(whenFull === "dropOldest" ? 3 : 2)
        yield* stalled!.resume
        if (whenFull === "close") {
          const heard = (yield* stalled!.readToEnd).toString().split("\n")
          expect(heard.slice(0, -1)).toEqual(told.slice(0, heard.length - 1))
          expect(heard.at(-1)).toBe("")
          yield* stalled!.close
          yield* server.until("Closed", 1)
          expect(server.of("Closed")[0]).toMatchObject({ id: 1, reason: "MailboxFull" })
          return
        }
        const heard: Array<number> = []
        const taken = Effect.iterate("", {
          while: (line) => !line.endsWith("again"),
          body: () => Effect.tap(stalled!.readLine, (line) => void heard.push(told.indexOf(line)))
        })
        // Whoever was told no hears what is said from when it has taken some.
        yield* whenFull === "refuse" ? Effect.raceFirst(taken, Effect.forever(exchange(speaker!, "again"))) : taken
        expect(heard.pop()).toBe(-1)
        const gap = heard.findIndex((number, i) => number !== i)
        if (whenFull === "refuse") {
          expect(gap).toBe(-1)
          expect(heard.length).toBeLessThan(told.length)
        } else {
          expect(gap).toBeGreaterThan(0)
          // Besides the word that it waited for.
          expect(heard.slice(gap)).toEqual([7, 6, 5, 4, 3, 2, 1].map((left) => told.length - left))
        }
      }))
  })

  stage.it(
    "47. What a room's members send alike is encoded once, whichever model serves them.",
    () =>
      Effect.gen(function*() {
        const encoded: Array<string> = []
        const counted = Framing.map(Framing.line, {
          decode: (text) => Either.right(text),
          encode: (text: string) => {
            encoded.push(text)
            return text
          }
        })
        yield* each(stage, many, (model) =>
          Effect.gen(function*() {
            encoded.length = 0
            const server = yield* serve(chat(Room.unsafeMake<Said>(), {}, counted), { model })
            const peers = yield* Effect.replicateEffect(enter(server), 20)
            encoded.length = 0
            yield* peers[0]!.write("one\ntwo\n")
            for (const peer of peers) expect(yield* readLines(peer, 2)).toEqual(["1: one", "1: two"])
            expect(encoded).toEqual(["1: one", "1: two"])
          }))
      })
  )

  stage.it(
    "An observer of messages is told what was sent, encoded once or not.",
    () =>
      each(stage, many, (model) =>
        Effect.gen(function*() {
          const replies: Array<unknown> = []
          const observer = {
            messages: true,
            observe: (event: ServerEvent.ServerEvent) => {
              if (event._tag === "Reply") replies.push(event.message)
            }
          }
          const protocol = chat(Room.unsafeMake<Said>())
          const server = yield* Effect.provideService(Server.make(protocol, { model }), Observer.Observer, observer)
          const peer = yield* enter(server)
          expect(yield* exchange(peer, "hello")).toBe("1: hello")
          expect(replies).toEqual(["welcome", "1: hello"])
        }))
  )
})

/** What happens to one of four places at a table, or to all of them. */
const step = FastCheck.record({
  do: FastCheck.constantFrom("join", "say", "say", "say", "publish", "burst", "stall", "go on", "leave", "vanish"),
  who: FastCheck.nat(3),
  isHurried: FastCheck.boolean()
})

describe("Rooms, on any virtual network", () => {
  virtual.it(
    "47. Any joins, leaves, vanishings, stalls and publishings keep one order.",
    () =>
      Effect.sync(() =>
        FastCheck.assert(
          FastCheck.property(
            FastCheck.array(step, { maxLength: 40 }),
            FastCheck.constantFrom<Session.WhenFull>("refuse", "dropOldest", "close"),
            FastCheck.constantFrom(...many),
            Explorer.networks(),
            (steps, whenFull, model, conditions) => {
              const scenario = Effect.gen(function*() {
                const room = Room.unsafeMake<Said>()
                const published: Array<string> = []
                const recorded: Room.Room<Said> = {
                  ...room,
                  publish: (said) => {
                    published.push(said.message)
                    return room.publish(said)
                  }
                }
                const server = yield* serve(chat(recorded, { capacity: 10, whenFull }), { model })
                const everybody: Array<Guest> = []
                const seats: Array<Guest | undefined> = []
                let told = 0
                for (const { do: what, isHurried, who } of steps) {
                  const guest = seats[who]
                  // So long that a guest who does not read fills what is between them soon.
                  const text = () => `${++told} ${"x".repeat(10_000)}`
                  const say = () => recorded.publish(new Framing.Encoded(text()))
                  if (what === "publish") say()
                  else if (what === "burst") { for (let i = 0; i < 3; i++) say() }
                  else if (what === "join" && guest === undefined) {
                    const peer = yield* Peer.connect(server.address)
                    everybody.push(seats[who] = { peer, hasStalled: false, hasLeft: false })
                  } else if (guest !== undefined) {
                    if (what === "say") guest.peer.connection.write(`${text()}\n`)
                    else if (what === "go on") yield* guest.peer.resume
                    else if (what === "stall") {
                      guest.hasStalled = true
                      yield* guest.peer.pause
                    } else if (what === "leave" || what === "vanish") {
                      yield* what === "leave" ? guest.peer.end : guest.peer.reset
                      guest.hasLeft = true
                      seats[who] = undefined
                    }
                  }
                  if (!isHurried || what === "burst") yield* Effect.sleep("10 seconds")
                }
                for (const { peer } of everybody) yield* peer.resume
                yield* Effect.sleep("10 seconds")
                for (const { hasLeft, hasStalled, peer } of everybody) {
                  const count = yield* peer.available
                  const heard = (yield* peer.readExactly(count).pipe(Effect.orElseSucceed(() => Buffer.of())))
                    .toString().split("\n").slice(0, -1)
                  const places = heard.filter((line) => line !== "welcome").map((line) => published.indexOf(line))
                  // In the order in which all was published; each once.
                  expect(places).toEqual(places.toSorted((a, b) => a - b))
                  expect(new Set(places).size).toBe(places.length)
                  expect(places).not.toContain(-1)
                  // Nothing is missed by who takes what it is told; who has left may not have taken the last.
                  if (!hasStalled && places.length > 0) {
                    expect(places.at(-1)! - places[0]!).toBe(places.length - 1)
                    if (!hasLeft) expect(places.at(-1)).toBe(published.length - 1)
                  }
                }
              })
              Effect.runSync(Explorer.run(scenario, conditions))
            }
          ),
          { numRuns: 100, seed: 47 }
        )
      )
  )
})

interface Guest {
  readonly peer: Peer.Peer
  hasStalled: boolean
  hasLeft: boolean
}
