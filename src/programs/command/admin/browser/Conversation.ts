/** One connection, and what is said on it. */
import { count } from "../../report/figures.js"
import type { ConnectionEntry, Said } from "../Administration.js"
import { ask, NotDone } from "./ask.js"
import { element, say } from "./elements.js"
import { bytes, clock, elapsed } from "./figures.js"
import { wordsOf } from "./reasons.js"

const panel = element("conversation")
const log = element("said")
const note = element("said-note")
const close = element("disconnect") as HTMLButtonElement

/** Lines that are kept. */
const most = 500

const path = (what: string, { id, worker }: ConnectionEntry): string => `${what}?worker=${worker}&id=${id}`

export class Conversation {
  private readonly left: () => void
  private entry: ConnectionEntry | undefined
  private listening: AbortController | undefined
  private showsMessages = false

  /** `left` is told when the reader has seen enough. */
  constructor(left: () => void) {
    this.left = left
    element("conversation-close").addEventListener("click", () => this.hide())
    panel.addEventListener("keydown", ({ key }) => {
      if (key === "Escape") this.hide()
    })
    close.addEventListener("click", () => void this.disconnect())
  }

  setShowsMessages(showsMessages: boolean): void {
    this.showsMessages = showsMessages
  }

  show(entry: ConnectionEntry): void {
    this.listening?.abort()
    this.entry = entry
    panel.hidden = false
    log.replaceChildren()
    log.hidden = !this.showsMessages
    close.disabled = false
    element("conversation-title").textContent = entry.peer
    this.facts(entry)
    say(note, this.showsMessages ? "" : "Start with --admin-show-messages to see what is said.")
    element("conversation-close").focus({ preventScroll: true })
    panel.scrollIntoView({ block: "nearest", behavior: "smooth" })
    if (this.showsMessages) void this.listen(entry)
  }

  private hide(): void {
    this.listening?.abort()
    this.entry = undefined
    panel.hidden = true
    this.left()
  }

  /** What the connection has come to, while it is followed. */
  update(
    open: ReadonlyArray<ConnectionEntry>,
    ended: ReadonlyArray<{ worker: number; id: number; reason: string }>
  ): void {
    const { entry } = this
    if (entry === undefined) return
    const isIt = ({ id, worker }: { readonly id: number; readonly worker: number }): boolean =>
      id === entry.id && worker === entry.worker
    const now = open.find(isIt)
    if (now !== undefined) this.facts(now)
    const end = ended.find(isIt)
    if (end !== undefined) this.over(end.reason)
  }

  /** Another server: whoever was there is not. */
  clear(): void {
    if (this.entry === undefined) return
    this.listening?.abort()
    this.over("")
  }

  private over(reason: string): void {
    close.disabled = true
    say(note, `It is over: ${wordsOf(reason)}.`)
  }

  private facts(entry: ConnectionEntry): void {
    const { bytesIn, bytesOut, id, phase, replies, requests, since, tls, unsent, via, worker } = entry
    const facts: ReadonlyArray<readonly [string, string]> = [
      ["connection", worker === 0 ? String(id) : `${id} of worker ${worker}`],
      ...(via === undefined ? [] : [["by way of", via] as const]),
      ["since", `${clock.format(since)}, ${elapsed(Date.now() - since)}`],
      ["requests", count(requests)],
      ["replies", count(replies)],
      ["received", bytes(bytesIn)],
      ["sent", bytes(bytesOut)],
      ...(unsent === 0 ? [] : [["not taken yet", bytes(unsent)] as const]),
      ["phase", phase],
      ...(tls === undefined ? [] : [["TLS", tls] as const])
    ]
    element("facts").replaceChildren(...facts.map(([name, value]) => {
      const group = document.createElement("div")
      const term = document.createElement("dt")
      const description = document.createElement("dd")
      term.textContent = name
      description.textContent = value
      group.append(term, description)
      return group
    }))
  }

  private async listen(entry: ConnectionEntry): Promise<void> {
    const { signal } = this.listening = new AbortController()
    try {
      const { body } = await ask(path("messages", entry), { signal })
      if (body === null) return
      say(note, "What is said from now on:")
      let text = ""
      const reader = body.pipeThrough(new TextDecoderStream()).getReader()
      for (;;) {
        const { done, value } = await reader.read()
        if (done) return
        text += value
        const events = text.split("\n\n")
        text = events.pop() ?? ""
        for (const event of events) {
          const [, data] = /^data: (.*)$/m.exec(event) ?? []
          if (data !== undefined) this.append(JSON.parse(data))
        }
      }
    } catch (error) {
      if (!signal.aborted) {
        say(note, error instanceof NotDone ? error.message || "It takes the token." : "The server is away.")
      }
    }
  }

  private append(said: ReadonlyArray<Said>): void {
    const isAtEnd = log.scrollHeight - log.scrollTop - log.clientHeight < 40
    log.append(...said.map((one) => {
      const line = document.createElement("div")
      const at = document.createElement("time")
      at.textContent = clock.format(one.at)
      const text = document.createElement("span")
      line.className = one._tag.toLowerCase()
      text.textContent = textOf(one)
      line.append(at, text)
      return line
    }))
    while (log.childElementCount > most) log.firstElementChild?.remove()
    if (isAtEnd) log.scrollTop = log.scrollHeight
    const end = said.find((one) => one._tag === "Ended")
    if (end !== undefined) this.over(end.reason)
  }

  private async disconnect(): Promise<void> {
    const { entry } = this
    if (entry === undefined) return
    try {
      await ask(path("connections", entry), { method: "DELETE" })
      say(note, "It is being closed.")
    } catch (error) {
      if (error instanceof NotDone && error.message !== "") say(note, error.message)
    }
  }
}

const textOf = (said: Said): string => {
  switch (said._tag) {
    case "Received":
      return `received ${said.text}`
    case "Sent":
      return `sent ${said.text}`
    case "Omitted":
      return `… and ${count(said.count)} more`
    default:
      return wordsOf(said.reason)
  }
}
