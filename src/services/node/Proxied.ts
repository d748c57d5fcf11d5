import * as Duration from "effect/Duration"
import type { Socket } from "node:net"
import type { Address } from "../../domain/Address.js"
import type { Entrance, Hall } from "./Entrance.js"
import type { Networks } from "./networks.js"
import { isIn, networksOf } from "./networks.js"
import { read } from "./proxyHeader.js"

/** From whom a PROXY header is taken, and how long it may take to come. */
export interface Proxies {
  /** Addresses, or networks such as `10.0.0.0/8`. Who opens a unix socket has been let in by its permissions. */
  readonly from: ReadonlyArray<string>
  /** Default: 5 seconds. */
  readonly timeout?: Duration.DurationInput | undefined
}

/** A socket whose header has not come in full. */
class Arrival {
  readonly socket: Socket
  readonly peer: Address
  bytes: Buffer = Buffer.alloc(0)
  private readonly timer: NodeJS.Timeout
  private readonly onData: (chunk: Buffer) => void
  private readonly onEnd: () => void
  private readonly onClose: () => void

  constructor(
    socket: Socket,
    peer: Address,
    timeout: number,
    told: {
      readonly data: (arrival: Arrival) => void
      readonly end: (arrival: Arrival) => void
      readonly late: (arrival: Arrival) => void
      readonly close: (arrival: Arrival) => void
    }
  ) {
    this.socket = socket
    this.peer = peer
    this.timer = setTimeout(() => told.late(this), timeout)
    this.onData = (chunk) => {
      this.bytes = this.bytes.length === 0 ? chunk : Buffer.concat([this.bytes, chunk])
      told.data(this)
    }
    this.onEnd = () => told.end(this)
    this.onClose = () => told.close(this)
    // One that is let go may be cut from the other side, too, and then it is nobody's.
    socket.on("error", ignore)
    socket.on("data", this.onData)
    socket.on("end", this.onEnd)
    socket.on("close", this.onClose)
    socket.resume()
  }

  /** Reads no more. */
  leave(): void {
    clearTimeout(this.timer)
    this.socket.off("data", this.onData)
    this.socket.off("end", this.onEnd)
    this.socket.off("close", this.onClose)
    this.socket.pause()
  }
}

const ignore = (): void => {}

/**
 * Takes the PROXY header off a connection before anybody else reads from it: its client is the peer from then on. Who is
 * not one of the proxies, and who says anything else first, is reset.
 */
export class Proxied implements Entrance {
  private readonly arrivals = new Set<Arrival>()
  private readonly hall: Hall
  private readonly inner: Entrance
  private readonly networks: Networks
  private readonly timeout: number

  constructor(hall: Hall, inner: Entrance, { from, timeout = "5 seconds" }: Proxies) {
    this.hall = hall
    this.inner = inner
    this.networks = networksOf(from)
    this.timeout = Duration.toMillis(timeout)
  }

  enter(socket: Socket, peer: Address): void {
    // One that has left already, as a proxy does that only looks whether anybody is here, has no address any more.
    if (peer.host === "") return void socket.destroy()
    // Who opens a unix socket has been let in by its permissions.
    if (peer.path === undefined && !isIn(this.networks, peer.host)) {
      socket.on("error", ignore)
      return this.turnAway(socket, peer, "it comes from none of the proxies")
    }
    const arrival = new Arrival(socket, peer, this.timeout, {
      data: (arrival) => this.take(arrival),
      end: (arrival) => this.ended(arrival),
      late: (arrival) => this.fail(arrival, "its PROXY header did not come in time"),
      close: (arrival) => this.leave(arrival)
    })
    this.arrivals.add(arrival)
  }

  closing(): number {
    for (const arrival of this.arrivals) if (arrival.bytes.length === 0) this.letGo(arrival)
    return this.arrivals.size + this.inner.closing()
  }

  cut(): void {
    for (const arrival of this.arrivals) this.letGo(arrival)
    this.inner.cut()
  }

  private take(arrival: Arrival): void {
    const { bytes, peer, socket } = arrival
    const reading = read(bytes)
    if (reading._tag === "Unfinished") return
    if (reading._tag === "Fault") return this.fail(arrival, reading.reason)
    this.leave(arrival)
    const rest = bytes.subarray(reading.length)
    if (rest.length > 0) socket.unshift(rest)
    this.inner.enter(socket, reading.client === undefined ? peer : { ...reading.client, via: peer })
  }

  /** One that has said nothing only wanted to see whether anybody is here. */
  private ended(arrival: Arrival): void {
    if (arrival.bytes.length === 0) this.letGo(arrival)
    else this.fail(arrival, "it ended in the middle of its PROXY header")
  }

  private fail(arrival: Arrival, reason: string): void {
    this.leave(arrival)
    this.turnAway(arrival.socket, arrival.peer, reason)
  }

  private turnAway(socket: Socket, peer: Address, reason: string): void {
    this.hall.tell({ _tag: "ProxyFault", peer, reason })
    if (peer.path === undefined) socket.resetAndDestroy()
    else socket.destroy()
  }

  private letGo(arrival: Arrival): void {
    this.leave(arrival)
    arrival.socket.destroy()
  }

  private leave(arrival: Arrival): void {
    this.arrivals.delete(arrival)
    arrival.leave()
  }
}
