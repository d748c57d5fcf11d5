/** The command `connect`. */
import type * as Duration from "effect/Duration"
import * as Effect from "effect/Effect"
import type { ConnectError } from "../../../domain/NetworkError.js"
import type { Connector } from "../../../services/Connector.js"
import * as NodeConnector from "../../../services/NodeConnector.js"
import * as Client from "../../client/Client.js"
import type { Chosen } from "../arguments/Setting.js"
import { textFramings } from "../arguments/textFramings.js"
import { UsageError } from "../arguments/UsageError.js"
import * as Lines from "./Lines.js"
import type { Asking } from "./namedClient.js"
import { namedClient } from "./namedClient.js"
import * as outcomes from "./outcomes.js"
import { Output } from "./Output.js"
import { MessagesRejected } from "./Rejection.js"
import { Replay, upTo } from "./retry.js"
import type { Loss, Outcome } from "./talk.js"
import { talk } from "./talk.js"
import { trace } from "./trace.js"

export interface Options {
  readonly protocol: string
  readonly messages: ReadonlyArray<string>
  readonly host: string
  readonly port: number
  readonly timeout: Duration.Duration
  readonly framing: Chosen<"auto" | "line" | "chunk">
  readonly mode: "user" | "debug"
  readonly json: boolean
  readonly retry: number
}

export type Failure = UsageError | ConnectError | Loss | MessagesRejected

const say = (sentence: string): void => void process.stderr.write(`switchboard: ${sentence}\n`)

const print = (output: Output, outcome: Outcome, isJson: boolean): void => {
  const { error, reply } = outcome
  if (isJson) output.print(outcomes.json(outcome))
  else if (reply !== undefined) output.print((process.stdout.isTTY ? outcomes.printable : outcomes.oneLine)(reply))
  else if (error?._tag === "Rejection") say(error.message)
}

/** Sends the messages, or the lines of stdin, and prints each reply alone on a line. */
const converse = (protocol: Asking, options: Options, output: Output): Effect.Effect<void, Failure, Connector> =>
  Effect.gen(function*() {
    const isGiven = options.messages.length > 0
    const lines = new Replay(
      isGiven
        ? Lines.fromMessages(options.messages)
        : Lines.untilExit(yield* Lines.fromStream(process.stdin))
    )
    let rejected = 0
    let lost: Outcome | undefined = undefined
    const attempt = Effect.gen(function*() {
      lines.rewind()
      const client = yield* Client.make(protocol, options)
      yield* talk(client, lines, (outcome) => {
        const { error } = outcome
        if (error !== undefined && error._tag !== "Rejection") {
          lost = outcome
          return
        }
        lines.answered()
        if (error !== undefined) rejected++
        print(output, outcome, options.json)
      })
    })
    yield* upTo(options.retry)(Effect.scoped(attempt), say).pipe(
      // Not before it is known that the message is not sent again.
      Effect.tapError(() => Effect.sync(() => lost !== undefined && print(output, lost, options.json)))
    )
    if (isGiven && rejected > 0) yield* new MessagesRejected({ rejected, sent: options.messages.length })
  }).pipe(Effect.scoped)

/** Speaks a protocol: by the messages given, the lines of a pipe or a file, or a person at a terminal. */
export const run = (options: Options): Effect.Effect<void, Failure> =>
  Effect.gen(function*() {
    const output = new Output(process.stdout)
    const { framing, messages, protocol } = options
    const retry = upTo(options.retry)
    if (protocol === "chars") {
      if (framing.source !== "default") {
        yield* new UsageError({
          message: `${framing.source} does not go with chars, which has a framing of its own: envelope.`
        })
      }
      const Chars = yield* Effect.promise(() => import("./chars/Chars.js"))
      return yield* trace(options.mode, say)(Chars.run({ ...options, retry }, output, say))
    }
    const asking = yield* namedClient(protocol, framing.source === "default" ? undefined : textFramings[framing.value])
    if (messages.length > 0 || !process.stdin.isTTY || !process.stdout.isTTY) {
      return yield* trace(options.mode, say)(converse(asking, options, output))
    }
    const Prompt = yield* Effect.promise(() => import("./prompt/Prompt.js"))
    return yield* Prompt.run(asking, { ...options, retry })
  }).pipe(Effect.provide(NodeConnector.layer))
