import type { Server, Socket } from "node:net"
import type { Address } from "../../domain/Address.js"
import { unixPathOf } from "./socketTable.js"

/** A user and a group, by number; what is left out stays as it is. */
export interface Owner {
  readonly uid?: number | undefined
  readonly gid?: number | undefined
}

/** Where a server on Node's sockets is to listen: the first of these that is given. */
export interface Place {
  /** The descriptor of the one connection that there is to be. */
  readonly connection?: number | undefined
  /** The descriptor of a socket that is bound already; the path or the host beside it says what it is called. */
  readonly fd?: number | undefined
  /** The path of a unix socket. */
  readonly path?: string | undefined
  /** The permissions of its file. Default: what the umask leaves. */
  readonly mode?: number | undefined
  /** Whose it is. Default: this process's user and group. */
  readonly owner?: Owner | undefined
  readonly host?: string | undefined
  readonly port?: number | undefined
}

/** The place as it is asked for. */
export const asked = ({ connection, fd = connection, host, path, port = 0 }: Place): Address => {
  if (path !== undefined) return { path }
  return fd === undefined || host !== undefined ? { host: host ?? "127.0.0.1", port } : { path: `fd:${fd}` }
}

/** The place as it has become: with the port that was found, or what an inherited socket is bound to. */
export const bound = (server: Server, { fd, host, path }: Place): Address => {
  const address = server.address()
  if (address === null || typeof address === "string") return { path: address ?? path ?? inherited(fd!) }
  return { host: host ?? address.address, port: address.port }
}

/** Where a connection came in. */
export const boundOf = ({ localAddress, localPort = 0 }: Socket, descriptor: number): Address =>
  localAddress === undefined ? { path: inherited(descriptor) } : { host: localAddress, port: localPort }

/** Node shows no path of a unix socket that it has not bound itself. */
const inherited = (descriptor: number): string => unixPathOf(descriptor) ?? `fd:${descriptor}`

/** Who has come in there. The client of a unix socket has no address; one that has left already shows none any more. */
export const peerOf = ({ remoteAddress = "", remotePort = 0 }: Socket, { path }: Address): Address =>
  path === undefined ? { host: remoteAddress, port: remotePort } : { path: "" }
