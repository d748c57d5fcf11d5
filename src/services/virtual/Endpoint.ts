import type { Address } from "../../domain/Address.js"
import { ConnectionReset } from "../../domain/NetworkError.js"
import type { Tls } from "../../domain/Tls.js"
import type { HandshakeFault } from "../../domain/TlsError.js"
import { HandshakeFailed } from "../../domain/TlsError.js"
import type { Connection, Sink, StartTlsError } from "../Connection.js"
import { highWaterMark } from "../Connection.js"
import type { EventLoop } from "./EventLoop.js"
import { Greeting, hello } from "./Greeting.js"
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

/** How long a handshake may take, in milliseconds, as by `NodeTlsSocketServer`. */
const handshakeTimeout = 10_000

type Done = (error?: StartTlsError) => void

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
  tls: Tls | undefined = undefined
  startTls: ((done: Done) => void) | undefined = undefined
  /** A handshake that is under way, and to whom its end is told. */
  private handshake: { readonly greeting: Greeting; readonly isServer: boolean; readonly done: Done } | undefined =
    undefined

  constructor(peer: Address, loop: EventLoop, window: number) {
    this.peer = peer
    this.loop = loop
    this.window = window
  }

  /** It may be encrypted in the middle: by the client's side, if it has a name for the server. */
  allowTls(serverName?: string): void {
    this.startTls = (done) => this.beginTls(done, serverName)
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
    return Math.max(0, this.sentBytes)
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
    while ((this.isReading || this.handshake !== undefined) && !this.isOver() && this.received.length > 0) {
      const arrival = this.received.shift()!
      if (arrival === "Rst") {
        this.lose()
      } else if (arrival === "Fin") {
        this.enter({ receiving: "ended" })
        if (this.handshake !== undefined) return this.failTls("hung up")
        this.sink!.end()
        this.settle()
      } else {
        this.wire.acknowledge(arrival.length)
        if (this.handshake === undefined) this.sink!.data(arrival)
        else this.greeted(arrival)
      }
    }
  }

  private beginTls(done: Done, serverName: string | undefined): void {
    this.startTls = undefined
    const handshake = { greeting: new Greeting(), isServer: serverName === undefined, done }
    this.handshake = handshake
    const { loop } = this
    const ifUnderWay = (act: () => void) => (): void => {
      if (this.handshake === handshake) act()
    }
    if (this.received.some((arrival) => typeof arrival !== "string")) {
      return loop.soon(ifUnderWay(() => this.failTls("injected")))
    }
    if (this.receiving !== "open") return loop.soon(ifUnderWay(() => this.failTls("hung up")))
    loop.at(loop.now() + handshakeTimeout, ifUnderWay(() => this.failTls("timed out")))
    if (serverName !== undefined) this.greet(serverName)
    loop.soon(() => this.read())
  }

  /** It counts for nothing: nobody has written it. */
  private greet(serverName?: string): void {
    const bytes = hello(serverName)
    this.sentBytes -= bytes.length
    this.write(bytes)
  }

  private greeted(chunk: Uint8Array): void {
    const { done, greeting, isServer } = this.handshake!
    const heard = greeting.take(chunk)
    if (heard === undefined) return
    if (typeof heard === "string") return this.failTls(heard)
    this.handshake = undefined
    if (isServer) this.greet()
    this.tls = { version: "virtual", ...(isServer ? { serverName: heard.serverName } : {}) }
    done()
    if (heard.rest.length > 0 && !this.isOver()) this.sink!.data(heard.rest)
  }

  private failTls(fault: HandshakeFault): void {
    const { done } = this.handshake!
    this.handshake = undefined
    done(new HandshakeFailed({ address: this.peer, fault }))
    this.reset()
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
    const { handshake, sink } = this
    this.handshake = undefined
    if (handshake !== undefined) {
      this.loop.soon(() => handshake.done(new HandshakeFailed({ address: this.peer, fault: "hung up" })))
    }
    if (sink !== undefined) this.loop.soon(() => sink.closed(error))
  }
}
