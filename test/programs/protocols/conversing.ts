import * as Effect from "effect/Effect"
import type { Protocol, Turn as AnyTurn } from "../../../src/domain/Protocol.js"
import { detached } from "../../../src/domain/Session.js"

export const peer = { host: "127.0.0.1", port: 50_000 }

/** A turn that sends no stream. */
type Turn<Out> = Omit<AnyTurn<unknown, Out>, "send"> & { readonly send?: ReadonlyArray<Out> }

/** A protocol's turns, one after the other, with nothing around them. */
export const conversing = <In, Out, E, R>(protocol: Protocol<In, Out, E, R>) =>
  Effect.map(protocol.machine.open(detached(peer)), (opened) => {
    let turn = opened as Turn<Out>
    const take = (next: Effect.Effect<unknown, E, R>) =>
      Effect.map(next, (result) => {
        turn = result as Turn<Out>
        return turn
      })
    return {
      opened: turn,
      receive: (message: In) => Effect.suspend(() => take(protocol.machine.receive(turn.state, message))),
      wake: Effect.suspend(() => take(protocol.machine.wake!(turn.state)))
    }
  })
