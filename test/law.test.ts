import { describe, expect, it } from "@effect/vitest"
import {
  Calc,
  Chars,
  Echo,
  Evaluator,
  Framing,
  Model,
  NodeConnector,
  NodeSocketServer,
  Observer
} from "effect-switchboard"
import { type Connector, Protocol, Reverse, Server, type SocketServer } from "effect-switchboard"
import { type Conditions, Explorer, Peer, Simulation, VirtualNetwork } from "effect-switchboard/testing"
import * as Effect from "effect/Effect"
import * as FastCheck from "effect/FastCheck"
import * as Layer from "effect/Layer"
import * as Queue from "effect/Queue"
import * as Random from "effect/Random"
import { machine, script } from "./behaviours/support/versatile.js"

/** What one client does with its connection; it gives every byte that it was sent. */
type Script = (peer: Peer.Peer) => Effect.Effect<Buffer, unknown>

interface Case {
  /** Runs the protocol under a model; `inTurn`: each client comes when the one before has gone. */
  readonly serve: (model: Model.Model, inTurn: boolean) => Effect.Effect<
    ReadonlyArray<Buffer>,
    unknown,
    SocketServer.SocketServer | Connector.Connector
  >
  readonly conditions: Conditions.Options
  /** The same protocol, written otherwise, or with something around it that has nothing to do. */
  readonly twins?: ReadonlyArray<Case["serve"]>
  /** Where it is up to the network in which order something comes: what is to be the same. Default: every byte. */
  readonly compared?: (said: Buffer) => unknown
}

/** A case that prints as what it is made of. */
const asCase = (
  made: {
    readonly protocol: string
    readonly scripts: ReadonlyArray<unknown>
    readonly conditions: Conditions.Options
  },
  serve: Case["serve"],
  others: Pick<Case, "twins" | "compared"> = {}
): Case =>
  ({
    serve,
    conditions: made.conditions,
    ...others,
    [FastCheck.toStringMethod]: () => FastCheck.stringify(made)
  }) as Case

const serve = <In, Out, E>(
  protocol: Protocol.Protocol<In, Out, E, Evaluator.Evaluator>,
  scripts: ReadonlyArray<Script>
): Case["serve"] =>
(model, inTurn) =>
  Effect.gen(function*() {
    const closed = yield* Queue.unbounded<void>()
    const observer: Observer.Shape = {
      messages: false,
      observe: (event) => event._tag === "Closed" && closed.unsafeOffer(undefined)
    }
    const server = yield* Effect.provideService(Server.make(protocol, { model }), Observer.Observer, observer)
    if (inTurn) {
      return yield* Effect.forEach(scripts, (script) =>
        Effect.zipLeft(Effect.flatMap(Peer.connect(server.address), script), Queue.take(closed)))
    }
    // Clients come in order, as the seeds of random characters are given out in that order.
    const peers = yield* Effect.forEach(scripts, () =>
      Peer.connect(server.address))
    return yield* Effect.all(scripts.map((script, i) => script(peers[i]!)), { concurrency: "unbounded" })
  }).pipe(Effect.scoped, Effect.provide(Evaluator.layer))

/** Sends pieces, with pauses, finishes, and takes what comes. */
const sends = (pieces: ReadonlyArray<readonly [piece: string | Uint8Array, pause: number]>): Script => (peer) =>
  Effect.gen(function*() {
    // A server that has found a fault hangs up in the middle of what it is sent.
    yield* Effect.ignore(
      Effect.forEach(
        pieces,
        ([piece, pause]) => Effect.andThen(peer.write(piece), pause === 0 ? Effect.void : Effect.sleep(pause))
      )
    )
    yield* peer.end
    return yield* peer.readToEnd
  })

/** Talks as programs do that read once for a message: waits for each reply, which is as long as the request. */
const converses = (texts: ReadonlyArray<string>): Script => (peer) =>
  Effect.gen(function*() {
    const replies = yield* Effect.forEach(texts, (text) =>
      Effect.zipRight(peer.write(text), peer.readExactly(Buffer.byteLength(text))))
    yield* peer.end
    return Buffer.concat([...replies, yield* peer.readToEnd])
  })

/** Asks for statistics when so many more messages have come; then finishes. */
const asks = (counts: ReadonlyArray<number>): Script => (peer) =>
  Effect.gen(function*() {
    const taken: Array<Buffer> = []
    const message = Effect.gen(function*() {
      const length = yield* peer.readExactly(2)
      const header = yield* peer.readExactly(length.readUInt16BE())
      const content = yield* peer.readExactly(JSON.parse(header.toString())["content-length"])
      taken.push(length, header, content)
    })
    const request = Chars.clientFraming.open(65_536).encode(Chars.request(Chars.statisticsRequest))
    for (const count of counts) {
      yield* Effect.repeatN(message, count - 1).pipe(Effect.when(() => count > 0))
      yield* peer.write(request)
      yield* message
    }
    yield* peer.end
    return Buffer.concat([...taken, yield* peer.readToEnd])
  })

const term = FastCheck.integer({ min: -99, max: 99 }).map(String)
const expression = FastCheck.array(FastCheck.tuple(term, FastCheck.constantFrom("+", "-", "*", "/", "//", "%", " ")))
  .map((terms) => terms.flat().join(" ") + "1")
const text = FastCheck.oneof(FastCheck.string(), FastCheck.string({ unit: "grapheme" }), expression)
const input = FastCheck.oneof(
  {
    weight: 5,
    arbitrary: FastCheck.tuple(text, FastCheck.constantFrom("\n", "\r\n", "")).map((parts) => parts.join(""))
  },
  { weight: 1, arbitrary: FastCheck.uint8Array() }
)
const inputs = (pause: number) =>
  FastCheck.array(FastCheck.tuple(input, FastCheck.integer({ min: 0, max: pause })), { maxLength: 8 })
const crowd = <A>(script: FastCheck.Arbitrary<A>) => FastCheck.array(script, { minLength: 1, maxLength: 4 })

const textProtocols = { echo: Echo.protocol, reverse: Reverse.protocol, calc: Calc.protocol }

/** Lines of text, and bytes that are none, in any pieces. */
const inLines = (pause: number): FastCheck.Arbitrary<Case> =>
  FastCheck.record({
    protocol: FastCheck.constantFrom(...Object.keys(textProtocols) as Array<keyof typeof textProtocols>),
    scripts: crowd(inputs(pause)),
    conditions: Explorer.networks()
  }).map((made) =>
    asCase(made, serve(Protocol.withFraming(textProtocols[made.protocol], Framing.line), made.scripts.map(sends)))
  )

/** Bare text: whatever arrives by itself is a message, so here the segments are what is written. */
const bare: FastCheck.Arbitrary<Case> = FastCheck.record({
  protocol: FastCheck.constantFrom("echo" as const, "reverse" as const),
  scripts: crowd(FastCheck.array(text.filter((text) => text !== "" && !/[\r\n]/.test(text)), { maxLength: 5 })),
  conditions: Explorer.networks().map((conditions) => ({ ...conditions, segment: undefined, faults: [] }))
}).map((made) => asCase(made, serve(textProtocols[made.protocol], made.scripts.map(converses))))

/** Random characters: a request comes so soon after a message that the next message is not on its way yet. */
const characters = (most: number): FastCheck.Arbitrary<Case> =>
  FastCheck.record({
    protocol: FastCheck.constant("chars"),
    scripts: crowd(FastCheck.array(FastCheck.integer({ min: 0, max: most }), { maxLength: 3 })),
    conditions: Explorer.networks().map((conditions) => ({ ...conditions, faults: [] }))
  }).map((made) => asCase(made, serve(Chars.protocol, made.scripts.map(asks))))

/** A line of what may be asked of the versatile protocol: a verb, and a digit. */
const lineOf = (...verbs: ReadonlyArray<string>) =>
  FastCheck.tuple(FastCheck.constantFrom(...verbs), FastCheck.integer({ min: 0, max: 9 })).map((words) =>
    words.join(" ")
  )

/** Lines as they are written: in netstrings from the one that says so on. */
const written = (pieces: ReadonlyArray<readonly [line: string, pause: number]>) => {
  let framing = "lines"
  return pieces.map(([line, pause]) => {
    const text = line.replace(/^(lines|netstrings|bye) .*/, "$1 0")
    const bytes = framing === "lines" ? `${text}\n` : `${text.length}:${text},`
    if (/^(lines|netstrings)/.test(text)) framing = text.slice(0, -2)
    return [bytes, pause] as const
  })
}

/** With limits that nobody comes to. */
const around = (protocol: Protocol.TextProtocol): Protocol.TextProtocol =>
  protocol.pipe(
    Protocol.timeout("1 hour"),
    Protocol.catchAll((error) => [error.message]),
    Protocol.rateLimit({ limit: 1000, per: "1 second" }),
    Protocol.limitRequests(1000),
    Protocol.annotateLogs(),
    Protocol.tagMetrics(),
    Protocol.withSpan("connection")
  )

const versatile = (
  pause: number,
  verbs: ReadonlyArray<string>,
  compared?: Case["compared"]
): FastCheck.Arbitrary<Case> =>
  FastCheck.record({
    protocol: FastCheck.constant("versatile"),
    wrapped: FastCheck.constantFrom("script", "machine"),
    scripts: crowd(
      FastCheck.array(FastCheck.tuple(lineOf(...verbs), FastCheck.integer({ min: 0, max: pause })), { maxLength: 8 })
    ),
    conditions: Explorer.networks()
  }).map((made) => {
    const scripts = made.scripts.map((pieces) => sends(written(pieces)))
    return asCase(made, serve(machine, scripts), {
      twins: [script, around(made.wrapped === "script" ? script : machine)].map((protocol) => serve(protocol, scripts)),
      ...compared === undefined ? {} : { compared }
    })
  })

/** Events, streams, what runs beside and is waited for, another framing. */
const inOrder = (pause: number) =>
  versatile(pause, ["say", "tell", "count", "await", "pull", "rest", "lines", "netstrings", "netstrings", "bye"])

/** What runs beside is not waited for: when it comes depends on the network, and what comes does not. */
const inAnyOrder = (pause: number) =>
  versatile(pause, ["say", "tell", "count", "find", "find", "rest"], (said) => said.toString().split("\n").toSorted())

const same = ({ compared }: Case, said: ReadonlyArray<Buffer>): unknown =>
  compared === undefined ? said : said.map(compared)

const virtually = (
  sample: Case,
  conditions: Conditions.Options,
  seed: number,
  model: Model.Model,
  inTurn: boolean,
  serve = sample.serve
) =>
  serve(model, inTurn).pipe(
    Effect.provide(VirtualNetwork.layer({ ...conditions, seed })),
    (program) => same(sample, Effect.runSync(Simulation.run(program, { seed })))
  )

const really = async (sample: Case, seed: number, model: Model.Model, inTurn: boolean, serve = sample.serve) =>
  same(
    sample,
    await serve(model, inTurn).pipe(
      Effect.provide(Layer.merge(NodeSocketServer.layer(), NodeConnector.layer)),
      Effect.withRandom(Random.make(seed)),
      Effect.runPromise
    )
  )

const atOnce = [Model.threaded, Model.select, Model.iterative]

describe("One law: what is said does not depend on the model, the transport, the segments or the timing", () => {
  it("on the virtual network", { timeout: 60_000 }, () => {
    FastCheck.assert(
      FastCheck.property(
        FastCheck.oneof(inLines(300), bare, characters(3), inOrder(300), inAnyOrder(300)),
        FastCheck.nat(),
        (sample, seed) => {
          const said = virtually(sample, {}, seed, Model.threaded, false)
          for (const way of [sample.serve, ...sample.twins ?? []]) {
            for (const model of atOnce) {
              expect(virtually(sample, sample.conditions, seed, model, false, way), model.name).toEqual(said)
            }
            for (const model of [Model.single, Model.threaded]) {
              expect(virtually(sample, sample.conditions, seed, model, true, way), model.name).toEqual(said)
            }
          }
        }
      ),
      { numRuns: 100, seed: 0 }
    )
  })

  it("on TCP", () =>
    FastCheck.assert(
      FastCheck.asyncProperty(
        FastCheck.oneof(inLines(0), characters(0), inOrder(0), inAnyOrder(0)),
        FastCheck.nat(),
        async (sample, seed) => {
          const said = virtually(sample, {}, seed, Model.threaded, false)
          for (const way of [sample.serve, ...sample.twins ?? []]) {
            for (const model of atOnce) expect(await really(sample, seed, model, false, way), model.name).toEqual(said)
            expect(await really(sample, seed, Model.single, true, way)).toEqual(said)
          }
        }
      ),
      { numRuns: 20, seed: 0 }
    ))
})
