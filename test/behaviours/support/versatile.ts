import { Framing, Protocol, type Session } from "effect-switchboard"
import * as Effect from "effect/Effect"
import * as Stream from "effect/Stream"

/** What comes of what a line asks for. */
type Event = { readonly _tag: "Told" | "Found" | "Pulled"; readonly n: number } | { readonly _tag: "End" }

const framings = { lines: Framing.line, netstrings: Framing.asText(Framing.netstring) }

/** Numbers, each of which takes its time. */
const numbers = (most: number) =>
  Stream.range(1, most).pipe(Stream.tap((n) => n % 3 === 0 ? Effect.sleep("5 millis") : Effect.void))

const find = (n: number): Effect.Effect<Event> => Effect.delay(Effect.succeed({ _tag: "Found", n }), n * 7)

const pull = (most: number): Stream.Stream<Event> =>
  Stream.concat(
    Stream.map(numbers(most), (n): Event => ({ _tag: "Pulled", n })),
    Stream.make<Array<Event>>({ _tag: "End" })
  )

const parse = (text: string): readonly [verb: string, n: number] => {
  const [, verb = "", digits = ""] = /^(\w+) (\d)$/.exec(text) ?? []
  return [verb, Number(digits)]
}

/**
 * Does whatever a protocol may do, a line at a time:
 * - `tell N`: tells itself so many events, and says each;
 * - `count N`: sends a Stream of numbers;
 * - `find N`: runs an Effect beside, and says what it found when it is there; `await N` takes no message until then;
 * - `pull N`: runs a Stream beside, and takes no message before its end;
 * - `rest N`: takes its time;
 * - `lines 0` and `netstrings 0`: change the framing;
 * - `bye 0`: closes;
 * - anything else is said again.
 */
export const machine: Protocol.TextProtocol = Protocol.make({
  name: "versatile",
  framing: Framing.line,
  open: (session: Session.Session<Event>) => Effect.succeed(Protocol.turn(session, { send: ["hello"] })),
  receive: (session: Session.Session<Event>, text) =>
    Effect.suspend((): Effect.Effect<Protocol.Turn<Session.Session<Event>, string, Event>> => {
      const [verb, n] = parse(text)
      const state = session
      switch (verb) {
        case "tell":
          for (let i = 1; i <= n; i++) session.notify({ _tag: "Told", n: i })
          return Effect.succeed({ state, send: [text] })
        case "count":
          return Effect.succeed({ state, send: Stream.map(numbers(n), String) })
        case "find":
          return Effect.succeed({ state, run: find(n) })
        case "await":
          return Effect.succeed({ state, run: find(n), listens: "events" })
        case "pull":
          return Effect.succeed({ state, run: pull(n), listens: "events", owes: true })
        case "rest":
          return Effect.delay(Effect.succeed({ state, send: [text] }), n)
        case "lines":
        case "netstrings":
          return Effect.succeed({ state, send: [text], framing: framings[verb] })
        case "bye":
          return Effect.succeed({ state, send: [text], close: true })
        default:
          return Effect.succeed({ state, send: [text] })
      }
    }),
  notified: (state, event: Event) =>
    Effect.succeed(
      event._tag === "End"
        ? { state, send: ["end"], listens: true, owes: false }
        : { state, send: [`${event._tag} ${event.n}`], ...event._tag === "Found" ? { listens: true } : {} }
    )
})

/** The same from top to bottom. */
export const script: Protocol.TextProtocol = Protocol.conversation({
  name: "versatile",
  framing: Framing.line,
  *talk(session: Protocol.Talk<string, string, Event>) {
    yield* session.say("hello")
    for (;;) {
      const heard = yield* session.hearAny
      if (heard._tag === "Event") {
        if (heard.event._tag !== "End") yield* session.say(`${heard.event._tag} ${heard.event.n}`)
        continue
      }
      const text = heard.message
      const [verb, n] = parse(text)
      switch (verb) {
        case "tell":
          for (let i = 1; i <= n; i++) session.notify({ _tag: "Told", n: i })
          yield* session.say(text)
          break
        case "count":
          yield* session.sayAll(Stream.map(numbers(n), String))
          break
        case "find":
          yield* session.run(find(n))
          break
        case "await":
        case "pull":
          yield* verb === "await" ? session.run(find(n)) : session.run(pull(n))
          for (;;) {
            const event = yield* session.hearEvent
            if (event._tag === "End") break
            yield* session.say(`${event._tag} ${event.n}`)
            if (event._tag === "Found") break
          }
          if (verb === "pull") yield* session.say("end")
          break
        case "rest":
          yield* Effect.sleep(n)
          yield* session.say(text)
          break
        case "lines":
        case "netstrings":
          yield* session.say(text)
          yield* session.reframe(framings[verb])
          break
        case "bye":
          yield* session.say(text)
          return
        default:
          yield* session.say(text)
      }
    }
  }
})
