/** The command `connect`. */
import type * as Duration from "effect/Duration"
import * as Effect from "effect/Effect"
import { inspect } from "node:util"
import type { ConnectError } from "../../domain/NetworkError.js"
import * as NodeConnector from "../../services/NodeConnector.js"
import type { Chosen } from "../cli/Setting.js"
import { textFramings } from "../cli/textFramings.js"
import type { UsageError } from "../cli/UsageError.js"
import * as Client from "../Client.js"
import * as Lines from "./Lines.js"
import { namedClient } from "./namedClient.js"
import { Output } from "./Output.js"
import { oneLine, printable } from "./printable.js"
import { MessagesRejected } from "./Rejection.js"
import { Replay, retry } from "./retry.js"
import type { Loss, Outcome } from "./talk.js"
import { talk } from "./talk.js"

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

const json = ({ error, milliseconds, reply, request }: Outcome): string =>
  JSON.stringify({
    request,
    reply: reply ?? null,
    ok: error === undefined,
    milliseconds: Math.round(milliseconds * 1000) / 1000,
    error: error?.message ?? null
  })

const isTerminal = process.stdout.isTTY

const print = (output: Output, outcome: Outcome, isJson: boolean): void => {
  const { error, reply } = outcome
  if (isJson) output.print(json(outcome))
  else if (typeof reply === "string") output.print((isTerminal ? printable : oneLine)(reply))
  else if (reply !== undefined) output.print(inspect(reply, { breakLength: Infinity }))
  else if (error?._tag === "Rejection") say(error.message)
}

/** Sends the messages, or the lines of stdin, and prints each reply alone on a line. */
export const run = (options: Options): Effect.Effect<void, Failure> =>
  Effect.gen(function*() {
    const protocol = yield* namedClient(
      options.protocol,
      options.framing.source === "default" ? undefined : textFramings[options.framing.value]
    )
    const isGiven = options.messages.length > 0
    const lines = new Replay(isGiven ? Lines.fromMessages(options.messages) : yield* Lines.fromStream(process.stdin))
    const output = new Output(process.stdout)
    let rejected = 0

    const attempt = Effect.gen(function*() {
      lines.rewind()
      const client = yield* Client.make(protocol, { ...options, maxFrame: Lines.maxLine })
      yield* talk(client, lines, (outcome) => {
        lines.answered()
        if (outcome.error?._tag === "Rejection") rejected++
        print(output, outcome, options.json)
      })
    }).pipe(Effect.scoped, Effect.provide(NodeConnector.layer))

    yield* Effect.raceFirst(retry(attempt, options.retry, say), output.closed)
    if (isGiven && rejected > 0) yield* new MessagesRejected({ rejected, sent: options.messages.length })
  }).pipe(Effect.scoped)
