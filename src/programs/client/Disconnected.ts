import type { Address } from "../../domain/Address.js"
import type { ConnectionReset } from "../../domain/NetworkError.js"
import { ConnectionClosed, ConnectionRefused } from "../../domain/NetworkError.js"

/**
 * How a connection ends from the other side: refused, cut, or closed in good order.
 *
 * Refused is who was never served: who was sent a reset before any byte. So servers turn away a client too many, so the
 * kernel tells those who still waited at a server that ended, and so a request ends that nobody had read. A server that
 * hangs up in good order, though it said nothing, has served: its protocol failed over the request, or it is a server
 * that stops. One of this package's that cuts a client in its first request, as at the end of a drain, says so by a FIN
 * before the reset. Any other server that does so, or one that is killed while more of the client's is unread, looks as if
 * it had refused: what is sent is acknowledged by the kernel, whether anybody reads it or not.
 *
 * @since 0.1.0
 * @category errors
 */
export type Disconnected = ConnectionRefused | ConnectionReset | ConnectionClosed

/** Refused, or lost? By whether the server had said anything, and by the reset with which it ended, if it did. */
export const disconnected = (
  address: Address,
  hasSpoken: boolean,
  reset: ConnectionReset | undefined
): Disconnected => {
  if (reset === undefined) return new ConnectionClosed({ address })
  return hasSpoken ? reset : new ConnectionRefused({ address, reason: "turned away" })
}
