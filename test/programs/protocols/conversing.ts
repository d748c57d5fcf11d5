import * as Effect from "effect/Effect"
import type { Protocol, Turn } from "../../../src/domain/Protocol.js"

export const peer = { host: "127.0.0.1", port: 50_000 }

/** A protocol's turns, one after the other, with nothing around them. */
export const conversing = <In, Out, E, R>(protocol: Protocol<In, Out, E, R>) =>
  Effect.map(protocol.machine.open(peer), (opened) => {
    let turn = opened as Turn<unknown, Out>
    const take = (next: Effect.Effect<Turn<unknown, unknown>, E, R>) =>
      Effect.map(next, (result) => {
        turn = result as Turn<unknown, Out>
        return turn
      })
    return {
      opened: turn,
      receive: (message: In) => Effect.suspend(() => take(protocol.machine.receive(turn.state, message))),
      wake: Effect.suspend(() => take(protocol.machine.wake!(turn.state)))
    }
  })
