/** The command `connect`. */
import type * as Duration from "effect/Duration"
import * as Effect from "effect/Effect"
import * as NodeConnector from "../../../services/NodeConnector.js"
import type { Chosen } from "../arguments/Setting.js"
import { textFramings } from "../arguments/textFramings.js"
import { UsageError } from "../arguments/UsageError.js"
import { printable } from "../console/printable.js"
import type { Failure } from "./converse.js"
import { converse } from "./converse.js"
import * as Lines from "./Lines.js"
import { namedClient } from "./namedClient.js"
import { Output } from "./Output.js"
import { upTo } from "./retry.js"
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

const say = (sentence: string): void => void process.stderr.write(`switchboard: ${printable(sentence)}\n`)

/** Whatever comes of it, what it has printed is taken before it is over; unless it is interrupted. */
const delivered = <A, E, R>(effect: Effect.Effect<A, E, R>, output: Output): Effect.Effect<A, E, R> =>
  Effect.flatMap(Effect.exit(effect), (exit) => Effect.zipRight(output.taken, exit))

/** Speaks a protocol: by the messages given, the lines of a pipe or a file, or a person at a terminal. */
export const run = (options: Options): Effect.Effect<void, Failure> => {
  const output = new Output(process.stdout)
  const speak = Effect.gen(function*() {
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
      const isGiven = messages.length > 0
      const lines = isGiven ? Lines.fromMessages(messages) : Lines.untilExit(yield* Lines.fromStdin)
      return yield* trace(options.mode, say)(converse(asking, lines, output, say, { ...options, isGiven }))
    }
    const Prompt = yield* Effect.promise(() => import("./prompt/Prompt.js"))
    return yield* Prompt.run(asking, { ...options, retry })
  })
  return delivered(Effect.scoped(speak), output).pipe(Effect.provide(NodeConnector.layer))
}
