import type * as Clock from "effect/Clock"
import * as Duration from "effect/Duration"
import * as Effect from "effect/Effect"
import { dual } from "effect/Function"
import type * as Scope from "effect/Scope"
import * as Done from "../Done.js"
import type { Session } from "../Session.js"
import type { Account } from "./Accounts.js"
import { Accounts, own } from "./Accounts.js"
import type { Protocol, Turn } from "./Machine.js"
import { turn as turnOf } from "./Machine.js"
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
  /** Connections of the same key have one rate together, such as those of an address. Default: each has its own. */
  readonly by?: ((session: Session) => string) | undefined
}

/** Of the clock that nobody sets, as the server's deadlines are. */
const millisOf = (clock: Clock.Clock): number => Number(clock.unsafeCurrentTimeNanos() / 1_000_000n)

/** A connection under a rate, by the generic cell rate algorithm (ITU-T I.371): one time says how far its peer is ahead. */
class Metered {
  private readonly account: Account
  private readonly clock: Clock.Clock
  private readonly interval: number
  private readonly per: number
  /** No message is taken until then. */
  private restsUntil = -Infinity
  private isResting = false
  state: unknown = undefined
  /** What the protocol has said, which a rest must leave as it was. */
  private listens: Turn<never, never>["listens"] = true
  private owes = false
  private wakesAt = Infinity

  constructor(account: Account, clock: Clock.Clock, interval: number, per: number) {
    this.account = account
    this.clock = clock
    this.interval = interval
    this.per = per
    this.rest(this.now())
  }

  /** A message was taken. */
  count(): void {
    const now = this.now()
    const { account } = this
    account.paid = Math.max(account.paid, now) + this.interval
    this.rest(now)
  }

  /** Takes no message until another has room. */
  private rest(now: number): void {
    this.restsUntil = this.account.paid - this.per + this.interval
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
    if (!this.isResting) return turnOf(this, turn)
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

  private now(): number {
    return millisOf(this.clock)
  }
}

const of = (metered: unknown): Metered => metered as Metered

const take = (metered: Metered, turn: AnyEffect<AnyTurn>): AnyEffect<AnyTurn> =>
  Done.map(turn, (turn) => metered.take(turn))

const metering = (
  machine: AnyMachine,
  account: (session: Session, now: number) => Effect.Effect<Account, never, Scope.Scope>,
  interval: number,
  per: number
): Partial<AnyMachine> => ({
  open: (session) =>
    Effect.flatMap(
      Effect.clock,
      (clock) =>
        Effect.flatMap(account(session, millisOf(clock)), (account) =>
          take(new Metered(account, clock, interval, per), machine.open(session)))
    ),
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
})

/**
 * A rate for each connection, or each client: of one that sends more, so many messages are taken, and the others wait where
 * they are, and in the end with the peer. None is refused, none is lost, and nobody else waits for them. Events and wakes
 * come as before. A server that stops still takes, at that rate, what it has received, within its `drainTimeout`.
 * Throws a RangeError where the limit is no whole number from 1 on.
 *
 * @example
 * ```ts
 * import { Echo, Protocol } from "effect-switchboard"
 *
 * // Twenty at once, and then one each 50 ms.
 * const modest = Protocol.rateLimit(Echo.protocol, { limit: 20, per: "1 second" })
 *
 * // However many connections an address has.
 * const fair = Protocol.rateLimit(Echo.protocol, {
 *   limit: 20,
 *   per: "1 second",
 *   by: ({ peer }) => peer.path === undefined ? peer.host : peer.path
 * })
 * ```
 *
 * @since 0.2.0
 * @category combinators
 */
export const rateLimit: {
  (rate: Rate): <In, Out, E, R>(self: Protocol<In, Out, E, R>) => Protocol<In, Out, E, R>
  <In, Out, E, R>(self: Protocol<In, Out, E, R>, rate: Rate): Protocol<In, Out, E, R>
} = dual(2, <In, Out, E, R>(self: Protocol<In, Out, E, R>, { by, limit, per }: Rate): Protocol<In, Out, E, R> => {
  if (!Number.isInteger(limit) || limit < 1) throw new RangeError(`a rate's limit is from 1 on, not ${limit}`)
  const millis = Duration.toMillis(per)
  const accounts = new Accounts()
  const account = by === undefined ? () => own : (session: Session, now: number) => accounts.open(by(session), now)
  return remade(self, (machine) => metering(machine, account, millis / limit, millis))
})
