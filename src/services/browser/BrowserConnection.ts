import type { Address } from "../../domain/Address.js"
import { ConnectionReset } from "../../domain/NetworkError.js"
import * as CloseCode from "../../domain/websocket/CloseCode.js"
import type { Wanted } from "../../domain/websocket/FrameReader.js"
import { lines } from "../../domain/websocket/FrameReader.js"
import type { Connection, Messages, Sink } from "../Connection.js"
import { highWaterMark } from "../Connection.js"
import type { Timers } from "../Timers.js"

/** Milliseconds between two looks at what a browser has not sent: it does not say when it has. */
const look = 20

/**
 * What is needed of a browser's WebSocket.
 *
 * @since 0.2.0
 * @category models
 */
export interface BrowserWebSocket {
  binaryType: string
  readonly bufferedAmount: number
  readonly send: (message: string | Uint8Array) => void
  readonly close: (code?: number, reason?: string) => void
  readonly addEventListener: (
    type: "open" | "message" | "close" | "error",
    listener: (
      event: { readonly data?: unknown; readonly code?: number; readonly reason?: string; readonly wasClean?: boolean }
    ) => void
  ) => void
}

const encoder = new TextEncoder()

/** A browser's WebSocket as a Connection. */
export class BrowserConnection implements Connection {
  readonly peer: Address
  readonly messages: Messages
  private readonly socket: BrowserWebSocket
  private readonly maxHeld: number
  private readonly timers: Timers
  private readonly soon: (act: () => void) => void
  private wanted: Wanted = lines
  private sink: Sink | undefined = undefined
  /** What came while nothing was read. */
  private held: Array<Uint8Array> = []
  private heldBytes = 0
  private isPaused = true
  private isDeliveryDue = false
  private isOver = false
  farewell: string | undefined = undefined
  private isTold = false
  private error: ConnectionReset | undefined = undefined
  private taken = 0
  private readonly timer = { at: Infinity, order: 0, slot: 0, expire: () => this.lookForDrain() }

  constructor(
    socket: BrowserWebSocket,
    peer: Address,
    maxHeld: number,
    timers: Timers,
    soon: (act: () => void) => void
  ) {
    this.socket = socket
    this.peer = peer
    this.maxHeld = maxHeld
    this.timers = timers
    this.soon = soon
    this.messages = {
      readFor: (codec) => (this.wanted = codec),
      write: (messages) => {
        for (const message of messages) this.send(message)
      }
    }
    socket.binaryType = "arraybuffer"
    socket.addEventListener("message", ({ data }) => this.received(data as string | ArrayBuffer))
    // An error says nothing, and a close follows it.
    socket.addEventListener("error", () => {})
    socket.addEventListener("close", ({ code, reason = "", wasClean }) => {
      this.farewell = CloseCode.wordsOf(reason)
      // A server that turns somebody away says so; any other end is a good one where both sides have agreed on it.
      if (wasClean !== true || code === CloseCode.tryAgainLater) this.error ??= new ConnectionReset({ address: peer })
      this.isOver = true
      timers.cancel(this.timer)
      this.deliverSoon()
    })
  }

  open(sink: Sink): void {
    this.sink = sink
    this.resume()
  }

  pause(): void {
    this.isPaused = true
  }

  resume(): void {
    this.isPaused = false
    this.deliverSoon()
  }

  write(bytes: string | Uint8Array): void {
    if (bytes.length > 0) this.send(typeof bytes === "string" ? encoder.encode(bytes) : bytes)
  }

  unsent(): number {
    return this.socket.bufferedAmount
  }

  sent(): number {
    return this.taken - this.socket.bufferedAmount
  }

  end(): void {
    this.socket.close(CloseCode.normal)
  }

  close(): void {
    this.end()
  }

  /** A browser has no reset. */
  reset(): void {
    this.end()
  }

  private send(message: string | Uint8Array): void {
    if (this.isOver) return
    const before = this.socket.bufferedAmount
    this.socket.send(message)
    this.taken += this.socket.bufferedAmount - before
    if (this.socket.bufferedAmount >= highWaterMark && this.timer.at === Infinity) this.lookSoon()
  }

  private lookSoon(): void {
    this.timers.schedule(this.timer, this.timers.now() + look)
  }

  private lookForDrain(): void {
    if (this.isOver) return
    if (this.socket.bufferedAmount > 0) this.lookSoon()
    else this.sink?.drain()
  }

  private received(data: string | ArrayBuffer): void {
    const bytes = this.bytesOf(data)
    if (bytes.length === 0 || this.error !== undefined) return
    this.held.push(bytes)
    this.heldBytes += bytes.length
    if (this.heldBytes > this.maxHeld) {
      this.error ??= new ConnectionReset({ address: this.peer })
      this.held = []
      this.end()
    } else if (!this.isPaused) {
      this.deliver()
    }
  }

  private bytesOf(data: string | ArrayBuffer): Uint8Array {
    if (typeof data !== "string") return new Uint8Array(data)
    const { delimiter } = this.wanted
    return encoder.encode(delimiter === undefined || data.endsWith(delimiter) ? data : data + delimiter)
  }

  /** What happens is never told from within a call. */
  private deliverSoon(): void {
    if (this.isDeliveryDue) return
    this.isDeliveryDue = true
    this.soon(() => {
      this.isDeliveryDue = false
      this.deliver()
    })
  }

  private deliver(): void {
    const { sink } = this
    if (sink === undefined) return
    while (!this.isPaused && this.held.length > 0) {
      const bytes = this.held.shift()!
      this.heldBytes -= bytes.length
      sink.data(bytes)
    }
    if (!this.isOver || this.isTold || this.held.length > 0) return
    this.isTold = true
    if (this.error === undefined) sink.end()
    sink.closed(this.error)
  }
}
