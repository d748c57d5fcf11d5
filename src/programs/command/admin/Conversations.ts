import * as Effect from "effect/Effect"
import * as Schedule from "effect/Schedule"
import * as Stream from "effect/Stream"
import type { Shape as Observer } from "../../../services/Observer.js"
import { show } from "../console/wire.js"
import type { Said } from "./Administration.js"

/** Messages told at a time, and how long until the next; of more it is only said how many there were. */
const most = 50
const pace = "200 millis"

/** One who listens to a connection. */
class Listener {
  private said: Array<Said> = []
  private omitted = 0
  private isOver = false

  /** `make` makes the text, where there is room for it. */
  hear(make: () => Said): void {
    if (this.said.length < most) this.said.push(make())
    else this.omitted++
  }

  end(said: Said): void {
    this.isOver = true
    this.said.push(said)
  }

  take(at: number): { readonly said: ReadonlyArray<Said>; readonly isOver: boolean } {
    const { isOver, omitted, said } = this
    this.said = []
    this.omitted = 0
    return { said: omitted === 0 ? said : [...said, { _tag: "Omitted", at, count: omitted }], isOver }
  }
}

/** What is said on connections, for whoever listens to one. While nobody does, nothing is made of it. */
export class Conversations {
  private readonly listeners = new Map<number, Set<Listener>>()
  private readonly now: () => number

  /** `now` is milliseconds since 1970. */
  constructor(now: () => number) {
    this.now = now
  }

  readonly observer: Observer = {
    messages: true,
    observe: (event) => {
      if (this.listeners.size === 0) return
      if (event._tag === "Request" || event._tag === "Reply") {
        const of = event._tag === "Request" ? "Received" : "Sent"
        for (const listener of this.listeners.get(event.id) ?? []) {
          listener.hear(() => ({ _tag: of, at: this.now(), text: show(event.message) }))
        }
      } else if (event._tag === "Closed") {
        for (const listener of this.listeners.get(event.id) ?? []) {
          listener.end({ _tag: "Ended", at: this.now(), reason: event.reason })
        }
      }
    }
  }

  /** What is said from now on, some at a time, until the connection is over. It may be nothing. */
  readonly stream = (id: number): Stream.Stream<ReadonlyArray<Said>> =>
    Stream.unwrapScoped(Effect.map(
      Effect.acquireRelease(
        Effect.sync(() => this.add(id)),
        (listener) => Effect.sync(() => this.remove(id, listener))
      ),
      (listener) =>
        Stream.repeatEffectWithSchedule(Effect.sync(() => listener.take(this.now())), Schedule.spaced(pace)).pipe(
          Stream.takeUntil(({ isOver }) => isOver),
          Stream.map(({ said }) => said)
        )
    ))

  private add(id: number): Listener {
    const listener = new Listener()
    const others = this.listeners.get(id)
    if (others === undefined) this.listeners.set(id, new Set([listener]))
    else others.add(listener)
    return listener
  }

  private remove(id: number, listener: Listener): void {
    const all = this.listeners.get(id)
    all?.delete(listener)
    if (all?.size === 0) this.listeners.delete(id)
  }
}
