import { Effect, Stream } from "effect"
import type { Connector } from "effect-switchboard/browser"
import { BrowserConnector, Client, TextClient } from "effect-switchboard/browser"
import { again, append, element, span, state, submitted, tell } from "./elements.js"

const form = element(HTMLFormElement, "calculator-form")
const field = element(HTMLInputElement, "expression")
const tape = element(HTMLOListElement, "tape")
const line = element(HTMLElement, "calculator-state")

/** What was asked, and where among it the arrow keys are. */
const history: Array<string> = []
let at = 0

const recall = (event: KeyboardEvent): void => {
  const step = event.key === "ArrowUp" ? -1 : event.key === "ArrowDown" ? 1 : 0
  if (step === 0) return
  event.preventDefault()
  at = Math.min(history.length, Math.max(0, at + step))
  field.value = history[at] ?? ""
}

/** An entry on the tape: the expression at once, and its value when it comes. */
const write = (expression: string): (kind: string, value: string) => void => {
  at = history.push(expression)
  field.value = ""
  const value = span("value pending", "…")
  append(tape, "sum", span("expression", expression), value)
  return (kind, text) => {
    value.className = `value ${kind}`
    value.textContent = text
    tape.scrollTop = tape.scrollHeight
  }
}

/** While there is no connection, expressions wait for one: to evaluate one twice does no harm. */
export const calculator: Effect.Effect<void, never, Connector.Connector> = Effect.gen(function*() {
  state(line, "waiting", "Connecting.")
  const client = yield* Client.reconnecting(TextClient.calc, {
    ...BrowserConnector.here(),
    webSocket: "/calculator",
    schedule: again,
    retry: "unanswered"
  })
  field.addEventListener("keydown", recall)

  const calculate = (expression: string) =>
    Effect.suspend(() => {
      const fill = write(expression)
      return Effect.match(client.ask(expression), {
        onSuccess: (value) => fill("good", value),
        onFailure: (error) => fill("bad", error._tag === "RequestRejected" ? error.reason : error.message)
      })
    })

  yield* Effect.all([
    Stream.runForEach(client.events, (event) => Effect.sync(() => tell(line, event))),
    Stream.runForEach(submitted(form, field), (expression) => Effect.fork(calculate(expression)))
  ], { concurrency: "unbounded", discard: true })
}).pipe(Effect.scoped)
