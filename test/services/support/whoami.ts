import { Address, Framing, Protocol } from "effect-switchboard"
import * as Effect from "effect/Effect"

const told = (peer: Address.Address): string => `${peer.host ?? "nobody"} by ${peer.via && Address.format(peer.via)}`

/** Says who its client is, and by whom. */
export const whoami = Protocol.make({
  name: "whoami",
  framing: Framing.line,
  open: ({ peer }) => Effect.succeed(Protocol.turn(peer)),
  receive: (peer: Address.Address) => Effect.succeed(Protocol.turn(peer, { send: [told(peer)] }))
})
