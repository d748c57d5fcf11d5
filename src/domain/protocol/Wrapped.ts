/**
 * What the combinators are made of: a protocol with something done to its turns. A turn that is done on the spot stays so.
 */
import type * as Effect from "effect/Effect"
import * as Stream from "effect/Stream"
import * as Done from "../Done.js"
import type { Session } from "../Session.js"
import type { Machine, Protocol, Turn } from "./Machine.js"
import { turn as turnOf } from "./Machine.js"

export type AnyProtocol = Protocol<never, unknown, unknown, unknown>
export type AnyMachine = Machine<unknown, unknown>
export type AnyTurn = Turn<unknown, unknown, unknown, unknown, unknown>
export type AnyEffect<A = unknown> = Effect.Effect<A, unknown, unknown>
export type AnyStream = Stream.Stream<unknown, unknown, unknown>

export const isStream = (value: unknown): value is AnyStream =>
  typeof value === "object" && value !== null && Stream.StreamTypeId in value

/** The protocol with some of its machine changed. Safe: the types are the combinator's, who is to see that they are so. */
export const remade = <In, Out, E, R>(
  self: Protocol<In, Out, unknown, unknown>,
  change: (machine: AnyMachine) => Partial<AnyMachine>
): Protocol<In, Out, E, R> => ({ ...self, machine: { ...self.machine, ...change(self.machine) } as Machine<E, R> })

/** All turns changed; `state` is what the turn began with, undefined in the first. */
export const eachTurn = (
  machine: AnyMachine,
  f: (turn: AnyEffect<AnyTurn>, state: unknown) => AnyEffect<AnyTurn>
): Partial<AnyMachine> => ({
  open: (session) => f(machine.open(session), undefined),
  receive: (state, message) => f(machine.receive(state, message), state),
  wake: machine.wake && ((state) => f(machine.wake!(state), state)),
  notified: machine.notified && ((state, event) => f(machine.notified!(state, event), state)),
  ended: machine.ended && ((state) => f(machine.ended!(state), state))
})

/** A protocol's state beside what a combinator keeps for the connection. */
export class Held<Own> {
  readonly own: Own
  state: unknown = undefined

  constructor(own: Own) {
    this.own = own
  }
}

/** The machine with something kept for each connection, and its turns changed by that. */
export const holding = <Own>(
  machine: AnyMachine,
  make: (session: Session<unknown>) => AnyEffect<Own>,
  f: (held: Held<Own>, turn: AnyEffect<AnyTurn>) => AnyEffect<AnyTurn>
): Partial<AnyMachine> => {
  const take = (held: Held<Own>, turn: AnyEffect<AnyTurn>): AnyEffect<AnyTurn> =>
    Done.map(f(held, turn), (turn) => {
      held.state = turn.state
      return turnOf(held, turn)
    })
  const open = (session: Session<unknown>, own: Own) => take(new Held(own), machine.open(session))
  const of = (held: unknown): Held<Own> => held as Held<Own>
  return {
    open: (session) => Done.flatMap(make(session), (own) => open(session, own)),
    receive: (held, message) => take(of(held), machine.receive(of(held).state, message)),
    wake: machine.wake && ((held) => take(of(held), machine.wake!(of(held).state))),
    notified: machine.notified && ((held, event) => take(of(held), machine.notified!(of(held).state, event))),
    ended: machine.ended && ((held) => take(of(held), machine.ended!(of(held).state))),
    closed: machine.closed && ((held, reason) => machine.closed!(of(held).state, reason)),
    atEnd: machine.atEnd && ((held) => machine.atEnd!(of(held).state))
  }
}

/** What stands around all that a connection's protocol runs. */
export interface Around {
  readonly effect: <A>(effect: AnyEffect<A>) => AnyEffect<A>
  readonly stream: (stream: AnyStream) => AnyStream
}

/** The machine with something around all that it runs: its turns, what they run and send, and its end. */
export const around = (
  machine: AnyMachine,
  make: (session: Session<unknown>) => AnyEffect<Around>
): Partial<AnyMachine> => {
  const changed = holding(machine, make, ({ own }, turn) => Done.map(Done.late(turn, own.effect), aroundTurn(own)))
  return {
    ...changed,
    closed: changed.closed && ((held, reason) => (held as Held<Around>).own.effect(changed.closed!(held, reason)))
  }
}

const aroundTurn = ({ effect, stream }: Around) => (turn: AnyTurn): AnyTurn => {
  const { run, send } = turn
  if (run === undefined && !isStream(send)) return turn
  return {
    ...turn,
    run: run === undefined ? undefined : isStream(run) ? stream(run) : effect(run),
    send: isStream(send) ? stream(send) : send
  }
}
