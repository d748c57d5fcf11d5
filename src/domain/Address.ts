/**
 * Where a socket is: a host and a TCP port.
 *
 * @since 0.1.0
 * @module
 */

/**
 * One end of a connection, or the place a server listens.
 *
 * `host` is a name or a literal IPv4 or IPv6 address without brackets; `port` is 0 to 65,535.
 *
 * @since 0.1.0
 * @category models
 */
export interface Address {
  readonly host: string
  readonly port: number
}

/**
 * Writes an address as people read it. An IPv6 host stands in brackets (RFC 3986, section 3.2.2).
 *
 * @example
 * ```ts
 * import { Address } from "effect-switchboard"
 *
 * assert.strictEqual(Address.format({ host: "::1", port: 1234 }), "[::1]:1234")
 * ```
 *
 * @since 0.1.0
 * @category formatting
 */
export const format = (address: Address): string =>
  address.host.includes(":") ? `[${address.host}]:${address.port}` : `${address.host}:${address.port}`
