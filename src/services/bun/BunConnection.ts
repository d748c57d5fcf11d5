import type { Address } from "../../domain/Address.js"
import { ConnectionReset } from "../../domain/NetworkError.js"
import type { Connection, Sink } from "../Connection.js"
import { highWaterMark } from "../Connection.js"
import type { BunSocket } from "./runtime.js"

/** A socket of Bun's as a Connection. Bun keeps nothing that it could not send, so that is kept here. */
export class BunConnection implements Connection {
  readonly peer: Address
  /** Whether it is over, for both sides. */
  isOver = false
  private sink: Sink | undefined = undefined
  private error: ConnectionReset | undefined = undefined
  private waiting: Array<Uint8Array> = []
  private waitingBytes = 0
  private sentBytes = 0
  /** The writer is to be told when all is sent. */
  private isFull = false
  private hasPeerEnded = false
  private leaving: "no" | "ending" | "closing" = "no"
  private readonly socket: BunSocket<BunConnection>
  private readonly over: (connection: BunConnection) => void

  /** It is paused. Whoever has made it is told when it is `over`. */
  constructor(socket: BunSocket<BunConnection>, peer: Address, over: (connection: BunConnection) => void) {
    this.socket = socket
    this.peer = peer
    this.over = over
    socket.pause()
  }

  // What Bun tells.

  data(chunk: Uint8Array): void {
    this.sink?.data(chunk)
  }

  ended(): void {
    this.hasPeerEnded = true
    this.sink?.end()
    if (this.leaving !== "no" && this.waiting.length === 0) this.socket.end()
  }

  drained(): void {
    const chunks = this.waiting
    this.waiting = []
    this.waitingBytes = 0
    for (const chunk of chunks) this.send(chunk)
    if (this.waiting.length > 0) return
    if (this.leaving !== "no") this.leave()
    if (!this.isFull) return
    this.isFull = false
    this.sink?.drain()
  }

  closed(cause: unknown): void {
    if (this.isOver) return
    this.isOver = true
    this.over(this)
    if (cause !== undefined && cause !== null) this.error = new ConnectionReset({ address: this.peer })
    // Bun may say so within a call to the socket.
    queueMicrotask(() => this.sink?.closed(this.error))
  }

  // What its users do.

  open(sink: Sink): void {
    this.sink = sink
    if (this.isOver) queueMicrotask(() => sink.closed(this.error))
    else this.socket.resume()
  }

  pause(): void {
    if (!this.isOver) this.socket.pause()
  }

  resume(): void {
    if (!this.isOver) this.socket.resume()
  }

  write(bytes: string | Uint8Array): void {
    if (this.leaving !== "no" || this.isOver) return
    const chunk = typeof bytes === "string" ? Buffer.from(bytes) : bytes
    if (chunk.length > 0) this.send(chunk)
    if (this.waitingBytes >= highWaterMark) this.isFull = true
  }

  unsent(): number {
    return this.waitingBytes
  }

  sent(): number {
    return this.sentBytes
  }

  end(): void {
    if (this.leaving !== "no" || this.isOver) return
    this.leaving = "ending"
    if (this.waiting.length === 0) this.leave()
  }

  close(): void {
    if (this.leaving === "closing" || this.isOver) return
    this.leaving = "closing"
    if (this.waiting.length === 0) this.leave()
  }

  reset(): void {
    if (!this.isOver) this.socket.terminate()
  }

  /** Bun tells of a reset whether anybody reads or not. */
  probe(): void {}

  private send(chunk: Uint8Array): void {
    const taken = this.waiting.length > 0 ? 0 : Math.max(0, this.socket.write(chunk))
    this.sentBytes += taken
    if (taken === chunk.length) return
    this.waiting.push(chunk.subarray(taken))
    this.waitingBytes += chunk.length - taken
  }

  /** All is sent. */
  private leave(): void {
    if (this.leaving === "closing" || this.hasPeerEnded) this.socket.end()
    else this.socket.shutdown()
  }
}
