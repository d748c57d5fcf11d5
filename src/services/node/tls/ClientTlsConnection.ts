import type { Socket } from "node:net"
import type { TLSSocket } from "node:tls"
import type { Address } from "../../../domain/Address.js"
import { NodeTlsConnection } from "./NodeTlsConnection.js"

/** How long a server's tickets may take, in milliseconds. */
const patience = 1000

/**
 * A client's side. By TLS 1.3 a server says something of its own accord behind the handshake: the tickets to resume it by. A client
 * that lets go before they have come would answer them by a reset, and what it had sent could be lost.
 */
export class ClientTlsConnection extends NodeTlsConnection {
  private owesTickets: boolean
  private isClosing = false

  constructor(socket: TLSSocket, raw: Socket, peer: Address) {
    super(socket, raw, peer)
    this.owesTickets = this.tls.version === "TLSv1.3"
    socket.once("session", () => {
      this.owesTickets = false
    })
  }

  override write(bytes: string | Uint8Array): void {
    if (!this.isClosing) super.write(bytes)
  }

  override close(): void {
    const { socket } = this
    if (!this.owesTickets || socket.destroyed || socket.readableLength > 0) return super.close()
    if (this.isClosing) return
    this.isClosing = true
    const letGo = (): void => {
      clearTimeout(timer)
      // Bytes that nobody will read reset the peer, as without TLS.
      setImmediate(() => socket.readableLength > 0 ? this.reset() : super.close())
    }
    const timer = setTimeout(letGo, patience)
    socket.once("session", letGo)
    socket.once("close", () => clearTimeout(timer))
    socket.pause()
    socket.read(0)
  }
}
