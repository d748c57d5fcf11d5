import * as Effect from "effect/Effect"
import { dual } from "effect/Function"
import * as Stream from "effect/Stream"
import * as Done from "../Done.js"
import type { Protocol } from "./Machine.js"
import type { AnyEffect, AnyMachine, AnyTurn } from "./Wrapped.js"
import { isStream, remade } from "./Wrapped.js"

type Answer = (error: unknown) => ReadonlyArray<unknown>

/** What was run beside the turns has failed: an event. */
class Failure {
  readonly error: unknown

  constructor(error: unknown) {
    this.error = error
  }
}

const failing = (answer: Answer) => (turn: AnyTurn): AnyTurn => {
  const { run, send } = turn
  if (run === undefined && !isStream(send)) return turn
  const failed = (error: unknown) => new Failure(error)
  return {
    ...turn,
    send: isStream(send) ? Stream.catchAll(send, (error) => Stream.fromIterable(answer(error))) : send,
    run: run === undefined
      ? undefined
      : isStream(run)
      ? Stream.catchAll(run, (error) => Stream.make(failed(error)))
      : Effect.catchAll(run, (error) => Effect.succeed(failed(error)))
  }
}

const after = (state: unknown) => (send: ReadonlyArray<unknown>): AnyTurn => ({ state, send })

const catching = (machine: AnyMachine, answer: Answer): Partial<AnyMachine> => {
  const pass = failing(answer)
  const caught = (turn: AnyEffect<AnyTurn>, instead: (send: ReadonlyArray<unknown>) => AnyTurn): AnyEffect<AnyTurn> =>
    Done.match(turn, (error) => instead(answer(error)), pass)
  return {
    open: (session) => caught(machine.open(session), (send) => ({ state: unopened, send, close: true })),
    receive: (state, message) => caught(machine.receive(state, message), after(state)),
    wake: machine.wake && ((state) => caught(machine.wake!(state), after(state))),
    notified: (state, event) =>
      event instanceof Failure
        ? Effect.succeed(after(state)(answer(event.error)))
        : machine.notified === undefined
        ? Effect.succeed({ state })
        : caught(machine.notified(state, event), after(state)),
    ended: machine.ended && ((state) => caught(machine.ended!(state), after(state))),
    closed: machine.closed &&
      ((state, reason) => state === unopened ? Effect.void : Effect.orDie(machine.closed!(state, reason)))
  }
}

/** The state where `open` failed. */
const unopened = Symbol("unopened")

/**
 * Answers typed errors: whatever fails in a turn, in what it runs or in what it sends, the peer is told what `answer` makes
 * of it, and the conversation goes on with the state that it had; where the first turn fails, it closes. What `closed`
 * fails with is told to the server's observer, as a defect is. Defects end their connection as before.
 *
 * A turn that fails has decided nothing, and one that should have said more may leave something undone: a script that fails
 * is over, and is told of nothing more, and replies that are made together (`concurrency`) wait for one another. There let
 * the Effect itself have the error for a value.
 *
 * @example
 * ```ts
 * import { Framing, Protocol } from "effect-switchboard"
 * import { Effect } from "effect"
 *
 * const divide = Protocol.requestReply({
 *   name: "divide",
 *   framing: Framing.line,
 *   reply: (line) => {
 *     const [dividend, divisor] = line.split("/").map(Number)
 *     return divisor === 0 ? Effect.fail("by zero" as const) : Effect.succeed(String(dividend! / divisor!))
 *   }
 * })
 * const forgiving: Protocol.TextProtocol = Protocol.catchAll(divide, (error) => [`cannot divide ${error}`])
 * ```
 *
 * @since 0.2.0
 * @category combinators
 */
export const catchAll: {
  <E, Out>(
    answer: (error: E) => ReadonlyArray<Out>
  ): <In, R>(self: Protocol<In, Out, E, R>) => Protocol<In, Out, never, R>
  <In, Out, E, R>(self: Protocol<In, Out, E, R>, answer: (error: E) => ReadonlyArray<Out>): Protocol<In, Out, never, R>
} = dual(
  2,
  <In, Out, E, R>(
    self: Protocol<In, Out, E, R>,
    answer: (error: E) => ReadonlyArray<Out>
  ): Protocol<In, Out, never, R> => remade(self, (machine) => catching(machine, answer as Answer))
)
