import * as Data from "effect/Data"
import * as Duration from "effect/Duration"
import * as Effect from "effect/Effect"
import { dual } from "effect/Function"
import * as Done from "../Done.js"
import type { Protocol } from "./Machine.js"
import { eachTurn, remade } from "./Wrapped.js"

/**
 * A turn took longer than it may, and was interrupted.
 *
 * @since 0.2.0
 * @category errors
 */
export class TurnTimeout extends Data.TaggedError("TurnTimeout")<{
  readonly timeout: Duration.Duration
}> {
  override get message(): string {
    return `that took longer than ${Duration.format(this.timeout)}`
  }
}

/**
 * A time-out for each turn: one that waits for longer is interrupted, and fails with `TurnTimeout`, which ends its
 * connection, or is answered by `catchAll`. What a turn runs beside it, or sends as a Stream, may take longer; so may one
 * that computes without a wait, as nothing can interrupt it.
 *
 * @example
 * ```ts
 * import { Framing, Protocol } from "effect-switchboard"
 * import { Effect } from "effect"
 *
 * const lookUp = (name: string) => Effect.delay(Effect.succeed(`${name} is there`), "1 second")
 *
 * const directory = Protocol.requestReply({ name: "directory", framing: Framing.line, reply: lookUp }).pipe(
 *   Protocol.timeout("5 seconds"),
 *   Protocol.catchAll((error) => [error.message])
 * )
 * ```
 *
 * @since 0.2.0
 * @category combinators
 */
export const timeout: {
  (duration: Duration.DurationInput): <In, Out, E, R>(
    self: Protocol<In, Out, E, R>
  ) => Protocol<In, Out, E | TurnTimeout, R>
  <In, Out, E, R>(
    self: Protocol<In, Out, E, R>,
    duration: Duration.DurationInput
  ): Protocol<In, Out, E | TurnTimeout, R>
} = dual(
  2,
  <In, Out, E, R>(
    self: Protocol<In, Out, E, R>,
    input: Duration.DurationInput
  ): Protocol<In, Out, E | TurnTimeout, R> => {
    const duration = Duration.decode(input)
    const onTimeout = () => new TurnTimeout({ timeout: duration })
    return remade(
      self,
      (machine) =>
        eachTurn(machine, (turn) => Done.late(turn, (late) => Effect.timeoutFail(late, { duration, onTimeout })))
    )
  }
)
