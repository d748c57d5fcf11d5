import type { Address } from "../../domain/Address.js"
import { ConnectionReset } from "../../domain/NetworkError.js"
import type { Connection, Sink } from "../Connection.js"
import { highWaterMark } from "../Connection.js"
import type { EventLoop } from "./EventLoop.js"
import type { Arrival, Wire } from "./Wire.js"

/** FIN is behind the last byte when it is `ending`, and on its way when `finished`. */
const sendings = ["open", "ending", "finished", "over"] as const
type Sending = typeof sendings[number]

/** `unwanted` when this side has let go, `ended` by the peer's FIN. */
const receivings = ["open", "unwanted", "ended", "over"] as const
type Receiving = typeof receivings[number]

/** What this side still says, and what it still hears. Both are `over` at once. */
interface States {
  readonly sending?: Sending
  readonly receiving?: Receiving
}

/** Whichever comes later. */
const later = <A>(states: ReadonlyArray<A>, one: A, other: A): A =>
  states.indexOf(one) < states.indexOf(other) ? other : one

/** One side of a virtual connection. `arrive` and `acknowledged` are called by the network, as events of their own. */
export class Endpoint implements Connection {
  readonly peer: Address
  /** The way to the peer. */
  wire!: Wire
  /** Called once, when the endpoint is over. */
  whenOver: () => void = () => {}
  private readonly loop: EventLoop
  private readonly window: number
  private sink: Sink | undefined = undefined
  private isReading = false
  private received: Array<Arrival> = []
  /** Written, and not yet taken by the network. */
  private waiting: Array<Uint8Array> = []
  private waitingBytes = 0
  private sentBytes = 0
  private unacknowledged = 0
  private isDrainDue = false
  private isReadDue = false
  private sending: Sending = "open"
  private receiving: Receiving = "open"
  private error: ConnectionReset | undefined = undefined

  constructor(peer: Address, loop: EventLoop, window: number) {
    this.peer = peer
    this.loop = loop
    this.window = window
  }

  open(sink: Sink): void {
    this.sink = sink
    if (this.isOver()) this.loop.soon(() => sink.closed(this.error))
    else this.resume()
  }

  pause(): void {
    this.isReading = false
  }

  resume(): void {
    this.isReading = true
    if (this.isReadDue || this.received.length === 0) return
    this.isReadDue = true
    this.loop.soon(() => {
      this.isReadDue = false
      this.read()
    })
  }

  write(bytes: string | Uint8Array): void {
    if (this.sending !== "open" || bytes.length === 0) return
    // The network keeps what it is given, so it has a copy of its own.
    const copy = typeof bytes === "string" ? Buffer.from(bytes) : Buffer.from(bytes)
    this.waiting.push(copy)
    this.waitingBytes += copy.length
    this.transmit()
    if (this.waitingBytes >= highWaterMark) this.isDrainDue = true
    if (this.received.at(-1) === "Rst") this.loop.soon(() => this.lose())
  }

  unsent(): number {
    return this.waitingBytes
  }

  sent(): number {
    return this.sentBytes
  }

  end(): void {
    if (this.sending !== "open") return
    this.enter({ sending: "ending" })
    this.transmit()
  }

  close(): void {
    this.enter({ receiving: "unwanted" })
    this.end()
    this.settle()
  }

  reset(): void {
    if (this.isOver()) return
    this.wire.reset()
    this.finish(undefined)
  }

  arrive(arrival: Arrival): void {
    if (this.isOver()) {
      // Nobody is there to take it (RFC 9293, section 3.10.7.1).
      if (typeof arrival !== "string") this.wire.reset()
      return
    }
    if (arrival === "Rst" && this.waitingBytes > 0) return this.lose()
    this.received.push(arrival)
    this.read()
  }

  acknowledged(bytes: number): void {
    this.unacknowledged -= bytes
    if (this.isOver()) return
    this.transmit()
    if (this.isDrainDue && this.waitingBytes === 0 && this.sink !== undefined) {
      this.isDrainDue = false
      this.sink.drain()
    }
  }

  private isOver(): boolean {
    return this.receiving === "over"
  }

  /** The one place where the states are entered; neither goes back to one that it has left. */
  private enter({ receiving = this.receiving, sending = this.sending }: States): void {
    this.sending = later(sendings, this.sending, sending)
    this.receiving = later(receivings, this.receiving, receiving)
  }

  private read(): void {
    while (this.isReading && !this.isOver() && this.received.length > 0) {
      const arrival = this.received.shift()!
      if (arrival === "Rst") {
        this.lose()
      } else if (arrival === "Fin") {
        this.enter({ receiving: "ended" })
        this.sink!.end()
        this.settle()
      } else {
        this.wire.acknowledge(arrival.length)
        this.sink!.data(arrival)
      }
    }
  }

  /** Gives the network what its window takes; behind the last byte, FIN. */
  private transmit(): void {
    const { window, wire } = this
    for (let room = window - this.unacknowledged; room > 0 && this.waiting.length > 0;) {
      const first = this.waiting[0]!
      const part = first.length <= room ? first : first.subarray(0, room)
      if (part === first) this.waiting.shift()
      else this.waiting[0] = first.subarray(room)
      room -= part.length
      this.waitingBytes -= part.length
      this.unacknowledged += part.length
      this.sentBytes += part.length
      wire.send(part)
    }
    if (this.sending === "ending" && this.waitingBytes === 0) {
      this.enter({ sending: "finished" })
      wire.finish()
      this.settle()
    }
  }

  /** Over when both directions are, or when this side has said all it had to say and wants no more. */
  private settle(): void {
    if (this.sending !== "finished" || this.receiving === "open") return
    // To let go of unread bytes takes back what the peer has not read yet (RFC 2525, section 2.17).
    if (this.received.some((arrival) => typeof arrival !== "string")) this.wire.reset()
    this.finish(undefined)
  }

  private lose(): void {
    if (!this.isOver()) this.finish(new ConnectionReset({ address: this.peer }))
  }

  private finish(error: ConnectionReset | undefined): void {
    this.enter({ sending: "over", receiving: "over" })
    this.error = error
    this.waiting = []
    this.received = []
    this.waitingBytes = 0
    this.whenOver()
    const sink = this.sink
    if (sink !== undefined) this.loop.soon(() => sink.closed(error))
  }
}
