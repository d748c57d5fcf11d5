/** The command `connect`. */
import * as Console from "effect/Console"
import type * as Duration from "effect/Duration"
import * as Effect from "effect/Effect"
import type { FramingError } from "../../domain/Framing.js"
import type { ConnectError, ReplyTimeout } from "../../domain/NetworkError.js"
import * as NodeConnector from "../../services/NodeConnector.js"
import { textFramings } from "../cli/textFramings.js"
import * as Client from "../Client.js"
import type { RequestRejected } from "../protocols/TextClient.js"
import * as TextClient from "../protocols/TextClient.js"

export interface Options {
  readonly protocol: string
  readonly messages: ReadonlyArray<string>
  readonly host: string
  readonly port: number
  readonly timeout: Duration.Duration
  readonly framing: "auto" | "line" | "chunk"
  readonly mode: "user" | "debug"
}

/** Sends each message, and prints each reply alone on a line. */
export const run = (
  options: Options
): Effect.Effect<void, ConnectError | Client.Disconnected | FramingError | ReplyTimeout | RequestRejected> => {
  const protocol = options.protocol === "calc" ? TextClient.calc : TextClient.protocol
  return Client.make({ ...protocol, framing: textFramings[options.framing] }, options).pipe(
    Effect.flatMap((client) =>
      Effect.forEach(options.messages, (message) => Effect.flatMap(client.ask(message), Console.log), { discard: true })
    ),
    Effect.scoped,
    Effect.provide(NodeConnector.layer)
  )
}
