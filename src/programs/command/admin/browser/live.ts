/** The page, as long as it is open. */
import { count, time } from "../../report/figures.js"
import type { Frame } from "../live/Frame.js"
import type { Rates } from "../live/rates.js"
import { refusedOf } from "../live/rates.js"
import { Charts } from "./charts.js"
import { Controls } from "./Controls.js"
import { Conversation } from "./Conversation.js"
import { element, plural, say } from "./elements.js"
import { Feed } from "./Feed.js"
import { bytes, elapsed } from "./figures.js"
import { History } from "./History.js"
import { Lanes } from "./Lanes.js"

const history = new History()
const charts = new Charts()
const controls = new Controls()
const conversation = new Conversation(() => lanes.deselect())
const lanes = new Lanes((entry) => conversation.show(entry))

const words: Readonly<Record<Frame["health"]["state"], string>> = {
  starting: "starting",
  ready: "ready",
  draining: "draining",
  stopped: "stopped"
}

/** A number, and what stands small beside it. */
const tile = (id: string, value: string, beside: string): void => {
  say(element(id), value)
  say(element(`${id}-beside`), beside)
}

const rate = (value: number): string => value > 0 && value < 10 ? value.toFixed(1) : count(value)

const tiles = ({ figures, health }: Frame, rates: Rates | undefined): void => {
  tile("active", count(figures.active), `of ${count(figures.limit)}`)
  tile("workers", count(health.workers), rates === undefined ? "" : `${(rates.cpu * 100).toFixed(0)} % CPU`)
  tile("memory", bytes(figures.memory), "resident")
  tile("waiting", count(figures.waiting), `${count(figures.working)} in progress`)
  element("waiting").classList.toggle("warn", figures.stalled > 0)
  if (rates === undefined) return
  tile("requests", rate(rates.requests), "/s")
  tile("p50", rates.p50 === undefined ? "–" : time(rates.p50), "half take less")
  tile("p99", rates.p99 === undefined ? "–" : time(rates.p99), "99 of 100 take less")
  tile("refused", rate(rates.refused), `/s, ${count(refusedOf(figures))} in all`)
  element("refused").classList.toggle("warn", rates.refused > 0)
  tile("lag", rates.lag === undefined ? "–" : time(rates.lag), "event loop, p99")
  element("lag").classList.toggle("warn", (rates.lag ?? 0) > 100)
  tile("traffic", `${bytes(rates.bytesIn)}/s`, `in, ${bytes(rates.bytesOut)}/s out`)
}

const link = element("link")
const state = element("state")

/** Of the server. */
let startedAt = 0

const away = (since: number): void => {
  history.interrupt()
  document.body.classList.add("away")
  link.className = "away"
  say(link, "The server is away. Trying again.")
  element("link-since").textContent = `for ${elapsed(Date.now() - since)}`
}

new Feed({
  terms: (terms) => {
    // Its page may be another.
    if (document.body.dataset["version"] !== terms.version) return location.reload()
    controls.terms(terms)
    conversation.setShowsMessages(terms.showsMessages)
  },
  frame: (frame) => {
    document.body.classList.remove("away")
    link.className = "live"
    say(link, "Live")
    element("link-since").textContent = ""
    const { clients, figures, health } = frame
    say(element("protocol"), frame.protocol === "" ? "switchboard" : frame.protocol)
    document.title = `${count(figures.active)} · ${frame.protocol} · switchboard`
    state.className = health.state
    say(state, words[health.state])
    element("uptime").textContent = `up ${elapsed(frame.at - health.startedAt)}`
    if (health.startedAt !== startedAt) {
      lanes.clear()
      conversation.clear()
      startedAt = health.startedAt
    }
    const rates = history.add(frame)
    tiles(frame, rates)
    charts.draw(history.points)
    lanes.update(clients, figures.active, frame.at)
    conversation.update(clients.open, clients.ended)
    controls.update(frame)
    element("summary").textContent = plural(figures.accepted, "client") + " so far"
  },
  away
}).open()
