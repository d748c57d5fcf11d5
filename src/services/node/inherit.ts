import * as Effect from "effect/Effect"
import { fstatSync } from "node:fs"
import { Socket } from "node:net"
import type { ListenError } from "../../domain/NetworkError.js"
import { ListenFailed } from "../../domain/NetworkError.js"
import { isListening } from "./socketTable.js"

/** The socket of a connection that another program has accepted: paused, and with a half that stays open. */
export const inherit = (descriptor: number): Effect.Effect<Socket, ListenError> =>
  Effect.try({
    try: () => {
      if (!fstatSync(descriptor).isSocket()) throw new Error("it is no socket")
      if (isListening(descriptor)) throw new Error("it is no connection, but listens")
      return new Socket({ fd: descriptor, allowHalfOpen: true, readable: true, writable: true }).pause()
    },
    catch: (cause) => new ListenFailed({ address: { path: `fd:${descriptor}` }, cause })
  })
