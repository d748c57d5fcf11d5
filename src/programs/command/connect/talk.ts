import * as Effect from "effect/Effect"
import * as Mailbox from "effect/Mailbox"
import type { FramingError, UnsendableMessage } from "../../../domain/Framing.js"
import type { ReplyTimeout } from "../../../domain/NetworkError.js"
import type * as Client from "../../client/Client.js"
import type { UsageError } from "../arguments/UsageError.js"
import type { Lines } from "./Lines.js"
import type { Rejection } from "./Rejection.js"

/** The client whose replies are printed. */
export type Asker = Client.Client<string, unknown, Rejection>

/** What ends a conversation too early. */
export type Loss = Client.Disconnected | FramingError | ReplyTimeout | UnsendableMessage

/** What became of one message. */
export interface Outcome {
  readonly request: string
  readonly reply: unknown
  /** Why there is no reply, or no good one. */
  readonly error: Rejection | Loss | undefined
  readonly milliseconds: number
}

interface Asked {
  readonly request: string
  readonly sentAt: bigint
  readonly reply: Effect.Effect<unknown, Rejection | Loss>
}

export interface Options {
  /** Whether an empty message that has no bytes, where they are bare, is nothing to send; else it cannot be sent. */
  readonly skipsEmpty: boolean
  /** Is told what became of each message, in order. The replies that come meanwhile wait. */
  readonly tell: (outcome: Outcome) => Effect.Effect<void>
}

/** Requests on their way at once, at the most. */
const window = 16_384

/**
 * Sends every line and tells what became of each, in order. Requests do not wait for replies, except where the
 * client itself has them take turns.
 */
export const talk = (
  client: Asker,
  lines: Lines,
  { skipsEmpty, tell }: Options
): Effect.Effect<void, Loss | UsageError> =>
  Effect.gen(function*() {
    const clock = yield* Effect.clock
    const asked = yield* Mailbox.make<Asked, Loss | UsageError>({ capacity: window })

    const send: Effect.Effect<unknown, UsageError> = Effect.flatMap(lines.next, (request) => {
      if (request === undefined) return asked.end
      const sentAt = clock.unsafeCurrentTimeNanos()
      return Effect.matchEffect(client.submit(request), {
        onSuccess: (reply) => Effect.zipRight(asked.offer({ request, sentAt, reply }), send),
        onFailure: (error) => {
          if (skipsEmpty && request === "" && error._tag === "UnsendableMessage") return send
          const offered = asked.offer({ request, sentAt, reply: Effect.fail(error) })
          return Effect.zipRight(offered, error._tag === "Rejection" ? send : asked.end)
        }
      })
    })

    const answer = ({ reply, request, sentAt }: Asked): Effect.Effect<void, Loss> => {
      const outcome = (reply: unknown, error: Outcome["error"]): Outcome => ({
        request,
        reply,
        error,
        milliseconds: Number(clock.unsafeCurrentTimeNanos() - sentAt) / 1e6
      })
      return Effect.matchEffect(reply, {
        onSuccess: (reply) => tell(outcome(reply, undefined)),
        onFailure: (error) => {
          if (error._tag === "Rejection") return tell(outcome(error.reply, error))
          return Effect.zipRight(tell(outcome(undefined, error)), Effect.fail(error))
        }
      })
    }
    const receive: Effect.Effect<void, Loss | UsageError> = Effect.flatMap(asked.takeAll, ([batch, isDone]) => {
      const answered = Effect.forEach(batch, answer, { discard: true })
      return isDone ? answered : Effect.zipRight(answered, receive)
    })

    // A server that closes in good order has done its part, if there is nothing more to ask.
    const watch = Effect.flatMap(
      client.disconnected,
      (error) => error._tag === "ConnectionClosed" ? Effect.never : Effect.fail(error)
    )
    const sender = Effect.catchAllCause(Effect.raceFirst(send, watch), (cause) => asked.failCause(cause))
    yield* Effect.scoped(Effect.zipRight(Effect.forkScoped(sender), receive))
  })
