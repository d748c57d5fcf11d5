import * as Duration from "effect/Duration"
import * as Effect from "effect/Effect"
import type { UnsendableMessage } from "../../../domain/Framing.js"
import type { ConnectError } from "../../../domain/NetworkError.js"
import type { CertificateUnusable } from "../../../domain/TlsError.js"
import type { Connector } from "../../../services/Connector.js"
import * as Client from "../../client/Client.js"
import { UsageError } from "../arguments/UsageError.js"
import { show } from "../console/wire.js"
import type { Audience } from "./Audience.js"
import type { Lines } from "./Lines.js"
import type { Asking } from "./namedClient.js"
import type { Output } from "./Output.js"
import { MessagesRejected } from "./Rejection.js"
import { Replay, upTo } from "./retry.js"
import type { Loss, Outcome } from "./talk.js"
import { talk } from "./talk.js"

export interface Options extends Client.Options {
  readonly retry: number
  /** Whether the lines were given one by one, rather than read. */
  readonly isGiven: boolean
}

export type Failure =
  | UsageError
  | CertificateUnusable
  | ConnectError
  | Exclude<Loss, UnsendableMessage>
  | MessagesRejected

/**
 * Nothing is sent to a new connection for as long as it took to be made, within these limits: what the server says in
 * that time, which is a round trip or more, is a greeting, and not the first reply.
 */
const greeting = { minimum: "20 millis", maximum: "1 second" } as const

/** Sends the lines, and tells the audience what comes, as fast as the output takes it. `say` says what is done meanwhile. */
export const converse = (
  protocol: Asking,
  lines: Lines,
  audience: Audience,
  output: Output,
  say: (sentence: string) => void,
  options: Options
): Effect.Effect<void, Failure, Connector> =>
  Effect.gen(function*() {
    const replay = new Replay(lines)
    let sent = 0
    let rejected = 0
    let byServer = true
    let lost: Outcome | undefined = undefined

    const attempt = Effect.gen(function*() {
      replay.rewind()
      const [roundTrip, client] = yield* Effect.timed(Client.make(protocol, options))
      const printed = Effect.suspend(() => output.isFull ? client.paused(output.taken) : Effect.void)
      const unasked = (message: unknown): Effect.Effect<void> => {
        audience.unasked(message)
        return printed
      }
      const listen = Effect.forever(Effect.matchEffect(client.receive, {
        onSuccess: unasked,
        onFailure: (error) => error._tag === "Rejection" ? unasked(error.reply ?? error.message) : Effect.fail(error)
      }))
      // How that ends is said by who asks.
      yield* Effect.forkScoped(Effect.ignore(listen))
      yield* Effect.sleep(Duration.clamp(roundTrip, greeting))
      yield* talk(client, replay, {
        skipsEmpty: !options.isGiven,
        tell: (outcome) => {
          const { error } = outcome
          if (error !== undefined && error._tag !== "Rejection") {
            lost = outcome
            return Effect.void
          }
          replay.answered()
          sent++
          if (error !== undefined) rejected++
          byServer &&= error === undefined || error.reply !== undefined
          audience.told(outcome)
          return printed
        }
      })
    })
    yield* upTo(options.retry)(Effect.scoped(attempt), say).pipe(
      // Not before it is known that the message is not sent again.
      Effect.tapError(() => Effect.sync(() => lost !== undefined && audience.told(lost))),
      Effect.catchTag("UnsendableMessage", ({ reason }) =>
        new UsageError({ message: `The message ${show(lost?.request)} cannot be sent: ${reason}.` }))
    )
    if (rejected > 0) {
      yield* new MessagesRejected({ rejected, sent, byServer })
    }
  })
