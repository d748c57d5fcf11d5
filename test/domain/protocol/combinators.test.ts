import { describe, expect, it } from "@effect/vitest"
import { Address, Echo, Framing, Protocol, type Session } from "effect-switchboard"
import { Explorer, Peer } from "effect-switchboard/testing"
import * as Cause from "effect/Cause"
import * as Clock from "effect/Clock"
import * as Context from "effect/Context"
import * as Effect from "effect/Effect"
import * as Exit from "effect/Exit"
import * as FastCheck from "effect/FastCheck"
import * as HashMap from "effect/HashMap"
import * as Layer from "effect/Layer"
import * as Logger from "effect/Logger"
import * as Metric from "effect/Metric"
import * as Stream from "effect/Stream"
import type * as Tracer from "effect/Tracer"
import { Accounts } from "../../../src/domain/protocol/Accounts.js"
import { detached } from "../../../src/domain/Session.js"
import type { Stage } from "../../behaviours/support/stages.js"
import { each, exchange, many, serve, tcp, virtual } from "../../behaviours/support/stages.js"

const { turn } = Protocol

class Word extends Context.Tag("test/Word")<Word, string>() {}

const echo = Protocol.withFraming(Echo.protocol, Framing.line)

/** Waits as many milliseconds as it is told. */
const waiting = Protocol.requestReply({
  name: "waiting",
  framing: Framing.line,
  reply: (text) => Effect.delay(Effect.succeed(text), Number(text))
})

/** Says the word that it is provided with, from wherever it is asked. */
const asking = (log: Array<string>) =>
  Protocol.make({
    name: "asking",
    framing: Framing.line,
    open: () => Effect.succeed(turn(undefined)),
    receive: (_, what: string) =>
      what === "run"
        ? Effect.succeed(turn(undefined, { run: Word }))
        : what === "stream"
        ? Effect.succeed(turn(undefined, { send: Stream.fromEffect(Word) }))
        : Effect.map(Word, (word) => turn(undefined, { send: [word] })),
    notified: (_, word: string) => Effect.succeed(turn(undefined, { send: [word] })),
    closed: () => Effect.map(Word, (word) => void log.push(`closed ${word}`))
  })

const by = ({ peer }: Session.Session) => peer.path === undefined ? peer.host : peer.path

const heard = (peer: Peer.Peer, text: string) =>
  Effect.gen(function*() {
    yield* peer.write(text)
    yield* peer.end
    return (yield* peer.readToEnd).toString()
  })

describe.each<Stage>([virtual, tcp])("Protocol, on %s", (stage) => {
  stage.it(
    "timeout: a turn that waits for longer is interrupted, and ends its connection",
    () =>
      each(stage, many, (model) =>
        Effect.gen(function*() {
          const server = yield* serve(Protocol.timeout(waiting, "200 millis"), { model })
          const peer = yield* Peer.connect(server.address)
          expect(yield* heard(peer, "0\n1\n60000\n2\n")).toBe("0\n1\n")
          yield* server.until("Failed", 1)
          const [failed] = server.of("Failed")
          expect(Cause.squash(failed!.cause)).toMatchObject({
            _tag: "TurnTimeout",
            message: "that took longer than 200ms"
          })
        }))
  )

  stage.it(
    "catchAll: whatever fails is answered, and the conversation goes on",
    () =>
      each(stage, many, (model) =>
        Effect.gen(function*() {
          const protocol = Protocol.make({
            name: "failing",
            framing: Framing.line,
            open: ({ id }): Effect.Effect<Protocol.Turn<number, string, string, string>, string> =>
              id === 2 ? Effect.fail("open") : Effect.succeed(turn(0)),
            receive: (count: number, text): Effect.Effect<Protocol.Turn<number, string, string, string>, string> => {
              switch (text) {
                case "turn":
                  return Effect.fail("turn")
                case "late":
                  return Effect.delay(Effect.fail("late"), 1)
                case "run":
                  return Effect.succeed(turn(count + 1, { run: Effect.fail("run") }))
                case "stream":
                  return Effect.succeed(
                    turn(count + 1, { send: Stream.concat(Stream.make("half"), Stream.fail("stream")) })
                  )
                default:
                  return Effect.succeed(turn(count + 1, { send: [`${text} ${count}`] }))
              }
            },
            closed: (count) => Effect.fail(`closed at ${count}`)
          })
          const server = yield* serve(Protocol.catchAll(protocol, (error) => [`no: ${error}`]), { model })
          const peer = yield* Peer.connect(server.address)
          const answers = ["ok 0", "no: turn", "no: late", "no: run", "half", "no: stream", "ok 3"]
          for (const word of ["ok", "turn", "late", "run"]) expect(yield* exchange(peer, word)).toBe(answers.shift())
          expect(yield* heard(peer, "stream\nok\n")).toBe("half\nno: stream\nok 3\n")
          yield* server.until("Closed", 1)
          // What the end fails with has nobody to be told but the observer.
          expect(server.of("Failed").map(({ cause }) => Cause.squash(cause))).toEqual(["closed at 4"])
          const other = yield* Peer.connect(server.address)
          expect((yield* other.readToEnd).toString()).toBe("no: open\n")
          yield* other.close
          yield* server.until("Closed", 2)
          expect(server.of("Failed")).toHaveLength(1)
        }))
  )

  stage.it(
    "provide: a Layer is built for each connection, and released with it",
    () =>
      each(stage, many, (model) =>
        Effect.gen(function*() {
          const log: Array<string> = []
          const layer = Layer.scoped(
            Word,
            Effect.acquireRelease(
              Effect.sync(() => `word ${log.push("acquired")}`),
              (word) => Effect.sync(() => void log.push(`released ${word}`))
            )
          )
          const server = yield* serve(Protocol.provide(asking(log), layer), { model })
          const peer = yield* Peer.connect(server.address)
          for (const what of ["turn", "run", "stream"]) expect(yield* exchange(peer, what)).toBe("word 1")
          yield* peer.close
          yield* server.until("Closed", 1)
          expect(log).toEqual(["acquired", "closed word 1", "released word 1"])
        }))
  )

  stage.it("provide: a Context is shared", () =>
    each(stage, many, (model) =>
      Effect.gen(function*() {
        const server = yield* serve(asking([]).pipe(Protocol.provide(Context.make(Word, "shared"))), { model })
        const peer = yield* Peer.connect(server.address)
        for (const what of ["turn", "run", "stream"]) expect(yield* exchange(peer, what)).toBe("shared")
      })))

  stage.it(
    "limitRequests: so many are answered, and then the connection is closed",
    () =>
      each(stage, many, (model) =>
        Effect.gen(function*() {
          const server = yield* serve(Protocol.limitRequests(echo, 3), { model })
          const peer = yield* Peer.connect(server.address)
          yield* peer.write("1\n2\n3\n4\n5\n")
          expect((yield* peer.readToEnd).toString()).toBe("1\n2\n3\n")
          yield* peer.close
          yield* server.until("Closed", 1)
          expect(server.of("Closed")[0]).toMatchObject({ reason: "ServerClosed", requests: 3 })
          const other = yield* Peer.connect(server.address)
          expect(yield* heard(other, "1\n2\n")).toBe("1\n2\n")
        }))
  )

  stage.it(
    "limitRequests: what is owed for the last is sent before the end",
    () =>
      each(stage, many, (model) =>
        Effect.gen(function*() {
          const together = Protocol.requestReply({
            name: "together",
            framing: Framing.line,
            concurrency: 10,
            reply: (text) => Effect.delay(Effect.succeed(text), Number(text))
          })
          const server = yield* serve(Protocol.limitRequests(together, 3), { model })
          const peer = yield* Peer.connect(server.address)
          yield* peer.write("50\n20\n10\n0\n")
          expect((yield* peer.readToEnd).toString()).toBe("50\n20\n10\n")
        }))
  )

  stage.it("map: the same protocol with other messages", () =>
    each(stage, many, (model) =>
      Effect.gen(function*() {
        const json = Protocol.map(Echo.protocol, {
          framing: Framing.ndjson,
          in: (message) => String((message as { readonly say: unknown }).say),
          out: (said: string) => ({ said })
        })
        const server = yield* serve(json, { model })
        const peer = yield* Peer.connect(server.address)
        expect(yield* heard(peer, "{\"say\":\"hello\"}\n{\"say\":1}\n")).toBe(
          "{\"said\":\"hello\"}\n{\"said\":\"1\"}\n"
        )
      })))

  stage.it(
    "before: what a script gives opens what follows, in its framing, from the next byte on",
    () =>
      each(stage, many, (model) =>
        Effect.gen(function*() {
          const log: Array<string> = []
          const greeting = (name: string) =>
            Protocol.make({
              name: "greeting",
              framing: Framing.asText(Framing.netstring),
              open: (session: Session.Session<string>) => {
                session.notify("told")
                return Effect.succeed(turn(0, { send: [`hello ${name}`] }))
              },
              receive: (count: number, text: string) => Effect.succeed(turn(count + 1, { send: [`${text} ${count}`] })),
              notified: (count, event: string) => Effect.succeed(turn(count, { send: [event] })),
              closed: (count) => Effect.sync(() => void log.push(`${name} said ${count}`))
            })
          const guarded = Protocol.before({
            name: "guarded",
            framing: Framing.line,
            *talk(session) {
              try {
                const name = yield* session.ask("name?")
                const word = yield* session.ask("word?")
                yield* Effect.sleep(1)
                yield* session.say(word === "sesame" ? "right" : "wrong")
                return word === "sesame" ? name : undefined
              } finally {
                log.push("asked")
              }
            }
          }, greeting)
          const server = yield* serve(guarded, { model })
          const ada = yield* Peer.connect(server.address)
          // All in one chunk.
          expect(yield* heard(ada, "ada\nsesame\n2:hi,3:a\nb,")).toBe(
            "name?\nword?\nright\n9:hello ada,4:told,4:hi 0,5:a\nb 1,"
          )
          yield* server.until("Closed", 1)
          expect(log.splice(0)).toEqual(["asked", "ada said 2"])
          const eve = yield* Peer.connect(server.address)
          yield* eve.write("eve\nplease\n2:hi,")
          expect((yield* eve.readToEnd).toString()).toBe("name?\nword?\nwrong\n")
          yield* eve.close
          yield* server.until("Closed", 2)
          const gone = yield* Peer.connect(server.address)
          expect(yield* gone.readLine).toBe("name?")
          yield* gone.reset
          yield* server.until("Closed", 3)
          expect(log).toEqual(["asked", "asked"])
        }))
  )

  stage.it(
    "annotateLogs and withSpan: whatever is logged and traced says which connection it is",
    () =>
      each(stage, many, (model) =>
        Effect.gen(function*() {
          const logged: Array<readonly [what: string, annotations: unknown]> = []
          const spans: Array<Tracer.Span> = []
          const logger = Logger.make(({ annotations, message }) => {
            logged.push([String(message), Object.fromEntries(HashMap.toEntries(annotations))])
          })
          const note = (text: string) =>
            Effect.zipRight(
              Effect.flatMap(
                Effect.orDie(Effect.currentParentSpan),
                (span) => Effect.sync(() => spans.push(span as Tracer.Span))
              ),
              Effect.logInfo(text)
            )
          const noting = Protocol.make({
            name: "noting",
            framing: Framing.line,
            open: () => Effect.succeed(turn(undefined)),
            receive: (_, text: string) =>
              Effect.as(
                note("turn"),
                turn(undefined, {
                  run: note("run"),
                  send: Stream.fromEffect(Effect.as(note("stream"), text))
                })
              ),
            closed: () => note("closed")
          })
          const protocol = noting.pipe(
            Protocol.annotateLogs(),
            Protocol.tagMetrics(),
            (protocol) => protocol
          )
          const server = yield* Effect.provide(
            serve(Protocol.withSpan(protocol, "noting.connection"), { model }),
            Logger.replace(Logger.defaultLogger, logger)
          )
          const peer = yield* Peer.connect(server.address)
          expect(yield* heard(peer, "hello\n")).toBe("hello\n")
          yield* server.until("Closed", 1)
          const { peer: address } = server.of("Closed")[0]!
          const place = { server: Address.format(server.address), connection: 1, peer: Address.format(address) }
          expect(logged.map(([what]) => what).toSorted()).toEqual(["closed", "run", "stream", "turn"])
          for (const [, annotations] of logged) expect(annotations).toEqual(place)
          expect(new Set(spans).size).toBe(1)
          expect(spans[0]).toMatchObject({ name: "noting.connection", status: { _tag: "Ended" } })
          expect(Object.fromEntries(spans[0]!.attributes)).toEqual(place)
        }))
  )

  stage.it(
    "tagMetrics: what a protocol measures says whose it is",
    () =>
      each(stage, many, (model) =>
        Effect.gen(function*() {
          const counter = Metric.counter("messages")
          const count = Metric.increment(counter)
          const counting = Protocol.make({
            name: "counting",
            framing: Framing.line,
            open: () => Effect.succeed(turn(undefined)),
            receive: (_, text: string) =>
              Effect.as(count, turn(undefined, { run: count, send: Stream.fromEffect(Effect.as(count, text)) }))
          })
          const name = `${stage.toString()}, ${model.name}`
          const server = yield* serve(Protocol.tagMetrics(counting), { model, name })
          const peer = yield* Peer.connect(server.address)
          expect(yield* heard(peer, "a\nb\n")).toBe("a\nb\n")
          yield* server.until("Closed", 1)
          expect((yield* Metric.value(Metric.tagged(counter, "server", name))).count).toBe(6)
          expect((yield* Metric.value(counter)).count).toBe(0)
        }))
  )
})

describe("Protocol, on the virtual network", () => {
  virtual.it(
    "rateLimit: so many at once, and then one after the other, none lost, also at the stop",
    () =>
      each(virtual, many, (model) =>
        Effect.gen(function*() {
          const timed = Protocol.make({
            name: "timed",
            framing: Framing.line,
            open: (session: Session.Session<string>) => Effect.succeed(turn(session, { wake: 500 })),
            receive: (session, text: string) =>
              Effect.map(Clock.currentTimeMillis, (now) => turn(session, { send: [`${text} ${now}`] })),
            wake: (session) => Effect.map(Clock.currentTimeMillis, (now) => turn(session, { send: [`wake ${now}`] })),
            notified: (session, event: string) =>
              Effect.map(Clock.currentTimeMillis, (now) => turn(session, { send: [`${event} ${now}`] }))
          })
          const server = yield* serve(Protocol.rateLimit(timed, { limit: 4, per: "1 second" }), { model })
          const begun = yield* Clock.currentTimeMillis
          const peer = yield* Peer.connect(server.address)
          yield* peer.write("a\nb\nc\nd\ne\nf\ng\nh\n")
          const line = Effect.map(peer.readLine, (line) => {
            const [text, time] = line.split(" ")
            return `${text} ${Number(time) - begun}`
          })
          expect(yield* Effect.replicateEffect(line, 7)).toEqual([
            "a 0",
            "b 0",
            "c 0",
            "d 0",
            "e 250",
            "wake 500",
            "f 500"
          ])
          yield* Effect.fork(server.stop)
          expect(yield* Effect.replicateEffect(line, 2)).toEqual(["g 750", "h 1000"])
          expect((yield* peer.readToEnd).toString()).toBe("")
        }))
  )

  virtual.it(
    "rateLimit: a client has one rate, however many connections it has, and however often it comes anew",
    () =>
      each(virtual, many, (model) =>
        Effect.gen(function*() {
          const timed = Protocol.requestReply({
            name: "timed",
            framing: Framing.line,
            reply: (text) => Effect.map(Clock.currentTimeMillis, (now) => `${text} ${now}`)
          })
          const server = yield* serve(Protocol.rateLimit(timed, { limit: 2, per: "1 second", by }), { model })
          const begun = yield* Clock.currentTimeMillis
          const ask = (peer: Peer.Peer, text: string) =>
            Effect.map(exchange(peer, text), (line) => `${text} ${Number(line.split(" ")[1]) - begun}`)
          const first = yield* Peer.connect(server.address)
          const second = yield* Peer.connect(server.address)
          expect([yield* ask(first, "a"), yield* ask(second, "b")]).toEqual(["a 0", "b 0"])
          yield* first.close
          yield* second.close
          yield* server.until("Closed", 2)
          const third = yield* Peer.connect(server.address)
          expect([yield* ask(third, "c"), yield* ask(third, "d")]).toEqual(["c 500", "d 1000"])
          yield* Effect.sleep("1 minute")
          const late = (yield* Clock.currentTimeMillis) - begun
          expect([yield* ask(third, "e"), yield* ask(third, "f"), yield* ask(third, "g")]).toEqual([
            `e ${late}`,
            `f ${late}`,
            `g ${late + 500}`
          ])
        }))
  )
})

/** A protocol with all that changes nothing in what it says. */
const wrapped = (protocol: Protocol.TextProtocol): Protocol.TextProtocol =>
  protocol.pipe(
    Protocol.rateLimit({ limit: 1000, per: "1 second" }),
    Protocol.limitRequests(1000),
    Protocol.provide(Context.make(Word, "word")),
    Protocol.annotateLogs(),
    Protocol.tagMetrics(),
    Protocol.timeout("1 hour"),
    Protocol.withSpan("a connection"),
    Protocol.catchAll((error) => [error.message])
  )

const sums = Protocol.make({
  name: "sums",
  framing: Framing.line,
  open: () => Effect.succeed(turn(0, { send: ["ready"], wake: "2 seconds" })),
  receive: (sum: number, text: string) => {
    const next = sum + text.length
    if (text === "slow") return Effect.delay(Effect.succeed(turn(next, { send: [`${next}`] })), "100 millis")
    if (text === "run") {
      return Effect.succeed(turn(next, { run: Effect.delay(Effect.succeed("ran"), "10 millis"), listens: "events" }))
    }
    return Effect.sync(() => turn(next, { send: [`${next}`], close: text === "bye" }))
  },
  notified: (sum, event: string) => Effect.succeed(turn(sum, { send: [event], listens: true })),
  wake: (sum) => Effect.succeed(turn(sum, { send: ["tick"], wake: "2 seconds" })),
  ended: (sum) => Effect.succeed(turn(sum, { send: ["the end"], close: true }))
})

describe("Protocol", () => {
  it("combinators that have nothing to do change nothing, under any model and on any network", () => {
    const line = FastCheck.constantFrom("a", "", "slow", "run", "bye", "hello")
    FastCheck.assert(
      FastCheck.property(FastCheck.array(line, { maxLength: 8 }), Explorer.networks(), (lines, conditions) => {
        for (const model of many) {
          const run = (protocol: typeof sums) => {
            const scenario = Effect.gen(function*() {
              const server = yield* serve(protocol, { model })
              const peer = yield* Peer.connect(server.address)
              yield* Effect.ignore(peer.write(lines.map((line) => `${line}\n`).join("")))
              yield* Effect.sleep("10 seconds")
              yield* peer.end
              return (yield* peer.readToEnd).toString()
            })
            return Effect.runSync(Explorer.run(scenario, conditions))
          }
          expect(run(wrapped(sums))).toBe(run(sums))
        }
      }),
      { numRuns: 30, seed: 14 }
    )
  })

  it.effect("a turn that is done at once stays so, whatever is around it", () =>
    Effect.gen(function*() {
      const { machine } = wrapped(echo)
      const session = detached({ host: "127.0.0.1", port: 1 })
      const { state } = yield* Effect.scoped(machine.open(session)) as Effect.Effect<Protocol.Turn<unknown, unknown>>
      const answer: unknown = machine.receive(state, "hello")
      expect(answer).toMatchObject(Exit.succeed({ send: ["hello"] }))
    }))

  it("limits are whole numbers from 1 on", () => {
    for (const limit of [0, -1, 1.5, NaN]) {
      expect(() => Protocol.limitRequests(echo, limit)).toThrow(RangeError)
      expect(() => Protocol.rateLimit(echo, { limit, per: "1 second" })).toThrow(RangeError)
    }
  })
})

it.effect("accounts are kept as long as anything is owed on them, and no longer", () =>
  Effect.gen(function*() {
    const accounts = new Accounts()
    const visit = (key: string, now: number, paid: number) =>
      Effect.scoped(Effect.map(accounts.open(key, now), (account) => (account.paid = Math.max(account.paid, paid))))
    for (let i = 0; i < 1000; i++) yield* visit(`${i}`, 0, 1000)
    expect(accounts.size).toBe(1000)
    expect(yield* visit("7", 500, 0)).toBe(1000)
    const staying = yield* accounts.open("stays", 500)
    for (let i = 0; i < 3000; i++) yield* visit(`later ${i}`, 2000, 0)
    expect(accounts.size).toBeLessThan(1200)
    expect(yield* accounts.open("stays", 2000)).toBe(staying)
  }).pipe(Effect.scoped))
