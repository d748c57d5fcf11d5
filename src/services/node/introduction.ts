import type { Socket } from "node:net"
import { isIP } from "node:net"
import type { Address } from "../../domain/Address.js"
import { write, writeLine } from "./proxyHeader.js"

/** What a client says by the PROXY protocol before anything else, in the place of a proxy. */
export interface ProxyHeader {
  /** 1 is a line of text, and 2 is binary. Default: 2. */
  readonly version?: 1 | 2 | undefined
  /**
   * The client that is spoken for, by its IP address; with version 2 also by the path of its unix socket. `none`: the
   * connection is the proxy's own, as when it only looks whether anybody is here. Default: this end of the connection.
   */
  readonly source?: Address | "none" | undefined
}

/** The header as it was asked for; throws a RangeError over a source that has a name, which a header has no room for. */
export const checked = (header: ProxyHeader): ProxyHeader => {
  const { source } = header
  if (source !== undefined && source !== "none" && source.host !== undefined && isIP(source.host) === 0) {
    throw new RangeError(`${source.host} is no IP address`)
  }
  return header
}

/** What is said on a socket that has just connected to the address. */
export const introductionOf = (
  { localAddress, localPort = 0, remoteAddress, remotePort = 0 }: Socket,
  address: Address,
  { source, version = 2 }: ProxyHeader
): Buffer => {
  const own = localAddress === undefined ? { path: "" } : { host: localAddress, port: localPort }
  const client = source === "none" ? undefined : source ?? own
  const server = remoteAddress === undefined ? address : { host: remoteAddress, port: remotePort }
  return version === 1 ? writeLine(client, server) : write(client, server)
}
