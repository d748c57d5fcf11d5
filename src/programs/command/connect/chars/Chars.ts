/** `connect chars`: prints what arrives, and obeys keys. */
import type * as Duration from "effect/Duration"
import * as Effect from "effect/Effect"
import * as Queue from "effect/Queue"
import type { FramingError } from "../../../../domain/Framing.js"
import type { ConnectError } from "../../../../domain/NetworkError.js"
import { ReplyTimeout } from "../../../../domain/NetworkError.js"
import type { Connector } from "../../../../services/Connector.js"
import * as Client from "../../../client/Client.js"
import { statisticsRequest } from "../../../protocols/Chars.js"
import * as CharsClient from "../../../protocols/CharsClient.js"
import { UsageError } from "../../arguments/UsageError.js"
import { keys } from "../../console/keys.js"
import * as pythonBytes from "../../console/pythonBytes.js"
import * as Lines from "../Lines.js"
import { unasked } from "../outcomes.js"
import type { Output } from "../Output.js"
import type { Retry } from "../retry.js"

export interface Options extends Pick<Client.Options, "host" | "port" | "path"> {
  readonly messages: ReadonlyArray<string>
  readonly timeout: Duration.Duration
  readonly json: boolean
  readonly retry: Retry
}

const quit = "q"

/** Ctrl+D. */
const endOfInput = "\x04"

const seconds = (count: number): string => count === 1 ? "1 second" : `${count} seconds`

const print = (output: Output, { content, sleepTime }: CharsClient.Message, isJson: boolean): void => {
  if (isJson) {
    output.print(unasked(Buffer.from(content).toString(), { seconds: sleepTime }))
  } else {
    output.print(`sleepy for a ${seconds(sleepTime)}`)
    output.print(`got response: ${pythonBytes.repr(content)}`)
  }
}

/** Runs until `q`, or the server goes. Messages are keys that are pressed one after the other, and then `q`. */
export const run = (
  options: Options,
  output: Output,
  say: (sentence: string) => void
): Effect.Effect<void, UsageError | ConnectError | Client.Disconnected | FramingError | ReplyTimeout, Connector> =>
  Effect.gen(function*() {
    const wrong = options.messages.find((message) => message !== statisticsRequest && message !== quit)
    if (wrong !== undefined) {
      yield* new UsageError({ message: `chars cannot be sent '${wrong}': s asks for statistics, q quits.` })
    }
    const input = options.messages.length > 0
      ? Lines.fromMessages([...options.messages, quit])
      : yield* process.stdin.isTTY
        ? Effect.map(keys(process.stdin), (key): Lines.Lines => ({
          next: Effect.map(key, (key) => key === endOfInput ? quit : key)
        }))
        : Lines.fromStdin
    const isHurried = options.messages.length === 0 && process.stdin.isTTY
    if (isHurried) say("s asks for statistics, q quits.")

    const attempt = Effect.gen(function*() {
      const client = yield* Client.make(CharsClient.protocol, options)
      const statistics = yield* Queue.unbounded<void>()
      let asked = 0

      const listen = Effect.forever(
        Effect.flatMap(client.receive, (message) => {
          print(output, message, options.json)
          if (CharsClient.isStatistics(message)) statistics.unsafeOffer(undefined)
          return output.isFull ? output.taken : Effect.void
        })
      )
      const ask = Effect.suspend(() => {
        asked++
        return Effect.catchTag(client.send(statisticsRequest), "UnsendableMessage", Effect.die)
      })
      /** A person's `q` is obeyed at once; a script's, when what it asked before is answered. */
      const leave = Effect.suspend(() => isHurried ? Effect.void : Queue.takeN(statistics, asked)).pipe(
        Effect.timeoutFail({
          duration: options.timeout,
          onTimeout: () => new ReplyTimeout({ address: client.address, timeout: options.timeout })
        }),
        Effect.asVoid
      )
      const obey: Effect.Effect<void, UsageError | Client.Disconnected | FramingError | ReplyTimeout> = Effect.flatMap(
        input.next,
        (key) => {
          switch (key) {
            // A script that has nothing more to say may still want to hear.
            case undefined:
              return Effect.never
            case quit:
            case Lines.exit:
              return leave
            case statisticsRequest:
              return Effect.zipRight(ask, obey)
            default:
              return obey
          }
        }
      )
      yield* Effect.raceFirst(listen, obey)
    })
    yield* options.retry(Effect.scoped(attempt), say)
  }).pipe(Effect.scoped)
