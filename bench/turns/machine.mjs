// A conversation as a state machine: each line is answered with its number.
import { Framing, Protocol } from "effect-switchboard"
import * as Effect from "effect/Effect"

export default Protocol.make({
  name: "machine",
  framing: Framing.line,
  open: () => Effect.succeed(Protocol.turn(0)),
  receive: (heard, text) => Effect.succeed(Protocol.turn(heard + 1, { send: [text] }))
})
