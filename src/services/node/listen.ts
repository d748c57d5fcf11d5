import * as Effect from "effect/Effect"
import type { Server } from "node:net"
import type { Address } from "../../domain/Address.js"
import type { ListenError } from "../../domain/NetworkError.js"
import { AddressUnavailable, ListenFailed, PermissionDenied, PortInUse } from "../../domain/NetworkError.js"

/** Has the server listen; where it cannot, nothing is left open. */
export const listen = (server: Server, place: Address, backlog: number): Effect.Effect<void, ListenError> =>
  Effect.async((resume) => {
    const fail = (cause: unknown): void => resume(Effect.fail(listenError(place, cause)))
    server.once("error", fail)
    try {
      server.listen({ ...place, backlog }, () => {
        server.off("error", fail)
        resume(Effect.void)
      })
    } catch (cause) {
      fail(cause)
    }
  })

const listenError = (place: Address, cause: unknown): ListenError => {
  switch (cause instanceof Error && "code" in cause ? cause.code : undefined) {
    case "EADDRINUSE":
      return new PortInUse({ address: place })
    case "EADDRNOTAVAIL":
      return new AddressUnavailable({ address: place })
    case "ENOTFOUND":
    case "EAI_AGAIN":
      return new AddressUnavailable({ address: place, reason: "not found" })
    case "EACCES":
      return new PermissionDenied({ address: place })
    default:
      return new ListenFailed({ address: place, cause })
  }
}
