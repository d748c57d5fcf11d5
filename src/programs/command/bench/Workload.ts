/** What is sent to a server under load, and what it must say to it. */
import * as Data from "effect/Data"
import * as Effect from "effect/Effect"
import { chunk } from "../../../domain/framing/Chunk.js"
import { line } from "../../../domain/framing/Line.js"
import type { TextProtocol, Turn } from "../../../domain/Protocol.js"
import { detached } from "../../../domain/Session.js"

/** How the requests and replies of a load are told apart. */
export type Framing = "line" | "chunk"

export interface Workload {
  readonly framing: Framing
  /** Sent in turn. */
  readonly requests: ReadonlyArray<Uint8Array>
  /** What must come back, byte for byte: a reply to each request. */
  readonly replies: ReadonlyArray<Uint8Array>
}

/** The protocol, or a message, is not one that a load can be made of. */
export class Unmeasurable extends Data.TaggedError("Unmeasurable")<{ readonly reason: string }> {
  override get message(): string {
    return `This cannot be measured: ${this.reason}`
  }
}

/** A stream of messages counts as one that is none of text. */
const messagesOf = ({ send = [] }: Turn<unknown, unknown, unknown, unknown, unknown>): ReadonlyArray<unknown> =>
  Array.isArray(send) ? send : [send]

const textual = new Set(["line", "chunk", "auto"])

const maxFrame = 1_048_576

/**
 * Asks the protocol itself, in this process, what the right replies are. It must answer each message with one, and always
 * with the same.
 */
export const make = <E, R>(
  protocol: TextProtocol<E, R>,
  messages: ReadonlyArray<string>,
  framing: Framing
): Effect.Effect<Workload, Unmeasurable, R> =>
  Effect.gen(function*() {
    const { machine, name } = protocol
    if (!textual.has(protocol.framing.name)) {
      return yield* new Unmeasurable({ reason: `${name} is not spoken in lines of text.` })
    }
    const failed = () => new Unmeasurable({ reason: `${name} failed at one of the messages.` })
    const opened = yield* Effect.mapError(machine.open(detached({ host: "127.0.0.1", port: 0 })), failed)
    if (messagesOf(opened).length > 0) {
      return yield* new Unmeasurable({ reason: `${name} speaks before it is asked.` })
    }
    const codec = (framing === "line" ? line : chunk).open(maxFrame)
    const encode = (message: string): Uint8Array => Buffer.from(codec.encode(message))
    let state = opened.state
    const ask = (message: string) =>
      Effect.gen(function*() {
        const turn = yield* Effect.mapError(machine.receive(state, message), failed)
        state = turn.state
        const [reply, ...more] = messagesOf(turn)
        if (typeof reply !== "string" || more.length > 0 || turn.close === true) {
          return yield* new Unmeasurable({ reason: `${name} does not answer each message with one reply.` })
        }
        return encode(reply)
      })

    for (const message of messages) {
      if (message.includes("\n")) return yield* new Unmeasurable({ reason: "a message must be one line." })
    }
    const replies = yield* Effect.forEach(messages, ask)
    const again = yield* Effect.forEach(messages, ask)
    if (replies.some((reply, index) => Buffer.compare(reply, again[index]!) !== 0)) {
      return yield* new Unmeasurable({ reason: `${name} answers the same message differently from time to time.` })
    }
    const requests = messages.map(encode)
    if ([...requests, ...replies].some(({ length }) => length === 0)) {
      return yield* new Unmeasurable({ reason: "an empty message cannot be seen without a newline: use line framing." })
    }
    return { framing, requests, replies }
  })
