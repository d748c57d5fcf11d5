// As many lines as are asked for, as a Stream.
import { Framing, Protocol } from "effect-switchboard"
import * as Effect from "effect/Effect"
import * as Stream from "effect/Stream"
import { lines } from "../peers/lines.mjs"

export default Protocol.make({
  name: "tail",
  framing: Framing.line,
  open: () => Effect.succeed(Protocol.turn(undefined)),
  receive: (_, count) => Effect.succeed(Protocol.turn(undefined, { send: Stream.fromIterable(lines(Number(count))) }))
})
