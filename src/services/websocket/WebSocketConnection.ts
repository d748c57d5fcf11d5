import type { Address } from "../../domain/Address.js"
import type { FramingError } from "../../domain/framing/Codec.js"
import { InvalidFrame } from "../../domain/framing/Codec.js"
import { ConnectionReset } from "../../domain/NetworkError.js"
import type { CloseReason } from "../../domain/ServerEvent.js"
import type { Tls } from "../../domain/Tls.js"
import * as CloseCode from "../../domain/websocket/CloseCode.js"
import type { Receiver } from "../../domain/websocket/FrameReader.js"
import { FrameReader } from "../../domain/websocket/FrameReader.js"
import type { MaskKey } from "../../domain/websocket/frames.js"
import { closeFrame, frame, messageFrames } from "../../domain/websocket/frames.js"
import * as Opcode from "../../domain/websocket/Opcode.js"
import type { Connection, Messages, Sink } from "../Connection.js"
import { highWaterMark } from "../Connection.js"
import type { Timers } from "../Timers.js"
import type { Stage } from "./Stage.js"

/** In milliseconds: so long a peer may take to answer a close, as it may to answer a FIN. */
const linger = 1000

/** What the WebSockets of one server, or of one way out, have in common. */
export interface Manners {
  /** A client's: its frames are masked. */
  readonly key: MaskKey | undefined
  readonly maxMessage: number
  /** Milliseconds of silence after which the peer is asked for a sign of life; Infinity for never. */
  readonly pingInterval: number
  /** Milliseconds that what was asked before a close may take: each answer to it has them anew. */
  readonly closeTimeout: number
  readonly timers: Timers
  /** Does something a moment later: what happens is never told from within a call. */
  readonly soon: (act: () => void) => void
}

const nothing = Buffer.alloc(0)

/** A WebSocket as a Connection, on one that carries it: the handshake is done, and what is below is paused. */
export class WebSocketConnection implements Connection, Stage, Receiver {
  readonly messages: Messages
  private readonly below: Connection
  private readonly manners: Manners
  private readonly reader: FrameReader
  private sink: Sink | undefined = undefined
  /** What came before the sink could be told. */
  private held: Array<Uint8Array>
  private isStarted = false
  private isReplayDue = false
  private isPaused = false
  /** Bytes of the handshake, which nobody is to know of. */
  private readonly before: number
  /** Whether this side has sent its close frame, and the peer its own. */
  private hasClosed = false
  private hasHeardClose = false
  /** Whether the connection below has ended, by a FIN, and whether it is over. */
  private hasEnded = false
  isOver = false
  farewell: string | undefined = undefined
  private error: ConnectionReset | undefined = undefined
  /** The code that the peer has earned, or has closed with. */
  private code: number | undefined = undefined
  private pongDue: Uint8Array | undefined = undefined
  /** Whether something has come since the last look, and whether the peer was asked for a sign then. No clock is read for each chunk. */
  private isHeard = false
  private isAsked = false
  private readonly pulse = { at: Infinity, order: 0, slot: 0, expire: (now: number) => this.listen(now) }
  private readonly lastMoment = { at: Infinity, order: 0, slot: 0, expire: () => this.giveUp() }

  /** `rest` came behind the handshake. */
  constructor(below: Connection, manners: Manners, rest: Uint8Array) {
    this.below = below
    this.manners = manners
    this.reader = new FrameReader(manners.key === undefined, manners.maxMessage, this)
    this.messages = {
      readFor: (codec) => (this.reader.wanted = codec),
      write: (messages) => {
        if (this.hasClosed) return
        below.write(messageFrames(messages, manners.key))
        if (this.hasHeardClose) this.giveUpAfter(manners.closeTimeout)
      }
    }
    this.held = rest.length > 0 ? [rest] : []
    this.before = below.sent() + below.unsent()
    this.listenOn(manners.timers.now())
  }

  get peer(): Address {
    return this.below.peer
  }

  get tls(): Tls | undefined {
    return this.below.tls
  }

  // What its user asks for.

  open(sink: Sink): void {
    this.sink = sink
    this.replaySoon()
  }

  pause(): void {
    this.isPaused = true
    this.below.pause()
  }

  resume(): void {
    this.isPaused = false
    if (!this.isStarted || this.held.length > 0) this.replaySoon()
    else this.below.resume()
  }

  /** Bytes as they are, in a binary message: whoever has messages sends them by `messages`. */
  write(bytes: string | Uint8Array): void {
    if (this.hasClosed || bytes.length === 0) return
    this.send(Opcode.binary, typeof bytes === "string" ? Buffer.from(bytes) : bytes)
  }

  unsent(): number {
    return this.below.unsent()
  }

  sent(): number {
    return Math.max(0, this.below.sent() - this.before)
  }

  end(reason?: CloseReason): void {
    if (this.hasClosed) return
    const [code, words] = CloseCode.ofReason(reason)
    if (this.code !== undefined || this.hasHeardClose) this.bid(this.code, "")
    else this.bid(code, words)
  }

  close(reason?: CloseReason): void {
    if (this.hasClosed || this.hasEnded) {
      this.end(reason)
      return this.below.close()
    }
    this.end(reason)
    // The peer's own close is awaited, so that neither side takes back what it has sent. For that it must be read.
    if (!this.isOver) {
      this.resume()
      this.giveUpAfter(linger)
    }
  }

  reset(): void {
    // Who is turned away before being served is told so in words that it can hear: of a reset a page learns nothing.
    if (this.sink === undefined) return this.refuse(CloseCode.tryAgainLater, "the server is busy")
    if (this.hasClosed && !this.hasEnded) this.below.end()
    this.below.reset()
  }

  /** Closes a connection that nobody has opened. */
  refuse(code: number, words: string): void {
    if (!this.hasClosed) this.bid(code, words)
    this.below.close()
  }

  // What happens below.

  received(chunk: Uint8Array): void {
    this.isHeard = true
    if (this.isStarted && this.held.length === 0) this.reader.push(chunk)
    else this.held.push(chunk)
  }

  ended(): void {
    this.hasEnded = true
    if (this.isStarted && this.held.length === 0) this.endReading()
  }

  drained(): void {
    if (this.pongDue !== undefined && !this.hasClosed) this.send(Opcode.pong, this.pongDue)
    this.pongDue = undefined
    if (this.isStarted) this.sink!.drain()
  }

  lost(error: ConnectionReset | undefined): void {
    this.isOver = true
    this.error ??= error
    const { timers } = this.manners
    timers.cancel(this.pulse)
    timers.cancel(this.lastMoment)
    if (!this.isStarted) return
    this.held = []
    this.sink!.closed(this.error)
  }

  // What the peer's frames say.

  data(bytes: Uint8Array): void {
    this.sink!.data(bytes)
  }

  ping(payload: Uint8Array): void {
    if (this.hasClosed) return
    // To who does not read, one answer is enough (RFC 6455, section 5.5.3).
    if (this.below.unsent() < highWaterMark) this.send(Opcode.pong, payload)
    else this.pongDue = payload
  }

  pong(): void {}

  heardClose(code: number | undefined, isInMessage: boolean, words: string): void {
    this.hasHeardClose = true
    this.farewell = CloseCode.wordsOf(words)
    this.code = code
    if (this.hasClosed) return this.part()
    this.giveUpAfter(this.manners.closeTimeout)
    if (code === CloseCode.tryAgainLater && this.manners.key !== undefined) {
      // As if it were a reset, by which any other server turns somebody away.
      this.error = new ConnectionReset({ address: this.peer })
      this.bid(code, "")
    } else if (isInMessage) {
      this.tellFault(new InvalidFrame({ reason: "the connection ends within it" }))
    } else {
      this.sink!.end()
    }
  }

  fault(error: FramingError, code: number): void {
    if (this.hasClosed) return this.below.close()
    this.code = code
    this.giveUpAfter(this.manners.closeTimeout)
    this.tellFault(error)
  }

  private tellFault(error: FramingError): void {
    const { sink } = this
    if (sink!.fault !== undefined) return sink!.fault(error)
    sink!.end()
    this.end()
  }

  /** Tells the sink what came before it was there, or while it had to wait. */
  private replaySoon(): void {
    if (this.isReplayDue) return
    this.isReplayDue = true
    this.manners.soon(() => {
      this.isReplayDue = false
      this.replay()
    })
  }

  private replay(): void {
    if (this.sink === undefined || (this.isOver && this.isStarted)) return
    this.isStarted = true
    while ((this.isOver || !this.isPaused) && this.held.length > 0) this.reader.push(this.held.shift()!)
    if (this.held.length > 0) return
    if (this.hasEnded) this.endReading()
    if (this.isOver) this.sink.closed(this.error)
    else if (!this.isPaused) this.below.resume()
  }

  /** The connection below has ended: without a close frame that is abrupt, but what came whole counts. */
  private endReading(): void {
    if (this.hasHeardClose || this.hasClosed) {
      if (this.hasClosed) this.below.close()
    } else if (this.reader.isPartial) {
      this.fault(new InvalidFrame({ reason: "the connection ends within it" }), CloseCode.protocolError)
    } else {
      this.sink!.end()
    }
  }

  private send(opcode: number, payload: Uint8Array): void {
    this.below.write(frame(opcode, payload, this.manners.key))
  }

  /** Sends the close frame. If nothing more is to be heard, that is the end. */
  private bid(code: number | undefined, words: string): void {
    this.hasClosed = true
    this.below.write(closeFrame(code, words, this.manners.key))
    if (this.hasHeardClose || this.hasEnded) this.part()
    else if (this.code !== undefined) this.below.end()
  }

  /** Both have closed. The server ends what is below (RFC 6455, section 7.1.1). */
  private part(): void {
    if (this.manners.key === undefined || this.hasEnded) this.below.close()
    else this.below.end()
  }

  private giveUpAfter(millis: number): void {
    const { timers } = this.manners
    timers.schedule(this.lastMoment, timers.now() + millis)
  }

  /** Time is up for what was asked before a close, or for the peer's answer to one. */
  private giveUp(): void {
    this.end()
    this.below.close()
  }

  /** Asks a silent peer for a sign of life, and gives up one that has given none. */
  private listen(now: number): void {
    // Who is not read cannot be heard.
    const isSilent = !this.isHeard && !this.isPaused && this.sink !== undefined
    if (isSilent && this.isAsked) {
      this.error = new ConnectionReset({ address: this.peer })
      return this.below.reset()
    }
    this.isAsked = isSilent
    this.isHeard = false
    if (isSilent && !this.hasClosed) this.send(Opcode.ping, nothing)
    this.listenOn(now)
  }

  private listenOn(now: number): void {
    const { pingInterval, timers } = this.manners
    if (pingInterval !== Infinity) timers.schedule(this.pulse, now + pingInterval)
  }
}
