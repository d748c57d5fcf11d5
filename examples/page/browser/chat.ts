import { Deferred, Effect, Schedule, Stream } from "effect"
import type { ClientEvent, Connector } from "effect-switchboard/browser"
import { BrowserConnector, Client, ClientProtocol, Framing, TextClient } from "effect-switchboard/browser"
import { again, append, element, span, state, submitted, tell } from "./elements.js"

const entrance = element(HTMLFormElement, "entrance")
const nameField = element(HTMLInputElement, "name")
const form = element(HTMLFormElement, "chat-form")
const field = element(HTMLInputElement, "line")
const leave = element(HTMLButtonElement, "leave")
const log = element(HTMLOListElement, "log")
const line = element(HTMLElement, "chat-state")

const lines = ClientProtocol.withFraming(TextClient.protocol, Framing.line)

/** Shows one of the two forms, and leads the keyboard there. */
const turn = (isIn: boolean): void => {
  if (entrance.hidden === isIn) return
  entrance.hidden = isIn
  form.hidden = !isIn
  ;(isIn ? field : nameField).focus()
}

/** Says on every new connection who one is. What the server answers is its welcome, or why that may not be the name. */
const introduce = (name: string, welcome: (text: string) => void) => (client: Client.Client<string, string>) =>
  Effect.gen(function*() {
    yield* client.receive
    const answer = yield* client.ask(name)
    if (!answer.startsWith("Welcome, ")) yield* Effect.fail(answer)
    welcome(answer)
  })

/** What the server has said to a name that it does not take. */
const refusal = (error: ClientEvent.GivenUp["reason"]): string | undefined =>
  error._tag === "GreetingFailed" && typeof error.cause === "string" ? error.cause : undefined

/** Tries again for as long as it takes, but for a name that is not taken. */
const schedule = Schedule.whileInput(again, (error: ClientEvent.GivenUp["reason"]) => refusal(error) === undefined)

/** A stay in the room under a name, until it is left, or the name is refused. */
const stay = (first: string): Effect.Effect<void, never, Connector.Connector> =>
  Effect.gen(function*() {
    let name = first
    const isOver = yield* Deferred.make<string>()

    /** A line of the room: what somebody says, or what happens there. */
    const show = (text: string): void => {
      const [, who, said] = /^(\w+): (.*)$/.exec(text) ?? []
      const [, before, after] = /^\* (\w+) is now (\w+)$/.exec(text) ?? []
      if (before === name && after !== undefined) name = after
      if (who !== undefined) append(log, who === name ? "said own" : "said", span("who", `${who}:`), " ", said!)
      else append(log, text.startsWith("* ") ? "news" : "told", text.replace(/^\* /, ""))
    }

    const client = yield* Client.reconnecting(lines, {
      ...BrowserConnector.here(),
      webSocket: "/chat",
      greet: introduce(first, show),
      schedule,
      away: "fail"
    })

    const heed = (event: ClientEvent.ClientEvent) =>
      Effect.suspend(() => {
        if (event._tag === "GivenUp") return Deferred.succeed(isOver, refusal(event.reason) ?? event.reason.message)
        tell(line, event)
        if (event._tag === "Connected") turn(true)
        return Effect.void
      })

    const say = (text: string): Effect.Effect<unknown> =>
      text === "/quit"
        ? Deferred.succeed(isOver, "You have left.")
        : Effect.match(client.send(text), {
          onSuccess: () => {
            field.value = ""
          },
          onFailure: (error) => append(log, "told", `Not said: ${error.message}`)
        })

    yield* Effect.forkScoped(Stream.runForEach(client.events, heed))
    yield* Effect.forkScoped(Stream.runForEach(client.messages, (text) => Effect.sync(() => show(text))))
    yield* Effect.forkScoped(Stream.runForEach(submitted(form, field), say))
    yield* Effect.forkScoped(Stream.runForEach(Stream.fromEventListener(leave, "click"), () => say("/quit")))
    state(line, "idle", yield* Deferred.await(isOver))
    field.value = ""
    turn(false)
  }).pipe(Effect.scoped)

export const chat: Effect.Effect<void, never, Connector.Connector> = Stream.runForEach(
  submitted(entrance, nameField),
  stay
)
