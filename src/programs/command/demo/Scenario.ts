/** What every model of the demo is put through: five clients with three questions each, whose answers take their time. */
import * as Effect from "effect/Effect"
import type { ClientProtocol } from "../../../domain/ClientProtocol.js"
import { line } from "../../../domain/framing/Line.js"
import type { TextProtocol } from "../../../domain/Protocol.js"
import { requestReply } from "../../../domain/Protocol.js"

/** Questions a client asks, one after the other. */
export const questions = 3

/**
 * When each client connects, in beats: never at the same moment as something else, so that chance decides nothing. The
 * last one comes when the first has left, if nobody kept that one waiting.
 */
export const arrivals: ReadonlyArray<number> = [0, 1.2, 2.4, 3.6, 10]

/** Beats a client thinks before each of its questions. */
export const thinking = 1

/** Beats an answer takes. */
export const evaluation = 2

/**
 * How long a beat is, in milliseconds. At speed 1 it is long enough to be seen, and all five models are over in ten
 * seconds.
 */
export const beat = (speed: number): number => Math.round(80 / speed)

/** A question is its asker's number; the answer takes its time without keeping the processor busy. */
export const serverProtocol = (beat: number): TextProtocol =>
  requestReply({
    name: "questions",
    framing: line,
    reply: (client) => Effect.delay(Effect.succeed(`an answer for ${client}`), evaluation * beat)
  })

export const clientProtocol: ClientProtocol<number, string, string> = {
  name: "questions",
  framing: line,
  prepare: (client) => Effect.succeed(String(client)),
  process: Effect.succeed
}
