import type * as Duration from "effect/Duration"
import * as Effect from "effect/Effect"
import * as net from "node:net"
import type { Address } from "../../domain/Address.js"
import type { ConnectError } from "../../domain/NetworkError.js"
import { ConnectFailed, ConnectionRefused, ConnectTimeout, HostNotFound } from "../../domain/NetworkError.js"
import type { ProxyHeader } from "./introduction.js"
import { introductionOf } from "./introduction.js"

/** A socket that begins to connect: without Nagle's delay, and with a half that stays open when the peer ends its own. */
export const dial = (address: Address, timeout: Duration.Duration): Effect.Effect<net.Socket, ConnectError> =>
  Effect.try({
    try: () => net.connect({ ...(address as net.NetConnectOpts), allowHalfOpen: true, noDelay: true }),
    catch: (cause) => connectError(address, timeout, cause)
  })

/** Waits until it is connected; then it is paused, and has introduced itself where it is to. */
export const connected = (
  socket: net.Socket,
  address: Address,
  timeout: Duration.Duration,
  header: ProxyHeader | undefined
): Effect.Effect<void, ConnectError> =>
  Effect.async((resume) => {
    socket.once("error", (cause) => resume(Effect.fail(connectError(address, timeout, cause))))
    socket.once("connect", () => {
      socket.pause()
      if (header !== undefined) socket.write(introductionOf(socket, address, header))
      resume(Effect.void)
    })
  })

const connectError = (address: Address, timeout: Duration.Duration, cause: unknown): ConnectError => {
  switch (cause instanceof Error && "code" in cause ? cause.code : undefined) {
    case "ECONNREFUSED":
    case "ENOENT":
      return new ConnectionRefused({ address, reason: "not listening" })
    case "ECONNRESET":
      // The server's reset overtook the news that it had accepted.
      return new ConnectionRefused({ address, reason: "turned away" })
    case "ETIMEDOUT":
      return new ConnectTimeout({ address, timeout })
    case "ENOTFOUND":
    case "EAI_AGAIN":
      return new HostNotFound({ address })
    default:
      return new ConnectFailed({ address, cause })
  }
}
