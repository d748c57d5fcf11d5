/** A protocol of somebody who may not have had a compiler to tell them what a turn is. */
import * as Effect from "effect/Effect"
import { inspect } from "node:util"
import * as Done from "../../../domain/Done.js"
import type { Protocol, Turn } from "../../../domain/Protocol.js"
import { textFramings } from "./textFramings.js"

type Step = Effect.Effect<Turn<unknown, unknown, unknown, unknown, unknown>, unknown, unknown>

const shown = (value: unknown): string => inspect(value, { depth: 0, breakLength: Infinity })

const fault = (words: string): Effect.Effect<never> => Effect.die(new TypeError(words))

/** The protocol, whose faults of types are told by what they are and not by what comes of them. */
export const checked = <P extends Protocol<unknown, unknown, unknown, unknown>>(protocol: P): P => {
  const { machine } = protocol
  const isText = protocol.framing.name in textFramings
  const check = (turn: Turn<unknown, unknown, unknown, unknown, unknown>) => {
    if (typeof turn !== "object" || turn === null || !("state" in turn)) {
      throw new TypeError(`a turn is ${shown(turn)}, and must be an object with a state`)
    }
    for (const message of isText && Array.isArray(turn.send) ? turn.send : []) {
      if (typeof message !== "string") {
        throw new TypeError(`a message to be sent is ${shown(message)}, and must be a text`)
      }
    }
    return turn
  }
  const told = (step: Step, name: string): Step =>
    Effect.isEffect(step)
      ? Done.map(step, check)
      : fault(`${name} gave ${shown(step)}, which is no Effect: Effect.succeed makes one of it`)
  const { ended, notified, wake } = machine
  return {
    ...protocol,
    machine: {
      ...machine,
      open: (session) => told(machine.open(session), "open"),
      receive: (state, message) => told(machine.receive(state, message), "receive"),
      ...(wake && { wake: (state: unknown) => told(wake(state), "wake") }),
      ...(notified && { notified: (state: unknown, event: unknown) => told(notified(state, event), "notified") }),
      ...(ended && { ended: (state: unknown) => told(ended(state), "ended") })
    }
  }
}
