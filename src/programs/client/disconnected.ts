import type { Address } from "../../domain/Address.js"
import type { ConnectionReset } from "../../domain/NetworkError.js"
import { ConnectionClosed, ConnectionRefused } from "../../domain/NetworkError.js"

/** How a connection ends from the other side. */
export type HungUp = ConnectionRefused | ConnectionReset | ConnectionClosed

/**
 * Refused, or lost? By whether the server had said anything, and by the reset with which it ended, if it did; `farewell` is what
 * it said where it did not.
 */
export const disconnected = (
  address: Address,
  hasSpoken: boolean,
  reset: ConnectionReset | undefined,
  farewell: string | undefined
): HungUp => {
  if (reset === undefined) {
    return new ConnectionClosed({ address, ...(farewell === undefined ? {} : { reason: farewell }) })
  }
  return hasSpoken || reset.reason !== undefined ? reset : new ConnectionRefused({ address, reason: "turned away" })
}
