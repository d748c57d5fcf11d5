import { describe, expect, it } from "@effect/vitest"
import type { Connector, ServerEvent, Session, SocketServer, TlsError } from "effect-switchboard"
import { Framing, Protocol } from "effect-switchboard"
import { Explorer, Peer, Simulation, VirtualNetwork } from "effect-switchboard/testing"
import * as Cause from "effect/Cause"
import * as Clock from "effect/Clock"
import * as Effect from "effect/Effect"
import * as Either from "effect/Either"
import * as FastCheck from "effect/FastCheck"
import * as Fiber from "effect/Fiber"
import * as Schedule from "effect/Schedule"
import type * as Scope from "effect/Scope"
import * as Stream from "effect/Stream"
import { each, encryptable, everywhere, exchange, many, serve, tls, virtual } from "./support/stages.js"

const describeTls = ({ canStartTls, tls }: Session.Session): string =>
  `${tls === undefined ? "in the clear" : "encrypted"}, ${canStartTls ? "can" : "cannot"}`

/** Counts its messages, from the beginning where TLS begins; meanwhile it is told something. */
const machine: Protocol.TextProtocol = Protocol.make({
  name: "counting",
  framing: Framing.line,
  open: (session: Session.Session<string>) => Effect.succeed(Protocol.turn({ session, count: 0 })),
  receive: ({ count, session }, text) => {
    if (text !== "secure") {
      const reply = `${text} ${count + 1} ${describeTls(session)}`
      return Effect.succeed(Protocol.turn({ session, count: count + 1 }, { send: [reply] }))
    }
    session.notify("meanwhile")
    return Effect.succeed(Protocol.turn({ session, count: 0 }, { send: ["go on"], startTls: true }))
  },
  notified: (state, event: string) => Effect.succeed(Protocol.turn(state, { send: [event] }))
})

/** The same from top to bottom. */
const script: Protocol.TextProtocol = Protocol.conversation({
  name: "counting",
  framing: Framing.line,
  *talk(session: Protocol.Talk<string, string, string>) {
    let count = 0
    for (;;) {
      const heard = yield* session.hearAny
      if (heard._tag === "Event") yield* session.say(heard.event)
      else if (heard.message !== "secure") yield* session.say(`${heard.message} ${++count} ${describeTls(session)}`)
      else {
        session.notify("meanwhile")
        yield* session.say("go on")
        yield* session.startTls()
        count = 0
      }
    }
  }
})

const forms = many.flatMap((model) => [{ model, protocol: machine }, { model, protocol: script }])

type Form = typeof forms[number]

/** Asks to be encrypted, and is. */
const secure = (peer: Peer.Peer) =>
  Effect.gen(function*() {
    expect(yield* exchange(peer, "secure")).toBe("go on")
    yield* peer.startTls
  })

describe.each(encryptable)("STARTTLS, on %s", (stage) => {
  const promise = <E>(
    name: string,
    program: (form: Form) => Effect.Effect<void, E, SocketServer.SocketServer | Connector.Connector | Scope.Scope>
  ) => stage.it(name, () => Effect.asVoid(each(stage, forms, program)))

  promise(
    "58. What is said before is in the clear, all behind it is encrypted, and the protocol knows.",
    ({ model, protocol }) =>
      Effect.gen(function*() {
        const server = yield* serve(protocol, { model })
        const peer = yield* Peer.connect(server.address)
        expect(yield* exchange(peer, "one")).toBe("one 1 in the clear, can")
        yield* secure(peer)
        expect(yield* peer.readLine).toBe("meanwhile")
        // Many at once, as without.
        yield* peer.write("one\ntwo\n")
        expect(yield* peer.readLine).toBe("one 1 encrypted, cannot")
        expect(yield* peer.readLine).toBe("two 2 encrypted, cannot")
        expect(server.of("Encrypted")).toMatchObject([{ id: 1, tls: { serverName: "localhost" } }])
        yield* peer.end
        expect((yield* peer.readToEnd).length).toBe(0)
        yield* peer.close
        yield* server.until("Closed", 1)
        expect(server.of("Closed")).toMatchObject([{ reason: "PeerClosed", requests: 4, replies: 5 }])
        expect(server.of("HandshakeFailed")).toEqual([])
      })
  )

  promise(
    "58. Whatever came in the clear behind the request is refused: it counts for nothing.",
    ({ model, protocol }) =>
      Effect.gen(function*() {
        const server = yield* serve(protocol, { model })
        for (const injected of ["two\n", "tw", "\n"]) {
          const peer = yield* Peer.connect(server.address)
          yield* peer.write("one\n")
          yield* peer.readLine
          yield* peer.write(`secure\n${injected}`)
          expect(yield* Effect.flip(peer.closed)).toMatchObject({ _tag: "ConnectionReset" })
          expect(yield* peer.available).toBe(0)
        }
        yield* server.until("Closed", 3)
        expect(server.of("HandshakeFailed").map(({ fault }) => fault)).toEqual(["injected", "injected", "injected"])
        expect(server.of("Closed")).toMatchObject(
          [1, 2, 3].map((id) => ({ id, reason: "HandshakeFailed", requests: 2, replies: 1 }))
        )
      })
  )

  promise(
    "58. Who does not get through the handshake is let go, and told apart.",
    ({ model, protocol }) =>
      Effect.gen(function*() {
        const server = yield* serve(protocol, { model })
        const plain = yield* Peer.connect(server.address)
        yield* exchange(plain, "secure")
        yield* plain.write("one\n")
        yield* Effect.ignore(plain.readToEnd)
        yield* plain.close
        yield* server.until("Closed", 1)
        const leaving = yield* Peer.connect(server.address)
        yield* exchange(leaving, "secure")
        yield* leaving.end
        yield* server.until("Closed", 2)
        const cut = yield* Peer.connect(server.address)
        yield* exchange(cut, "secure")
        yield* cut.reset
        yield* server.until("Closed", 3)
        expect(server.of("HandshakeFailed").map(({ fault }) => fault)).toEqual(["not TLS", "hung up", "hung up"])
        expect(server.of("Closed").map(({ reason }) => reason)).toEqual(Array(3).fill("HandshakeFailed"))
        expect(yield* server.connections).toBe(0)
        expect(server.of("Failed")).toEqual([])
      })
  )

  promise(
    "58. A stop waits for a handshake that is under way, and for what comes behind it.",
    ({ model, protocol }) =>
      Effect.gen(function*() {
        const server = yield* serve(protocol, { model, drainTimeout: "1 hour" })
        const peer = yield* Peer.connect(server.address)
        expect(yield* exchange(peer, "secure")).toBe("go on")
        const stopping = yield* Effect.fork(server.stop)
        yield* server.until("Draining", 1)
        yield* peer.startTls
        expect((yield* peer.readToEnd).toString()).toBe("meanwhile\n")
        yield* peer.close
        expect(yield* Fiber.join(stopping)).toEqual({ accepted: 1, cut: 0 })
      })
  )

  promise(
    "58. A connection may be closed, and cut, in the middle of its handshake.",
    ({ model, protocol }) =>
      Effect.gen(function*() {
        const server = yield* serve(protocol, { model, drainTimeout: "100 millis" })
        const peers = [yield* Peer.connect(server.address), yield* Peer.connect(server.address)] as const
        for (const peer of peers) yield* exchange(peer, "secure")
        expect(yield* server.disconnect(1)).toBe(true)
        yield* Effect.ignore(peers[0].readToEnd)
        yield* peers[0].close
        yield* server.until("Closed", 1)
        expect(yield* server.stop).toEqual({ accepted: 2, cut: 1 })
        yield* Effect.ignore(peers[1].readToEnd)
        expect(server.of("Closed").map(({ reason }) => reason)).toEqual(["ServerClosed", "Cut"])
      })
  )

  promise(
    "58. What cannot be encrypted, or is already, fails in words, and says nothing.",
    ({ model, protocol }) =>
      Effect.gen(function*() {
        const server = yield* serve(protocol, { model })
        const peer = yield* Peer.connect(server.address)
        yield* secure(peer)
        yield* peer.write("secure\n")
        expect((yield* peer.readToEnd).toString()).toBe("meanwhile\n")
        yield* peer.close
        yield* server.until("Closed", 1)
        const [failed] = server.of("Failed")
        const error = Cause.squash(failed!.cause) as TlsError.StartTlsUnavailable
        expect(error).toMatchObject({ _tag: "StartTlsUnavailable", reason: "encrypted" })
        expect(error.message).toMatch(/^The connection to .* cannot begin TLS: it is encrypted already\./)
      })
  )
})

virtual.it(
  "58. Nor does what comes in the clear while the answer is still being sent.",
  () =>
    Effect.forEach(many, (model) =>
      Effect.gen(function*() {
        const slow = Protocol.make({
          name: "slow",
          framing: Framing.line,
          open: () => Effect.succeed(Protocol.turn(0)),
          receive: (count: number, text) =>
            Effect.succeed(
              text === "secure"
                ? Protocol.turn(0, {
                  send: Stream.schedule(Stream.make("go", "on"), Schedule.spaced(10)),
                  startTls: true
                })
                : Protocol.turn(count + 1, { send: [`${text} ${count + 1}`] })
            )
        })
        const server = yield* serve(slow, { model })
        const peer = yield* Peer.connect(server.address)
        expect(yield* exchange(peer, "secure")).toBe("go")
        yield* peer.write("two\n")
        expect(yield* Effect.flip(peer.closed)).toMatchObject({ _tag: "ConnectionReset" })
        expect((yield* peer.available) <= "on\n".length).toBe(true)
        yield* server.until("Closed", 1)
        expect(server.of("HandshakeFailed")).toMatchObject([{ fault: "injected" }])
        expect(server.of("Closed")).toMatchObject([{ reason: "HandshakeFailed", requests: 1 }])
      }).pipe(Effect.scoped, Effect.provide(VirtualNetwork.layer({ startTls: true }))), { discard: true })
)

it.effect.each([false, true])(
  "58. On any network the handshake is got through, and where the connection is cut it is over, with cuts: %s",
  (cuts) =>
    Effect.forEach(
      FastCheck.sample(Explorer.networks({ cuts }), { seed: 58, numRuns: 60 }),
      (conditions, i) =>
        Effect.gen(function*() {
          const { model, protocol } = forms[i % forms.length]!
          const server = yield* serve(protocol, { model })
          const talk = Effect.gen(function*() {
            const peer = yield* Peer.connect(server.address)
            yield* secure(peer)
            return [yield* peer.readLine, yield* exchange(peer, "one")]
          })
          const said = yield* Effect.either(Effect.scoped(talk))
          if (!cuts) expect(said).toEqual(Either.right(["meanwhile", "one 1 encrypted, cannot"]))
          yield* server.stop
          expect(server.of("Closed").map(({ id }) => id)).toEqual(server.of("Accepted").map(({ id }) => id))
          expect(server.of("Failed")).toEqual([])
        }).pipe(
          Effect.scoped,
          Effect.provide(VirtualNetwork.layer({ ...conditions, startTls: true, explain: true })),
          (program) => Simulation.run(program)
        ),
      { discard: true }
    )
)

/** A client that is silent where it should begin a handshake is let go after ten seconds. */
virtual.it(
  "58. A handshake has its time, to the millisecond.",
  () =>
    Effect.forEach(forms, ({ model, protocol }) =>
      Effect.gen(function*() {
        const server = yield* serve(protocol, { model, idleTimeout: "1 second" })
        const peer = yield* Peer.connect(server.address)
        yield* exchange(peer, "secure")
        const began = yield* Clock.currentTimeMillis
        expect(yield* Effect.flip(peer.closed)).toMatchObject({ _tag: "ConnectionReset" })
        expect((yield* Clock.currentTimeMillis) - began).toBe(10_000)
        expect(server.of("HandshakeFailed")).toMatchObject([{ fault: "timed out" }])
      }).pipe(Effect.scoped, Effect.provide(VirtualNetwork.layer({ startTls: true }))), { discard: true })
)

describe.each([...everywhere, tls])("Without STARTTLS, on %s", (stage) => {
  stage.it(
    "58. A protocol knows that it cannot have its connection encrypted.",
    () =>
      each(stage, many, (model) =>
        Effect.gen(function*() {
          const server = yield* serve(machine, { model })
          const peer = yield* Peer.connect(server.address)
          const state = stage === tls ? "encrypted" : "in the clear"
          expect(yield* exchange(peer, "one")).toBe(`one 1 ${state}, cannot`)
          yield* peer.write("secure\n")
          yield* Effect.ignore(peer.readToEnd)
          yield* peer.close
          yield* server.until("Closed", 1)
          const { cause } = server.of("Failed")[0] as ServerEvent.Failed
          expect(Cause.squash(cause)).toMatchObject({
            _tag: "StartTlsUnavailable",
            reason: stage === tls ? "encrypted" : "no way"
          })
        }))
  )
})
