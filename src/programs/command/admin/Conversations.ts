import * as Effect from "effect/Effect"
import * as Schedule from "effect/Schedule"
import * as Stream from "effect/Stream"
import type { Shape as Observer } from "../../../services/Observer.js"
import { show } from "../console/wire.js"
import type { Said } from "./Administration.js"
import { Refused } from "./Refused.js"

/** Messages told at a time, and how long until the next; of more it is only said how many there were. */
const most = 50
const pace = "200 millis"

export interface Taken {
  readonly said: ReadonlyArray<Said>
  readonly isOver: boolean
}

/** Where one can listen: in this process, or in another. */
export interface Source {
  /** Gives the number of a listener who hears from now on what is said on a connection; null where there is none such. */
  readonly listen: (connection: number) => Effect.Effect<number | null>
  /** What the listener has heard since the last time. */
  readonly take: (listener: number) => Effect.Effect<Taken>
  readonly leave: (listener: number) => Effect.Effect<void>
}

export const hidden = new Refused({
  status: 403,
  message: "Messages are their clients' own: start with --admin-show-messages to see them here."
})

export const missing = (connection: number): Refused =>
  new Refused({ status: 404, message: `There is no connection ${connection}.` })

/** It is over, and nobody has said why. */
export const gone = (): Taken => ({ said: [{ _tag: "Ended", at: Date.now(), reason: "" }], isOver: true })

/** What is said on a connection, some at a time, until it is over. It may be nothing. */
export const stream = ({ leave, listen, take }: Source, connection: number): Stream.Stream<ReadonlyArray<Said>> =>
  Stream.unwrapScoped(Effect.map(
    Effect.acquireRelease(listen(connection), (listener) => listener === null ? Effect.void : leave(listener)),
    (listener) =>
      Stream.repeatEffectWithSchedule(
        listener === null ? Effect.sync(gone) : take(listener),
        Schedule.spaced(pace)
      ).pipe(
        Stream.takeUntil(({ isOver }) => isOver),
        Stream.map(({ said }) => said)
      )
  ))

/** One who listens to a connection. */
class Listener {
  readonly connection: number
  private said: Array<Said> = []
  private omitted = 0
  private isOver = false

  constructor(connection: number) {
    this.connection = connection
  }

  /** `make` makes the text, where there is room for it. */
  hear(make: () => Said): void {
    if (this.said.length < most) this.said.push(make())
    else this.omitted++
  }

  end(said: Said): void {
    this.isOver = true
    this.said.push(said)
  }

  take(at: number): Taken {
    const { isOver, omitted, said } = this
    this.said = []
    this.omitted = 0
    return { said: omitted === 0 ? said : [...said, { _tag: "Omitted", at, count: omitted }], isOver }
  }
}

/** What is said on the connections of a server of this process. While nobody listens, nothing is made of it. */
export class Conversations {
  private readonly listeners = new Map<number, Listener>()
  private readonly ofConnection = new Map<number, ReadonlyArray<Listener>>()
  private readonly now: () => number
  private next = 0

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
        for (const listener of this.ofConnection.get(event.id) ?? []) {
          listener.hear(() => ({ _tag: of, at: this.now(), text: show(event.message) }))
        }
      } else if (event._tag === "Closed") {
        for (const listener of this.ofConnection.get(event.id) ?? []) {
          listener.end({ _tag: "Ended", at: this.now(), reason: event.reason })
        }
      }
    }
  }

  /** The connection must be there. */
  listen(connection: number): number {
    const listener = new Listener(connection)
    this.listeners.set(++this.next, listener)
    this.ofConnection.set(connection, [...this.ofConnection.get(connection) ?? [], listener])
    return this.next
  }

  take(number: number): Taken {
    return this.listeners.get(number)?.take(this.now()) ?? gone()
  }

  leave(number: number): void {
    const listener = this.listeners.get(number)
    if (listener === undefined) return
    this.listeners.delete(number)
    const rest = (this.ofConnection.get(listener.connection) ?? []).filter((other) => other !== listener)
    if (rest.length > 0) this.ofConnection.set(listener.connection, rest)
    else this.ofConnection.delete(listener.connection)
  }
}
