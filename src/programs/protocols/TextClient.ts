/**
 * The clients of the text protocols.
 *
 * @since 0.1.0
 * @module
 */
import * as Data from "effect/Data"
import * as Effect from "effect/Effect"
import type { ClientProtocol } from "../../domain/ClientProtocol.js"
import { auto } from "../../domain/framing/Auto.js"

/** What calculators, this one and others, say to an expression without a value. */
const rejection = /^INVALID (?:STATEMENT|INPUT)(?:: )?/

/**
 * The server would not answer the request.
 *
 * @since 0.1.0
 * @category errors
 */
export class RequestRejected extends Data.TaggedError("RequestRejected")<{
  /** The server's words. */
  readonly reply: string
}> {
  override get message(): string {
    return `The server rejected the request: ${this.reply}`
  }

  /** The server's words without what they all begin with, if it gave a reason. */
  get reason(): string {
    return this.reply.replace(rejection, "") || this.reply
  }
}

/**
 * Text out, text in.
 *
 * @since 0.1.0
 * @category protocols
 */
export const protocol: ClientProtocol<string, string, string> = {
  name: "text",
  framing: auto,
  prepare: Effect.succeed,
  process: Effect.succeed
}

/**
 * An expression out, its value in; fails with `RequestRejected` if it has none.
 *
 * @since 0.1.0
 * @category protocols
 */
export const calc: ClientProtocol<string, string, string, string, RequestRejected> = {
  name: "calc",
  framing: auto,
  prepare: Effect.succeed,
  process: (reply) => rejection.test(reply) ? Effect.fail(new RequestRejected({ reply })) : Effect.succeed(reply)
}
