// The chat as a state machine: a decision for each line, and for each thing it is told.
import { Effect, type Scope } from "effect"
import { Framing, Protocol, type Session } from "effect-switchboard"
import { obey, question, refusal, welcome } from "./commands.js"
import type { Guest, Guests, Said } from "./Hall.js"
import { Hall } from "./Hall.js"

interface State {
  readonly session: Session.Session<Said>
  readonly hall: Guests
  /** Undefined until it has given a name. */
  readonly guest: Guest | undefined
}

type Turn = Protocol.Turn<State, string, Said>

const enter = (state: State, name: string): Effect.Effect<Turn, never, Scope.Scope> =>
  Effect.map(state.hall.enter(state.session, name), (guest): Turn =>
    guest === undefined
      ? { state, send: [refusal] }
      : { state: { ...state, guest }, send: [welcome(state.hall, guest)] })

export const machine: Protocol.TextProtocol<never, Hall | Scope.Scope> = Protocol.make({
  name: "chat",
  framing: Framing.line,
  // Whoever does not keep up is let go, and holds up nobody.
  mailbox: { capacity: 1000, whenFull: "close" },
  open: (session: Session.Session<Said>): Effect.Effect<Turn, never, Hall | Scope.Scope> =>
    Effect.map(Hall, (hall): Turn => ({ state: { session, hall, guest: undefined }, send: [question] })),
  receive: (state: State, line): Effect.Effect<Turn, never, Scope.Scope> =>
    state.guest === undefined
      ? enter(state, line)
      : Effect.map(
        obey(state.hall, state.guest, line),
        ({ quits, replies }) => ({ state, send: replies, close: quits })
      ),
  notified: (state, said: Said) => Effect.succeed<Turn>({ state, send: [said] })
})
