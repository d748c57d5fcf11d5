import { Framing, Protocol, type Session } from "effect-switchboard"
import * as Effect from "effect/Effect"
import type * as Scope from "effect/Scope"
import * as Stream from "effect/Stream"

/** What happened on each connection, by its number. */
export class Lives {
  /** What it takes to open a connection: a while, or nothing. */
  readonly opening: Effect.Effect<void>
  readonly sessions = new Map<number, Session.Session<string>>()
  private readonly logs = new Map<number, Array<string>>()

  constructor(opening: number) {
    this.opening = opening === 0 ? Effect.void : Effect.sleep(opening)
  }

  of(id: number): Array<string> {
    let log = this.logs.get(id)
    if (log === undefined) this.logs.set(id, log = [])
    return log
  }

  /** Something that is to be released at the connection's end. */
  readonly thing = (id: number): Effect.Effect<void, never, Scope.Scope> =>
    Effect.acquireRelease(
      Effect.sync(() => void this.of(id).push("acquired")),
      () => Effect.sync(() => void this.of(id).push("released"))
    )
}

/** What a client may ask for; each may be the end, or be in its way. */
export const verbs = [
  "say",
  "wait",
  "rest",
  "run",
  "stream",
  "throw",
  "die",
  "run and die",
  "stream and die",
  "finish",
  "close",
  "reset"
] as const

/** Never ends by itself, and is soon more than who does not read may have. */
const endless = Stream.repeatEffect(Effect.delay(Effect.succeed("x".repeat(30_000)), 100))
const soon = Effect.delay(Effect.die("soon"), 500)

type Turn = Protocol.Turn<number, string, string, never, Scope.Scope>

/** Leaves in its life's log that it was opened, what it acquires and releases, its turns, and its end. */
export const machine = (lives: Lives) =>
  Protocol.make({
    name: "mortal machine",
    framing: Framing.line,
    mailbox: { capacity: 8, whenFull: "close" },
    open: (session: Session.Session<string>) =>
      Effect.map(Effect.zipRight(lives.thing(session.id), lives.opening), (): Turn => {
        lives.sessions.set(session.id, session)
        lives.of(session.id).push("opened")
        return { state: session.id, send: ["hello"] }
      }),
    receive: (state: number, text): Effect.Effect<Turn, never, Scope.Scope> => {
      lives.of(state).push("turn")
      switch (text) {
        case "wait":
          return Effect.zipRight(lives.thing(state), Effect.never)
        case "rest":
          return Effect.delay(Effect.as(lives.thing(state), { state }), 500)
        case "run":
          return Effect.succeed({ state, run: Effect.zipRight(lives.thing(state), Effect.never) })
        case "stream":
          return Effect.succeed({ state, send: endless })
        case "throw":
          throw new Error(text)
        case "die":
          return Effect.zipRight(lives.thing(state), Effect.die(text))
        case "run and die":
          return Effect.succeed({ state, run: soon })
        case "stream and die":
          return Effect.succeed({ state, send: Stream.concat(Stream.make("one"), Stream.fromEffect(soon)) })
        case "finish":
          return Effect.succeed({ state, finish: true })
        case "close":
          return Effect.succeed({ state, close: true })
        case "reset":
          return Effect.succeed({ state, close: "reset" })
        default:
          return Effect.succeed({ state, send: [text] })
      }
    },
    notified: (state, event: string) =>
      Effect.sync((): Turn => {
        lives.of(state).push("turn")
        return { state, send: [event] }
      }),
    closed: (state) => Effect.sync(() => void lives.of(state).push("closed"))
  })

/** The same as a script, whose `finally` is its end. */
export const script = (lives: Lives) =>
  Protocol.conversation({
    name: "mortal script",
    framing: Framing.line,
    mailbox: { capacity: 8, whenFull: "close" },
    *talk(session: Protocol.Talk<string, string, string>) {
      const { id } = session
      lives.sessions.set(id, session)
      lives.of(id).push("opened")
      try {
        yield* lives.thing(id)
        yield* lives.opening
        yield* session.say("hello")
        for (;;) {
          const heard = yield* session.hearAny
          lives.of(id).push("turn")
          const text = heard._tag === "Event" ? heard.event : heard.message
          switch (text) {
            case "wait":
              yield* lives.thing(id)
              yield* Effect.never
              break
            case "rest":
              yield* Effect.sleep(500)
              yield* lives.thing(id)
              break
            case "run":
              yield* session.run(Effect.zipRight(lives.thing(id), Effect.never))
              break
            case "stream":
              yield* session.sayAll(endless)
              break
            case "throw":
              throw new Error(text)
            case "die":
              yield* lives.thing(id)
              yield* Effect.die(text)
              break
            case "run and die":
              yield* session.run(soon)
              break
            case "stream and die":
              yield* session.sayAll(Stream.concat(Stream.make("one"), Stream.fromEffect(soon)))
              break
            case "finish":
              yield* session.finish
              break
            case "close":
              return
            case "reset":
              yield* session.reset
              break
            default:
              yield* session.say(text)
          }
        }
      } finally {
        yield* Effect.sync(() => void lives.of(id).push("closed"))
      }
    }
  })

/** An Effect a connection. It has a fiber of its own, so that its end may come before the last turn's. */
export const handler = (lives: Lives) =>
  Protocol.handler({
    name: "mortal handler",
    framing: Framing.line,
    handle: (peer) =>
      Effect.gen(function*() {
        lives.of(peer.id).push("opened")
        yield* lives.thing(peer.id)
        yield* lives.opening
        yield* peer.write("hello")
        for (;;) {
          const text = yield* peer.read
          lives.of(peer.id).push("turn")
          if (text === "wait") yield* Effect.never
          if (text === "rest") yield* Effect.sleep(500)
          if (text === "die") yield* Effect.die(text)
          if (text === "close") return
          yield* text === "stream" ? Stream.run(endless, peer.sink) : peer.write(text)
        }
      }).pipe(
        Effect.ignore,
        Effect.ensuring(Effect.sync(() => void lives.of(peer.id).push("closed")))
      )
  })
