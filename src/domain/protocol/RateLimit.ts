import type * as Clock from "effect/Clock"
import * as Duration from "effect/Duration"
import * as Effect from "effect/Effect"
import { dual } from "effect/Function"
import * as Done from "../Done.js"
import type { Protocol, Turn } from "./Machine.js"
import type { AnyEffect, AnyMachine, AnyTurn } from "./Wrapped.js"
import { remade } from "./Wrapped.js"

/**
 * How many messages of a connection are taken, and in how long.
 *
 * @since 0.2.0
 * @category models
 */
export interface Rate {
  /** Messages that may come at once. */
  readonly limit: number
  /** The time in which so many are taken: one after each `per / limit`, when the first have come. */
  readonly per: Duration.DurationInput
}

/** A connection under a rate, by the generic cell rate algorithm (ITU-T I.371): one time says how far its peer is ahead. */
class Metered {
  private readonly clock: Clock.Clock
  private readonly interval: number
  private readonly per: number
  /** When all that was taken has been paid for, in milliseconds. */
  private paid = 0
  /** No message is taken until then. */
  private restsUntil = -Infinity
  private isResting = false
  state: unknown = undefined
  /** What the protocol has said, which a rest must leave as it was. */
  private listens: Turn<never, never>["listens"] = true
  private owes = false
  private wakesAt = Infinity

  constructor(clock: Clock.Clock, interval: number, per: number) {
    this.clock = clock
    this.interval = interval
    this.per = per
  }

  /** A message was taken. */
  count(): void {
    const now = this.now()
    this.paid = Math.max(this.paid, now) + this.interval
    this.restsUntil = this.paid - this.per + this.interval
    this.isResting = this.restsUntil > now
  }

  /** Whether a wake is the protocol's own; else it is the end of a rest. */
  isWoken(): boolean {
    if (this.wakesAt > this.now()) return false
    this.wakesAt = Infinity
    return true
  }

  take(turn: AnyTurn): AnyTurn {
    const { listens, owes, state, wake } = turn
    this.state = state
    if (listens !== undefined) this.listens = listens
    if (owes !== undefined) this.owes = owes
    if (wake !== undefined) this.wakesAt = this.now() + Math.max(0, Duration.toMillis(wake))
    if (!this.isResting) return { ...turn, state: this }
    const now = this.now()
    this.isResting = this.restsUntil > now
    if (!this.isResting) {
      return { ...turn, state: this, listens: this.listens, owes: this.owes, wake: this.wakesAt - now }
    }
    // A stop waits until the messages that wait are taken.
    const heeds = this.listens === true || this.listens === "events"
    const wakesIn = Math.min(this.wakesAt, this.restsUntil) - now
    return { ...turn, state: this, listens: heeds ? "events" : false, owes: true, wake: wakesIn }
  }

  /** Of the clock that is not set (`MonotonicTime`). */
  private now(): number {
    return Number(this.clock.unsafeCurrentTimeNanos() / 1_000_000n)
  }
}

const of = (metered: unknown): Metered => metered as Metered

const take = (metered: Metered, turn: AnyEffect<AnyTurn>): AnyEffect<AnyTurn> =>
  Done.map(turn, (turn) => metered.take(turn))

const metering = (machine: AnyMachine, interval: number, per: number): Partial<AnyMachine> => {
  return {
    open: (session) =>
      Effect.flatMap(Effect.clock, (clock) => take(new Metered(clock, interval, per), machine.open(session))),
    receive: (metered, message) => {
      of(metered).count()
      return take(of(metered), machine.receive(of(metered).state, message))
    },
    wake: (metered) =>
      take(
        of(metered),
        of(metered).isWoken() && machine.wake !== undefined
          ? machine.wake(of(metered).state)
          : Effect.succeed({ state: of(metered).state })
      ),
    notified: machine.notified && ((metered, event) => take(of(metered), machine.notified!(of(metered).state, event))),
    ended: machine.ended && ((metered) => take(of(metered), machine.ended!(of(metered).state))),
    closed: machine.closed && ((metered, reason) => machine.closed!(of(metered).state, reason)),
    atEnd: machine.atEnd && ((metered) => machine.atEnd!(of(metered).state))
  }
}

/**
 * A rate for each connection: of a peer that sends more, so many messages are taken, and the others wait where they are, and
 * in the end with the peer. None is refused, none is lost, and nobody else waits for them. Events and wakes come as before.
 * Throws a RangeError where the limit is no whole number from 1 on.
 *
 * @example
 * ```ts
 * import { Echo, Protocol } from "effect-switchboard"
 *
 * // Twenty at once, and then one each 50 ms.
 * const modest = Protocol.rateLimit(Echo.protocol, { limit: 20, per: "1 second" })
 * ```
 *
 * @since 0.2.0
 * @category combinators
 */
export const rateLimit: {
  (rate: Rate): <In, Out, E, R>(self: Protocol<In, Out, E, R>) => Protocol<In, Out, E, R>
  <In, Out, E, R>(self: Protocol<In, Out, E, R>, rate: Rate): Protocol<In, Out, E, R>
} = dual(2, <In, Out, E, R>(self: Protocol<In, Out, E, R>, { limit, per }: Rate): Protocol<In, Out, E, R> => {
  if (!Number.isInteger(limit) || limit < 1) throw new RangeError(`a rate's limit is from 1 on, not ${limit}`)
  const millis = Duration.toMillis(per)
  return remade(self, (machine) => metering(machine, millis / limit, millis))
})
