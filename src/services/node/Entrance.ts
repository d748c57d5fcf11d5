import type { Socket } from "node:net"
import type { Address } from "../../domain/Address.js"
import type { What } from "../../domain/ServerEvent.js"
import { NodeConnection } from "./socket.js"

/** What an entrance leads to. */
export interface Hall {
  /** The connections that there are: each is cut when the server's scope closes. */
  readonly connections: Set<NodeConnection>
  /** Lets a connection wait to be accepted. */
  readonly admit: (connection: NodeConnection) => void
  readonly tell: (what: What) => void
}

/** What lies between a socket that has come in and the connection that is given out, such as a handshake. */
export interface Entrance {
  /** Takes a socket, paused and unread. What becomes of it is admitted, now or later, or let go. */
  readonly enter: (socket: Socket, peer: Address) => void
  /**
   * Called again and again while the server closes, each time after whatever had arrived was read. Gives how many sockets
   * are still between; who has said nothing is let go.
   */
  readonly closing: () => number
  /** Cuts every socket that is still between. */
  readonly cut: () => void
}

/** Nothing at all: a socket is a connection. */
export const open = ({ admit, connections }: Hall): Entrance => ({
  enter: (socket, peer) => admit(new NodeConnection(socket, peer, connections)),
  closing: () => 0,
  cut: () => {}
})
