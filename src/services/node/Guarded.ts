import type { Socket } from "node:net"
import type { Address } from "../../domain/Address.js"
import type { Refusal } from "../../domain/ServerEvent.js"
import type { Shape as Gate } from "../Gate.js"
import type { Entrance, Hall } from "./Entrance.js"
import { NodeConnection } from "./socket.js"

/** Asks the gate about a client, which leaves when its socket closes. Gives why it is not let in, if it is not. */
export const ask = (gate: Gate, socket: Socket, peer: Address): Refusal | undefined => {
  const reason = gate.enter(peer)
  const { leave } = gate
  if (reason === undefined && leave !== undefined) socket.once("close", () => leave(peer))
  return reason
}

/** Asks the gate about each client before anything is done for it, such as a handshake. */
export class Guarded implements Entrance {
  readonly closing: () => number
  readonly cut: () => void
  private readonly hall: Hall
  private readonly inner: Entrance
  private readonly gate: Gate

  constructor(hall: Hall, inner: Entrance, gate: Gate) {
    this.hall = hall
    this.inner = inner
    this.gate = gate
    this.closing = () => inner.closing()
    this.cut = () => inner.cut()
  }

  enter(socket: Socket, peer: Address): void {
    // One that has reset already has no address any more.
    if (peer.host === "") return void socket.destroy()
    const reason = ask(this.gate, socket, peer)
    if (reason !== undefined) {
      new NodeConnection(socket, peer, this.hall.connections).reset()
      return this.hall.tell({ _tag: "Refused", peer, reason })
    }
    this.inner.enter(socket, peer)
  }
}
