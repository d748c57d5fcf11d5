import { Buffer } from "node:buffer"
import type { FramingError } from "../framing/Codec.js"
import { FrameTooLong, InvalidFrame, InvalidText } from "../framing/Codec.js"
import * as CloseCode from "./CloseCode.js"
import * as Opcode from "./Opcode.js"
import { Utf8 } from "./Utf8.js"

/** Who is told what a peer's frames say. */
export interface Receiver {
  /** Bytes of messages, in order, in an array of the receiver's own. */
  readonly data: (bytes: Uint8Array) => void
  readonly ping: (payload: Uint8Array) => void
  readonly pong: () => void
  /** The peer closes; there was no code if it is undefined. Nothing is read behind it. */
  readonly heardClose: (code: number | undefined, isInMessage: boolean, words: string) => void
  /** The peer has broken the rules, which this close code stands for. Nothing is read any more. */
  readonly fault: (error: FramingError, code: number) => void
}

/**
 * How messages are wanted: text with its delimiter behind it, where there is one; else as they come, or whole where nothing
 * in them tells one from the next. A `Codec` says so.
 */
export interface Wanted {
  readonly delimiter?: string | undefined
  readonly delimited: boolean
}

/** Text with a newline behind it. */
export const lines: Wanted = { delimiter: "\n", delimited: true }

const nothing = Buffer.alloc(0)
const mostOfControl = 125

/** What the next byte is. A header is read byte by byte, so that a fault shows at the first byte of it. */
const At = { opcode: 0, length: 1, longLength: 2, mask: 3, payload: 4, over: 5 } as const
type At = typeof At[keyof typeof At]

/**
 * Reads frames (RFC 6455, section 5) and makes of them what is `wanted`. It holds a header, a control frame, and a message
 * that is wanted whole; all else it gives away at the end of each chunk.
 */
export class FrameReader {
  wanted: Wanted = lines
  private readonly receiver: Receiver
  private readonly isMasked: boolean
  private readonly maxMessage: number
  private at: At = At.opcode
  // The frame.
  private opcode = 0
  private isFinal = false
  private length = 0
  private isVeryLong = false
  /** Bytes of the length or the mask that are to come, or of the payload. */
  private left = 0
  private readonly mask = new Uint8Array(4)
  private maskAt = 0
  /** Made for the first control frame: most peers send few. */
  private control: Buffer = nothing
  private controlLength = 0
  // The message.
  private isInMessage = false
  private isText = false
  private messageLength = 0
  private readonly utf8 = new Utf8()
  /** What came of it in chunks before this: held, if it is wanted whole, or else its last bytes. */
  private pieces: Array<Buffer> = []
  private tail: Buffer = nothing
  // What this chunk has given.
  private out: Buffer = nothing
  private outEnd = 0
  private messageStart = 0
  /** How this chunk's messages are given, and one that began before it: what is wanted may change meanwhile. */
  private delimiter: string | undefined = undefined
  private suffix: Buffer | undefined = undefined
  private isWhole = false

  /** `isMasked` is whether the peer masks its frames, as clients do and servers do not. */
  constructor(isMasked: boolean, maxMessage: number, receiver: Receiver) {
    this.isMasked = isMasked
    this.maxMessage = maxMessage
    this.receiver = receiver
  }

  /** Whether a frame or a message has begun, and not ended. */
  get isPartial(): boolean {
    return this.at !== At.over && (this.isInMessage || this.at !== At.opcode)
  }

  push(chunk: Uint8Array): void {
    if (this.at === At.over) return
    if (!this.isInMessage) this.choose()
    const { suffix } = this
    // A frame's header has room for a delimiter of two bytes; the message that ends first may have had its in a chunk before.
    const more = suffix === undefined
      ? 0
      : suffix.length + Math.max(0, suffix.length - 2) * (chunk.length >> 1)
    this.out = Buffer.allocUnsafe(chunk.length + more)
    this.outEnd = this.messageStart = 0
    for (let next = 0; next < chunk.length && this.isOpen;) {
      if (this.at !== At.payload) {
        this.header(chunk[next++]!)
      } else {
        const end = Math.min(chunk.length, next + this.left)
        this.payload(chunk, next, end)
        next = end
      }
      if (this.at === At.payload && this.left === 0) this.endFrame()
    }
    if (this.isOpen) {
      if (this.isInMessage) this.keep()
      this.flush()
    }
    this.out = nothing
  }

  private get isOpen(): boolean {
    return this.at !== At.over
  }

  private header(byte: number): void {
    switch (this.at) {
      case At.opcode:
        return this.begin(byte)
      case At.length:
        return this.takeLength(byte)
      case At.longLength:
        if (this.left === 8 && byte >= 0x80) return this.violated("its length has a sign")
        this.length = this.length * 256 + byte
        if (--this.left === 0) this.endLongLength()
        return
      default:
        this.mask[this.maskAt++] = byte
        if (--this.left === 0) this.beginPayload()
    }
  }

  private begin(byte: number): void {
    const opcode = byte & 0x0f
    const isFinal = byte >= 0x80
    if ((byte & 0x70) !== 0) return this.violated("a reserved bit is set")
    if (Opcode.isReserved(opcode)) return this.violated("its opcode is reserved")
    if (Opcode.isControl(opcode)) {
      if (!isFinal) return this.violated("a control frame is in fragments")
      if (this.control.length === 0) this.control = Buffer.alloc(mostOfControl)
    } else if (opcode === Opcode.continuation) {
      if (!this.isInMessage) return this.violated("it goes on with no message")
    } else {
      if (this.isInMessage) return this.violated("a message begins within another")
      this.isInMessage = true
      this.isText = opcode === Opcode.text
      this.messageLength = 0
      this.messageStart = this.outEnd
    }
    this.opcode = opcode
    this.isFinal = isFinal
    this.at = At.length
  }

  private takeLength(byte: number): void {
    const isMasked = byte >= 0x80
    this.length = byte & 0x7f
    if (isMasked !== this.isMasked) return this.violated(isMasked ? "a server's is masked" : "a client's is not masked")
    if (this.length <= mostOfControl) return this.endLength()
    if (Opcode.isControl(this.opcode)) return this.violated("a control frame is too long")
    this.isVeryLong = this.length === 127
    this.left = this.isVeryLong ? 8 : 2
    this.length = 0
    this.at = At.longLength
  }

  /** Of a length over 2 ** 53 the last digits are lost, but it is over any limit. */
  private endLongLength(): void {
    if (this.length < (this.isVeryLong ? 65_536 : 126)) return this.violated("its length could be written shorter")
    this.endLength()
  }

  private endLength(): void {
    if (!Opcode.isControl(this.opcode)) {
      this.messageLength += this.length
      if (this.messageLength > this.maxMessage) {
        return this.fail(new FrameTooLong({ limit: this.maxMessage }), CloseCode.tooBig)
      }
    }
    if (!this.isMasked) return this.beginPayload()
    this.left = 4
    this.maskAt = 0
    this.at = At.mask
  }

  private beginPayload(): void {
    this.left = this.length
    this.maskAt = 0
    this.controlLength = 0
    this.at = At.payload
  }

  private payload(chunk: Uint8Array, start: number, end: number): void {
    this.left -= end - start
    if (Opcode.isControl(this.opcode)) {
      this.unmask(chunk, start, end, this.control, this.controlLength)
      this.controlLength += end - start
      return
    }
    const from = this.outEnd
    const bits = this.unmask(chunk, start, end, this.out, from)
    this.outEnd = from + end - start
    if (this.isText && (bits >= 0x80 || !this.utf8.isWhole) && !this.utf8.take(this.out, from, this.outEnd)) {
      this.fail(new InvalidText(), CloseCode.invalidText)
    }
  }

  /** Gives all the bits that are set in any of the bytes. */
  private unmask(from: Uint8Array, start: number, end: number, to: Uint8Array, toStart: number): number {
    const { isMasked, mask, maskAt } = this
    let bits = 0
    let at = toStart
    for (let i = start; i < end; i++) {
      const byte = isMasked ? from[i]! ^ mask[(maskAt + at - toStart) & 3]! : from[i]!
      to[at++] = byte
      bits |= byte
    }
    this.maskAt = (maskAt + end - start) & 3
    return bits
  }

  private endFrame(): void {
    this.at = At.opcode
    switch (this.opcode) {
      case Opcode.ping:
        return this.receiver.ping(Buffer.from(this.control.subarray(0, this.controlLength)))
      case Opcode.pong:
        return this.receiver.pong()
      case Opcode.close:
        return this.close()
      default:
        if (this.isFinal) this.endMessage()
    }
  }

  private endMessage(): void {
    if (this.isText) {
      if (!this.utf8.isWhole) return this.fail(new InvalidText(), CloseCode.invalidText)
      if (this.suffix !== undefined && !this.endsWithSuffix(this.suffix)) {
        this.out.set(this.suffix, this.outEnd)
        this.outEnd += this.suffix.length
      }
    }
    this.isInMessage = false
    this.tail = nothing
    if (this.isWhole) this.give()
  }

  /** Gives the message that has just come to its end, or is given in full at the end of the chunk. */
  private give(): void {
    const last = this.out.subarray(this.messageStart, this.outEnd)
    this.messageStart = this.outEnd
    const message = this.pieces.length === 0 ? last : Buffer.concat([...this.pieces, last])
    this.pieces = []
    if (message.length > 0) this.receiver.data(message)
  }

  /** Keeps what this chunk has of a message that has not ended. */
  private keep(): void {
    const piece = this.out.subarray(this.messageStart, this.outEnd)
    if (this.isWhole) {
      // Of its own: a byte of a chunk should not hold all of it.
      if (piece.length > 0) this.pieces.push(Buffer.from(piece))
      this.outEnd = this.messageStart
    } else if (this.suffix !== undefined) {
      this.tail = Buffer.concat([this.tail, piece.subarray(-this.suffix.length)]).subarray(-this.suffix.length)
    }
  }

  /** Gives what messages are in this chunk, if they are not wanted one by one. */
  private flush(end = this.outEnd): void {
    if (!this.isWhole && end > 0) this.receiver.data(this.out.subarray(0, end))
  }

  private endsWithSuffix(suffix: Buffer): boolean {
    const piece = this.out.subarray(Math.max(this.messageStart, this.outEnd - suffix.length), this.outEnd)
    if (piece.length === suffix.length) return piece.equals(suffix)
    return Buffer.concat([this.tail, piece]).subarray(-suffix.length).equals(suffix)
  }

  private choose(): void {
    const { delimited, delimiter } = this.wanted
    if (delimiter !== this.delimiter) {
      this.delimiter = delimiter
      this.suffix = delimiter === undefined ? undefined : Buffer.from(delimiter)
    }
    this.isWhole = delimiter === undefined && !delimited
  }

  private close(): void {
    const payload = this.control.subarray(0, this.controlLength)
    if (payload.length === 1) return this.violated("a close frame has half a code")
    const code = payload.length === 0 ? undefined : payload.readUInt16BE(0)
    if (code !== undefined && !CloseCode.isValid(code)) return this.violated(`no peer may send the close code ${code}`)
    const words = new Utf8()
    if (!words.take(payload, 2, payload.length) || !words.isWhole) {
      return this.fail(new InvalidText(), CloseCode.invalidText)
    }
    const { isInMessage } = this
    this.finish()
    this.receiver.heardClose(code, isInMessage, payload.toString("utf8", 2))
  }

  private violated(reason: string): void {
    this.fail(new InvalidFrame({ reason }), CloseCode.protocolError)
  }

  private fail(error: FramingError, code: number): void {
    this.finish()
    this.receiver.fault(error, code)
  }

  /** Nothing more is read: what is whole is given away. */
  private finish(): void {
    this.at = At.over
    this.flush(this.isInMessage ? this.messageStart : this.outEnd)
    this.pieces = []
  }
}
