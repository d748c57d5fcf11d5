// What both parts of the page have: a form, a list that grows, and a line that says how things are.
import { Effect, Schedule, Stream } from "effect"
import type { ClientEvent } from "effect-switchboard/browser"

/** When to connect again: soon, and then every three seconds. */
export const again = Schedule.jittered(Schedule.union(Schedule.exponential("100 millis"), Schedule.spaced("3 seconds")))

export const element = <A extends HTMLElement>(kind: new() => A, id: string): A => {
  const found = document.getElementById(id)
  if (!(found instanceof kind)) throw new Error(`the page has no ${kind.name} of the id ${id}`)
  return found
}

/** What is typed into a form's field, each time it is sent. */
export const submitted = (form: HTMLFormElement, field: HTMLInputElement): Stream.Stream<string> =>
  Stream.fromEventListener<SubmitEvent>(form, "submit").pipe(
    Stream.tap((event) => Effect.sync(() => event.preventDefault())),
    Stream.map(() => field.value.trim()),
    Stream.filter((text) => text !== "")
  )

/** Entries that a list keeps: older ones go. */
const most = 500

/** Adds an entry to a list. It stays at its end, unless somebody has scrolled back to read. */
export const append = (list: HTMLElement, kind: string, ...parts: ReadonlyArray<Node | string>): HTMLLIElement => {
  const isAtEnd = list.scrollHeight - list.scrollTop - list.clientHeight < 40
  const entry = document.createElement("li")
  entry.className = kind
  entry.append(...parts)
  list.append(entry)
  if (list.childElementCount > most) list.firstElementChild?.remove()
  if (isAtEnd) list.scrollTop = list.scrollHeight
  return entry
}

/** An element of a class, with a text. */
export const span = (kind: string, text: string): HTMLSpanElement => {
  const made = document.createElement("span")
  made.className = kind
  made.textContent = text
  return made
}

/** Where a part stands: its words are read out, its class has a colour. */
export const state = (line: HTMLElement, kind: "good" | "waiting" | "idle", words: string): void => {
  // What has not changed is not to be read out again, such as at the tenth attempt.
  if (line.textContent === words) return
  line.className = `state ${kind}`
  line.textContent = words
}

/** Says what happens to a connection. */
export const tell = (line: HTMLElement, event: ClientEvent.ClientEvent): void => {
  switch (event._tag) {
    case "Connected":
      return state(line, "good", "Connected.")
    case "Lost":
      return event.reason._tag === "ConnectionClosed"
        ? state(line, "waiting", `${event.reason.message} Connecting again.`)
        : state(line, "waiting", "The connection is lost. Connecting again.")
    case "Unreachable":
      // Why the connection before was lost tells more.
      if (event.error._tag === "GreetingFailed" || line.textContent.endsWith("Connecting again.")) return
      return state(line, "waiting", "The server cannot be reached. Connecting again.")
  }
}
