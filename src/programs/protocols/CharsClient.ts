/**
 * The client of chars.
 *
 * @since 0.1.0
 * @module
 */
import * as Effect from "effect/Effect"
import type { ClientProtocol } from "../../domain/ClientProtocol.js"
import { InvalidFrame } from "../../domain/framing/Codec.js"
import type { Envelope } from "../../domain/framing/Envelope.js"
import type { statisticsRequest } from "./Chars.js"
import { clientFraming, request } from "./Chars.js"

/**
 * What the server sent: characters, or the answer to the request for statistics.
 *
 * @since 0.1.0
 * @category models
 */
export interface Message {
  readonly content: Uint8Array
  /** Whole seconds the server waited before it. */
  readonly sleepTime: number
}

/**
 * Whether a message answers the request for statistics. Random characters are never that many.
 *
 * @since 0.1.0
 * @category guards
 */
export const isStatistics = ({ content }: Message): boolean =>
  Buffer.from(content).toString().startsWith("Statistics: ")

/**
 * Asks for statistics with `send("s")`; what the server sends is `receive`d.
 *
 * @since 0.1.0
 * @category protocols
 */
export const protocol: ClientProtocol<typeof statisticsRequest, Message, Envelope, Envelope, InvalidFrame> = {
  name: "chars",
  framing: clientFraming,
  prepare: (content) => Effect.succeed(request(content)),
  process: ({ content, header }) => {
    const sleepTime = header["sleep_time"]
    return typeof sleepTime === "number"
      ? Effect.succeed({ content, sleepTime })
      : Effect.fail(new InvalidFrame({ reason: `"sleep_time" is not a number` }))
  }
}
