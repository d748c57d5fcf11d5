import type { Address } from "../../domain/Address.js"
import type { ConnectionReset } from "../../domain/NetworkError.js"
import { ConnectionClosed, ConnectionRefused } from "../../domain/NetworkError.js"

/**
 * How a connection ends from the other side. A server that hangs up before it said anything has refused.
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
): Disconnected =>
  hasSpoken
    ? reset ?? new ConnectionClosed(address)
    : new ConnectionRefused({ ...address, reason: "turned away" })
