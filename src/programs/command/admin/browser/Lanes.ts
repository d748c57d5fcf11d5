/** Clients as lanes: from their coming, by what they do, to their end. */
import { endShapes } from "../../report/endShapes.js"
import { count } from "../../report/figures.js"
import type { ConnectionEntry } from "../Administration.js"
import type { Clients, Ended, Turned } from "../live/Frame.js"
import { element, plural } from "./elements.js"
import { kindOf, wordsOf } from "./reasons.js"

/** Milliseconds from one edge of a lane to the other, and until one that has ended makes room. */
const span = 60_000
const farewell = 8000

/** Lanes at once, of those that have ended too; where there are more, they make room sooner. */
const most = 36

const list = element("lanes")
const still = matchMedia("(prefers-reduced-motion: reduce)")

type State = "thinking" | "served" | "stalled"

/** How high a bar is: for one request, for up to ten, for up to a hundred, and for more. */
const levelOf = (requests: number): number => Math.min(4, 1 + Math.ceil(Math.log10(Math.max(1, requests))))

const keyOf = ({ id, worker }: { readonly id: number; readonly worker: number }): string => `${worker}#${id}`

type End = keyof typeof endShapes

const svg = (name: string, attributes: Readonly<Record<string, string>>): SVGElement => {
  const made = document.createElementNS("http://www.w3.org/2000/svg", name)
  for (const [attribute, value] of Object.entries(attributes)) made.setAttribute(attribute, value)
  return made
}

/** A place in the picture, which it keeps. */
class Lane {
  readonly key: string
  readonly slot: number
  readonly item = document.createElement("li")
  readonly button = document.createElement("button")
  private readonly track = document.createElement("span")
  private readonly strip = document.createElement("span")
  private readonly words = document.createElement("span")
  private readonly base: number
  private last: { state: State; level: number; from: number; readonly bar: HTMLElement } | undefined
  private drawnTo: number
  private requests = 0
  endedAt: number | undefined
  entry: ConnectionEntry | undefined

  constructor(key: string, slot: number, name: string, since: number, now: number) {
    this.key = key
    this.slot = slot
    this.base = Math.max(since, now - span)
    this.drawnTo = this.base
    const label = document.createElement("span")
    label.className = "who"
    label.textContent = name
    this.track.className = "track"
    this.strip.className = "strip"
    this.words.className = "words"
    this.track.append(this.strip)
    this.button.type = "button"
    this.button.append(label, this.track, this.words)
    this.item.style.gridRow = String(slot + 1)
    this.item.append(this.button)
    if (since > now - span) this.mark("come", since)
  }

  private place(at: number): string {
    return `${((at - this.base) / span) * 100}%`
  }

  private mark(kind: "come" | End, at: number): void {
    const mark = svg("svg", { viewBox: "-8 -8 16 16", class: `mark ${kind}`, "aria-hidden": "true" })
    mark.append(kind === "come" ? svg("circle", { r: "4.5" }) : svg("path", { d: endShapes[kind] }))
    mark.style.left = this.place(at)
    this.strip.append(mark)
  }

  private draw(state: State, level: number, to: number): void {
    if (to <= this.drawnTo) return
    if (this.last?.state !== state || this.last.level !== level) {
      const bar = document.createElement("span")
      bar.className = `bar ${state} level${level}`
      bar.style.left = this.place(this.drawnTo)
      this.strip.append(bar)
      this.last = { state, level, from: this.drawnTo, bar }
    }
    this.last.bar.style.width = `${((to - this.last.from) / span) * 100}%`
    this.drawnTo = to
  }

  update(entry: ConnectionEntry, at: number): void {
    // Of one who has been here for a while nobody knows when it asked.
    const isKnown = this.entry !== undefined || entry.since > at - 2000
    const asked = isKnown ? Math.max(0, entry.requests - this.requests) : 0
    this.requests = entry.requests
    this.entry = entry
    if (entry.unsent > 0 && asked === 0) this.draw("stalled", 1, at)
    else this.draw(asked > 0 ? "served" : "thinking", asked > 0 ? levelOf(asked) : 0, at)
    const doing = entry.phase === "serving" ? "" : `${entry.phase}, `
    this.words.textContent = doing + plural(entry.requests, "request")
  }

  end(at: number, kind: End, words: string, requests: number): void {
    this.draw(requests > this.requests ? "served" : "thinking", requests > this.requests ? 1 : 0, at)
    this.mark(kind, Math.max(at, this.base))
    this.words.textContent = words
    this.item.className = "over"
    this.endedAt = at
  }

  /** The right edge is what was known a second ago: until the next frame it goes to what is known now. */
  move(now: number): void {
    const shift = (to: number): string => `translateX(${100 - ((to - this.base) / span) * 100}%)`
    if (still.matches) {
      this.strip.style.transform = shift(now)
      return
    }
    this.strip.style.transition = "none"
    this.strip.style.transform = shift(now - 1000)
    void this.strip.offsetWidth
    this.strip.style.transition = ""
    this.strip.style.transform = shift(now)
    for (const old of [...this.strip.children] as Array<HTMLElement>) {
      const right = parseFloat(old.style.left) + (parseFloat(old.style.width) || 2)
      if (right < ((now - span - this.base) / span) * 100 - 2) old.remove()
    }
  }
}

export class Lanes {
  private readonly lanes = new Map<string, Lane>()
  private turned = 0
  private readonly choose: (lane: Lane) => void
  private chosen: string | undefined

  /** `choose` is told which connection somebody wants to see. */
  constructor(choose: (entry: ConnectionEntry) => void) {
    this.choose = ({ entry, key }) => {
      if (entry === undefined) return
      this.select(key)
      choose(entry)
    }
  }

  private add(key: string, name: string, since: number, now: number): Lane {
    const taken = new Set(Array.from(this.lanes.values(), ({ slot }) => slot))
    let slot = 0
    while (taken.has(slot)) slot++
    const lane = new Lane(key, slot, name, since, now)
    lane.button.addEventListener("click", () => this.choose(lane))
    lane.button.setAttribute("aria-pressed", "false")
    this.lanes.set(key, lane)
    // In the order in which they are seen, for who goes through them by the keyboard.
    const next = Array.from(this.lanes.values()).filter((other) => other.slot > slot)
      .toSorted((a, b) => a.slot - b.slot).at(0)
    list.insertBefore(lane.item, next?.item ?? null)
    return lane
  }

  private select(key: string | undefined): void {
    this.chosen = key
    for (const lane of this.lanes.values()) lane.button.setAttribute("aria-pressed", String(lane.key === key))
  }

  /** Another server: whoever was there is not. */
  clear(): void {
    list.replaceChildren()
    this.lanes.clear()
    this.chosen = undefined
  }

  deselect(): void {
    const { chosen } = this
    this.select(undefined)
    if (chosen !== undefined) this.lanes.get(chosen)?.button.focus()
  }

  update({ ended, open, refused }: Clients, active: number, now: number): void {
    for (const entry of open) {
      const key = keyOf(entry)
      const name = entry.worker === 0 ? entry.peer : `${entry.worker}: ${entry.peer}`
      const lane = this.lanes.get(key) ?? this.add(key, name, entry.since, now)
      lane.update(entry, now)
    }
    for (const end of ended) this.end(end, now)
    for (const one of refused) this.refuse(one, now)
    this.makeRoom()
    const here = new Set(open.map(keyOf))
    for (const lane of this.lanes.values()) {
      // Somebody else's place: it goes on, and is not followed any more.
      const isDropped = lane.endedAt === undefined && !here.has(lane.key)
      if (isDropped ? lane.key !== this.chosen : lane.endedAt !== undefined && lane.endedAt < now - farewell) {
        this.remove(lane)
      } else lane.move(now)
    }
    element("lanes-empty").hidden = this.lanes.size > 0
    element("lanes-caption").textContent = active > open.length ? `${count(open.length)} of ${count(active)}` : ""
  }

  private makeRoom(): void {
    const over = Array.from(this.lanes.values()).filter(({ endedAt }) => endedAt !== undefined)
      .toSorted((a, b) => a.endedAt! - b.endedAt!)
    for (const lane of over.slice(0, Math.max(0, this.lanes.size - most))) this.remove(lane)
  }

  private remove(lane: Lane): void {
    const hadFocus = lane.item.contains(document.activeElement)
    lane.item.remove()
    this.lanes.delete(lane.key)
    if (hadFocus) list.focus()
  }

  private end(end: Ended, now: number): void {
    const key = keyOf(end)
    const lane = this.lanes.get(key) ?? this.add(key, end.peer, end.since, now)
    if (lane.endedAt !== undefined) return
    lane.end(end.at, kindOf(end.reason), wordsOf(end.reason), end.requests)
  }

  private refuse({ at, peer, reason }: Turned, now: number): void {
    const lane = this.add(`refused#${this.turned++}`, peer ?? "somebody", at, now)
    lane.end(at, "refused", wordsOf(reason), 0)
  }
}
