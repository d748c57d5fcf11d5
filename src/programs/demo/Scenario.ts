/** What every model of the demo is put through: five clients with three questions each, whose answers take their time. */
import * as Duration from "effect/Duration"
import * as Effect from "effect/Effect"
import type { ClientProtocol } from "../../domain/ClientProtocol.js"
import { line } from "../../domain/framing/Line.js"
import type { TextProtocol } from "../../domain/Protocol.js"
import { requestReply } from "../../domain/Protocol.js"

/** Questions a client asks, one after the other. */
export const questions = 3

/** When each client connects, in beats. The last one comes when the first has already left, if nobody kept it waiting. */
export const arrivals: ReadonlyArray<number> = [0, 1, 2, 3, 10]

/** Beats a client thinks before each of its questions. */
export const thinking = 1

/** Beats an answer takes. */
export const evaluation = 2

/** A beat at speed 1: long enough to be seen, and all five models are over in ten seconds. */
const moment = Duration.millis(80)

/** How long a beat is. At speed 0.5 everything takes twice its time. */
export const beat = (speed: number): Duration.Duration => Duration.times(moment, 1 / speed)

/** A question is its asker's number; the answer takes its time without keeping the processor busy. */
export const serverProtocol = (beat: Duration.Duration): TextProtocol =>
  requestReply({
    name: "questions",
    framing: line,
    reply: (client) => Effect.delay(Effect.succeed(`an answer for ${client}`), Duration.times(beat, evaluation))
  })

export const clientProtocol: ClientProtocol<number, string, string> = {
  name: "questions",
  framing: line,
  prepare: (client) => Effect.succeed(String(client)),
  process: Effect.succeed
}
