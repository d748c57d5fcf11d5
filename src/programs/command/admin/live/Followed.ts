import * as Effect from "effect/Effect"
import type { Administration, ConnectionEntry, ConnectionKey, Happening } from "../Administration.js"
import type { Clients, Ended, Turned } from "./Frame.js"

/** Clients that are followed at once; the last few places always go to those that have just come. */
const most = 24
const guests = 6

/** Of those that came and went, and of those that were refused, so many are told at a time. */
const brief = 6

type Opened = Extract<Happening, { _tag: "Opened" }>

const key = ({ id, worker }: ConnectionKey): string => `${worker}#${id}`

const isBefore = (a: ConnectionKey, b: ConnectionKey): boolean =>
  a.worker < b.worker || (a.worker === b.worker && a.id <= b.id)

/** One of whom no more is known than that it has come. */
const entryOf = ({ at, id, peer, worker }: Opened): ConnectionEntry => ({
  worker,
  id,
  peer,
  since: at,
  requests: 0,
  replies: 0,
  bytesIn: 0,
  bytesOut: 0,
  unsent: 0,
  phase: "serving"
})

/** Some clients of many, from their coming to their going: what is kept of them, and told, has a bound. */
export class Followed {
  private readonly connections: (typeof Administration.Service)["connections"]
  /** In the order in which they came to be followed. */
  private open: ReadonlyArray<ConnectionEntry> = []
  /** Those that were not there any more, when nobody had said yet why. */
  private missing: ReadonlyArray<ConnectionEntry> = []
  private readonly opened = new Map<string, Opened>()
  private readonly ends = new Map<string, Ended>()
  private refused: Array<Turned> = []
  /** How many have come and gone since the last time. */
  private briefly = 0

  constructor({ connections }: Pick<typeof Administration.Service, "connections">) {
    this.connections = connections
  }

  hear(happening: Happening): void {
    if (happening._tag === "Opened") {
      this.opened.set(key(happening), happening)
      if (this.opened.size > most) this.opened.delete(this.opened.keys().next().value!)
    } else if (happening._tag === "Closed") {
      this.end(happening)
    } else if (happening._tag === "Refused") {
      const { at, peer, reason } = happening
      if (this.refused.length < brief) this.refused.push({ at, peer, reason })
    }
  }

  private end({ _tag, ...end }: Extract<Happening, { _tag: "Closed" }>): void {
    const name = key(end)
    const isKnown = [...this.open, ...this.missing].find((entry) => key(entry) === name)
    const come = this.opened.get(name)
    this.opened.delete(name)
    if (isKnown !== undefined) this.ends.set(name, { ...end, since: isKnown.since })
    else if (come !== undefined && this.briefly++ < brief) this.ends.set(name, { ...end, since: come.at })
  }

  /** How those are that are followed now, and what has happened since the last time. */
  readonly next: Effect.Effect<Clients> = Effect.gen(this, function*() {
    const [now, count] = yield* this.look
    const [there, gone] = [new Set(now.map(key)), [...this.missing, ...this.open]]
    const lost = this.missing.filter((entry) => !this.ends.has(key(entry)))
    this.missing = gone.filter((entry) => !there.has(key(entry)) && !this.ends.has(key(entry)) && !lost.includes(entry))
    const ended = [
      ...this.ends.values(),
      ...lost.map(({ id, peer, requests, since, worker }) => ({
        worker,
        id,
        peer,
        since,
        at: Date.now(),
        reason: "",
        requests
      }))
    ]
    const come = Array.from(this.opened.values(), entryOf).filter((entry) => !there.has(key(entry)))
    const { refused } = this
    this.ends.clear()
    this.opened.clear()
    this.refused = []
    this.briefly = 0
    this.open = yield* this.fill(now, come, count)
    return { open: this.open, ended, refused }
  })

  /** Those that are still there, and how many there are in all. */
  private readonly look: Effect.Effect<readonly [ReadonlyArray<ConnectionEntry>, number]> = Effect.gen(
    this,
    function*() {
      const found = new Map<string, ConnectionEntry>()
      const unknown = this.open.toSorted((a, b) => a.worker - b.worker || a.id - b.id)
      let open = 0
      do {
        const [first] = unknown
        const after = first === undefined ? { worker: 0, id: 0 } : { worker: first.worker, id: first.id - 1 }
        const page = yield* this.connections({ after, limit: most })
        open = page.open
        for (const entry of page.connections) found.set(key(entry), entry)
        // A page that is not full is the last.
        const last = page.connections.length < most ? undefined : page.connections.at(-1)
        const rest = last === undefined ? -1 : unknown.findIndex((entry) => !isBefore(entry, last))
        // Each page answers for one at least, whatever it is: this comes to an end.
        unknown.splice(0, rest === -1 ? unknown.length : Math.max(1, rest))
      } while (unknown.length > 0)
      return [this.open.flatMap((entry) => found.get(key(entry)) ?? []), open]
    }
  )

  /** Who else is followed. */
  private fill(
    now: ReadonlyArray<ConnectionEntry>,
    come: ReadonlyArray<ConnectionEntry>,
    count: number
  ): Effect.Effect<ReadonlyArray<ConnectionEntry>> {
    if (now.length + come.length > most) {
      const [stay, leave] = [now.slice(0, most - guests), now.slice(most - guests)]
      return Effect.succeed([...stay, ...[...leave, ...come].slice(stay.length - most)])
    }
    const all = [...now, ...come]
    if (all.length === most || all.length >= count) return Effect.succeed(all)
    const known = new Set(all.map(key))
    return Effect.map(
      this.connections({ after: { worker: 0, id: 0 }, limit: most }),
      ({ connections }) => [...all, ...connections.filter((entry) => !known.has(key(entry)))].slice(0, most)
    )
  }
}
