import { describe, expect, it } from "@effect/vitest"
import * as Effect from "effect/Effect"
import type { ConnectionEntry, PageOptions } from "../../../../../src/programs/command/admin/Administration.js"
import { Followed } from "../../../../../src/programs/command/admin/live/Followed.js"

/** A server of which only the clients matter. */
class Clients {
  private readonly all = new Map<number, ConnectionEntry>()

  readonly connections = ({ after, limit }: PageOptions) =>
    Effect.sync(() => ({
      connections: Array.from(this.all.values()).filter(({ id }) => id > after.id).slice(0, limit),
      open: this.all.size
    }))

  readonly followed = new Followed(this)

  come(from: number, to = from): void {
    for (let id = from; id <= to; id++) {
      const peer = `127.0.0.1:${id}`
      this.all.set(id, {
        worker: 0,
        id,
        peer,
        since: id,
        requests: 0,
        replies: 0,
        bytesIn: 0,
        bytesOut: 0,
        unsent: 0,
        phase: "serving"
      })
      this.followed.hear({ _tag: "Opened", at: id, worker: 0, id, peer })
    }
  }

  /** `isTold` says whether the server says so. */
  leave(id: number, isTold = true): void {
    this.all.delete(id)
    const what = { at: id, worker: 0, id, peer: `127.0.0.1:${id}`, reason: "PeerClosed", requests: 0 }
    if (isTold) this.followed.hear({ _tag: "Closed", ...what })
  }

  readonly next = Effect.map(
    this.followed.next,
    ({ ended, open, refused }) => ({
      open: open.map(({ id }) => id),
      ended: ended.map(({ id, reason }) => [id, reason]),
      refused: refused.length
    })
  )
}

const range = (from: number, to: number): ReadonlyArray<number> =>
  Array.from({ length: to - from + 1 }, (_, i) => from + i)

describe("The clients that a page follows", () => {
  it.effect("are all of a few, and it is told of each that comes and goes, however short it stays", () =>
    Effect.gen(function*() {
      const clients = new Clients()
      expect(yield* clients.next).toEqual({ open: [], ended: [], refused: 0 })
      clients.come(1, 3)
      clients.come(4)
      clients.leave(4)
      expect(yield* clients.next).toEqual({ open: [1, 2, 3], ended: [[4, "PeerClosed"]], refused: 0 })
      clients.leave(2)
      expect(yield* clients.next).toEqual({ open: [1, 3], ended: [[2, "PeerClosed"]], refused: 0 })
      expect(yield* clients.next).toEqual({ open: [1, 3], ended: [], refused: 0 })
    }))

  it.effect("are some of many: most of them stay to their end, and a few places are for those that have just come", () =>
    Effect.gen(function*() {
      const clients = new Clients()
      clients.come(1, 10_000)
      yield* clients.next
      const { open } = yield* clients.next
      expect(open.length).toBe(24)
      clients.come(20_000, 20_099)
      const later = yield* clients.next
      expect(later.open).toEqual([...open.slice(0, 18), ...range(20_094, 20_099)])
      clients.leave(open[0]!)
      const last = yield* clients.next
      expect(last.open.length).toBe(24)
      expect(last.open).not.toContain(open[0])
      expect(last.ended).toEqual([[open[0], "PeerClosed"]])
    }))

  it.effect("that are gone without a word are told as gone, once, and a little later", () =>
    Effect.gen(function*() {
      const clients = new Clients()
      clients.come(1, 2)
      yield* clients.next
      clients.leave(1, false)
      expect(yield* clients.next).toEqual({ open: [2], ended: [], refused: 0 })
      expect(yield* clients.next).toEqual({ open: [2], ended: [[1, ""]], refused: 0 })
      expect(yield* clients.next).toEqual({ open: [2], ended: [], refused: 0 })
    }))

  it.effect("are looked for no longer than it takes to ask once for each, whatever the server answers", () =>
    Effect.gen(function*() {
      const first = new Clients()
      first.come(1, 30)
      let asked = 0
      const followed = new Followed({
        connections: ({ limit }) => {
          asked++
          return first.connections({ after: { worker: 0, id: 0 }, limit })
        }
      })
      for (let id = 101; id <= 124; id++) {
        followed.hear({ _tag: "Opened", at: id, worker: 0, id, peer: `127.0.0.1:${id}` })
      }
      yield* followed.next
      asked = 0
      yield* followed.next
      expect(asked).toBeLessThan(26)
    }))

  it.effect("are told within a bound, whatever happens", () =>
    Effect.gen(function*() {
      const clients = new Clients()
      for (const id of range(1, 5000)) {
        clients.come(id)
        clients.leave(id)
        clients.followed.hear({ _tag: "Refused", at: id, worker: 0, peer: null, reason: "AtLimit", count: 1 })
      }
      clients.come(6000, 16_000)
      const { ended, open, refused } = yield* clients.next
      expect(open.length).toBe(24)
      expect([ended.length, refused]).toEqual([6, 6])
    }))
})
