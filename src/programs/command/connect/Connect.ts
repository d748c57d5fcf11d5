/** The command `connect`. */
import type * as Duration from "effect/Duration"
import * as Effect from "effect/Effect"
import * as Layer from "effect/Layer"
import type { Address } from "../../../domain/Address.js"
import type { CertificateUnusable } from "../../../domain/TlsError.js"
import type { Connector } from "../../../services/Connector.js"
import type * as Client from "../../client/Client.js"
import type { Encryption } from "../arguments/encrypted.js"
import { encrypted, warning } from "../arguments/encrypted.js"
import type { Chosen } from "../arguments/Setting.js"
import { textFramings } from "../arguments/textFramings.js"
import { UsageError } from "../arguments/UsageError.js"
import * as LineWriter from "../console/LineWriter.js"
import { printable } from "../console/printable.js"
import type { Audience } from "./Audience.js"
import { printer } from "./Audience.js"
import type { Failure } from "./converse.js"
import { converse } from "./converse.js"
import * as Lines from "./Lines.js"
import { namedClient } from "./namedClient.js"
import { Output } from "./Output.js"
import { upTo } from "./retry.js"
import { Rounds } from "./Rounds.js"
import { trace } from "./trace.js"

export interface Options
  extends Pick<Client.Options, "host" | "port" | "path">, Pick<Address, "webSocket">, Encryption
{
  readonly protocol: string
  readonly messages: ReadonlyArray<string>
  readonly timeout: Duration.Duration
  readonly framing: Chosen<"auto" | "line" | "chunk">
  readonly mode: "user" | "debug"
  readonly json: boolean
  readonly retry: number
  readonly repeat: Chosen<number>
  readonly interval: Duration.Duration
  readonly latency: Chosen<boolean>
}

const words = (sentence: string): string => `switchboard: ${printable(sentence)}`

/** Says something on standard error, which waits for nobody: not for a reader that is slow, nor for a terminal that is stopped. */
const speaker = Effect.map(
  LineWriter.make(
    process.stderr,
    (count) => words(`${count} lines dropped: they could not be written, or not as fast as they came`),
    LineWriter.atOnce
  ),
  (writer) => (sentence: string): void => writer.write(() => words(sentence), false)
)

/** Whatever comes of it, what it has printed is taken before it is over; unless it is interrupted. */
const delivered = <A, E, R>(effect: Effect.Effect<A, E, R>, output: Output): Effect.Effect<A, E, R> =>
  Effect.flatMap(Effect.exit(effect), (exit) => Effect.zipRight(output.taken, exit))

/** The way there: what is not needed is not loaded. */
const wayTo = (options: Options): Layer.Layer<Connector, UsageError | CertificateUnusable> => {
  const { webSocket } = options
  const below = encrypted(options)
  return webSocket === undefined
    ? below
    : Effect.promise(() => import("../../../services/WebSocketConnector.js")).pipe(
      Effect.map(({ layer }) => layer({ path: webSocket })),
      Layer.unwrapEffect,
      Layer.provide(below)
    )
}

/** Speaks a protocol: by the messages given, the lines of a pipe or a file, or a person at a terminal. */
export const run = (options: Options): Effect.Effect<void, Failure> => {
  const output = new Output(process.stdout)
  const speak = (say: (sentence: string) => void) =>
    Effect.gen(function*() {
      const { framing, latency, messages, protocol, repeat } = options
      const retry = upTo(options.retry)
      if (protocol === "chars") {
        const other = [framing, repeat, latency].find(({ source }) => source !== "default")
        if (other !== undefined) {
          yield* new UsageError({
            message: other === framing
              ? `${other.source} does not go with chars, which has a framing of its own: envelope.`
              : `${other.source} does not go with chars, where nobody waits for replies.`
          })
        }
        const Chars = yield* Effect.promise(() => import("./chars/Chars.js"))
        return yield* trace(options.mode, say)(Chars.run({ ...options, retry }, output, say))
      }
      const asking = yield* namedClient(
        protocol,
        framing.source === "default" ? undefined : textFramings[framing.value]
      )
      const isGiven = messages.length > 0
      if (repeat.value > 1 && !isGiven) {
        yield* new UsageError({
          message: `${repeat.source} needs messages, such as: switchboard connect calc '22 + 44' --repeat 10`
        })
      }
      if (isGiven || !process.stdin.isTTY || !process.stdout.isTTY) {
        const lines = isGiven
          ? new Rounds(messages, repeat.value, options.interval)
          : Lines.untilExit(yield* Lines.fromStdin)
        const conversation = (audience: Audience) =>
          trace(options.mode, say)(converse(asking, lines, audience, output, say, { ...options, isGiven }))
        if (!latency.value) return yield* conversation(printer(output, options.json, say))
        const { metered } = yield* Effect.promise(() => import("./LatencyMeter.js"))
        return yield* metered(options.json, conversation)
      }
      if (latency.value) {
        yield* new UsageError({
          message:
            `${latency.source} needs messages, or lines of a pipe: at the prompt, :time shows how long replies take.`
        })
      }
      const Prompt = yield* Effect.promise(() => import("./prompt/Prompt.js"))
      return yield* Prompt.run(asking, { ...options, retry })
    })
  return Effect.flatMap(
    speaker,
    (say) => {
      const warned = warning(options)
      if (warned !== undefined) say(warned)
      return Effect.provide(delivered(Effect.scoped(speak(say)), output), wayTo(options))
    }
  ).pipe(Effect.scoped)
}
