// A turn that is done as it is made.
import { Framing, Protocol } from "effect-switchboard"
import * as Effect from "effect/Effect"

export default Protocol.requestReply({ name: "succeed", framing: Framing.line, reply: (text) => Effect.succeed(text) })
