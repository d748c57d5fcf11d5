// A turn that computes.
import { Framing, Protocol } from "effect-switchboard"
import * as Effect from "effect/Effect"

export default Protocol.requestReply({ name: "sync", framing: Framing.line, reply: (text) => Effect.sync(() => text) })
