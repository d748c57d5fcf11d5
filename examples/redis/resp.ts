// RESP2, what Redis and its clients speak: https://redis.io/docs/latest/develop/reference/protocol-spec/
import { Framing } from "effect-switchboard"
import { wordsOf } from "./inline.js"

/** A command and its arguments, at least the command. They are bytes, written as Latin-1: a character for each. */
export type Request = ReadonlyArray<string>

/**
 * Text is a bulk string, again a character for each byte; a number, which is whole, an integer; null the null bulk
 * string.
 */
export type Reply = string | number | bigint | null | Status | Failure | ReadonlyArray<Reply>

/** A simple string, such as `OK`. */
export class Status {
  readonly text: string
  constructor(text: string) {
    this.text = text
  }
}

/** An error. Its first word says which: `ERR unknown command`. */
export class Failure {
  readonly text: string
  constructor(text: string) {
    this.text = text
  }
}

const oneLine = (text: string): string => text.replaceAll(/[\r\n]/g, " ")

const print = (reply: Reply): string => {
  if (typeof reply === "string") return `$${reply.length}\r\n${reply}\r\n`
  if (typeof reply === "number" || typeof reply === "bigint") return `:${reply}\r\n`
  if (reply === null) return "$-1\r\n"
  if (reply instanceof Status) return `+${oneLine(reply.text)}\r\n`
  if (reply instanceof Failure) return `-${oneLine(reply.text)}\r\n`
  return `*${reply.length}\r\n${reply.map(print).join("")}`
}

const LF = 0x0a
const CR = 0x0d
const minus = 0x2d
const zero = 0x30
const dollar = 0x24
const asterisk = 0x2a

/** The shortest argument is `$0` and two ends of lines. */
const shortestArgument = 6
const mostDigits = 16

class RespCodec extends Framing.BufferedCodec<Request, Reply> {
  /**
   * Of a request that is not whole: how many bytes of it have been walked over, how many arguments are still to come.
   */
  private seen = 0
  private missing = 0
  /** Behind the line that `readInteger` has read. */
  private cursor = 0

  protected decode(): Request | undefined {
    while (this.at < this.bytes.length) {
      const first = this.bytes[this.at]
      // An empty line is no request, and an array of nothing is none.
      if (first === CR || first === LF) {
        this.at++
      } else {
        const request = first === asterisk ? this.decodeArray() : this.decodeInline()
        if (request === undefined || request.length > 0) return request
      }
    }
    return undefined
  }

  /** The peer has finished. An inline command needs no newline then; half an array is a fault. */
  protected override finish(): Request | undefined {
    if (!this.partial || this.bytes[this.at] === asterisk) return super.finish()
    const request = this.decodeWords(this.bytes.length)
    return request?.length === 0 ? undefined : request
  }

  encode(reply: Reply): string | Uint8Array {
    const text = print(reply)
    // A connection sends text as UTF-8, which is the same bytes for ASCII alone.
    return /[^\x00-\x7f]/.test(text) ? Buffer.from(text, "latin1") : text
  }

  private decodeArray(): Request | undefined {
    if (this.seen === 0) {
      const count = this.readInteger(this.at + 1)
      if (count === undefined) return undefined
      if (Number.isNaN(count)) return this.refuse("invalid multibulk length")
      if (count * shortestArgument > this.maxFrame) return this.fail(new Framing.FrameTooLong({ limit: this.maxFrame }))
      this.seen = this.cursor - this.at
      this.missing = count
    }
    for (; this.missing > 0; this.missing--) {
      const end = this.endOfArgument(this.at + this.seen)
      if (end === undefined) return undefined
      this.seen = end - this.at
    }
    // It is whole. Only now is anything made of it: what a peer has begun costs its bytes, and no more.
    const end = this.at + this.seen
    const request: Array<string> = []
    this.readInteger(this.at + 1)
    while (this.cursor < end) {
      const length = this.readInteger(this.cursor + 1)!
      request.push(this.bytes.toString("latin1", this.cursor, this.cursor + length))
      this.cursor += length + 2
    }
    this.at = end
    this.seen = 0
    return request
  }

  /** Where the argument at `start` ends; undefined if that has not come, or is at fault. */
  private endOfArgument(start: number): number | undefined {
    const { bytes } = this
    if (start >= bytes.length) return undefined
    if (bytes[start] !== dollar) return this.refuse(`expected '$', got '${String.fromCharCode(bytes[start]!)}'`)
    const length = this.readInteger(start + 1)
    if (length === undefined) return undefined
    if (Number.isNaN(length) || length < 0) return this.refuse("invalid bulk length")
    if (length > this.maxFrame) return this.fail(new Framing.FrameTooLong({ limit: this.maxFrame }))
    const end = this.cursor + length + 2
    if (end > bytes.length) return undefined
    return bytes[end - 2] === CR && bytes[end - 1] === LF ? end : this.refuse("an argument is not of its length")
  }

  /** The integer in the line from `start` on, NaN if it is none; undefined while the line is not whole. */
  private readInteger(start: number): number | undefined {
    const { bytes } = this
    const first = bytes[start] === minus ? start + 1 : start
    let value = 0
    for (let index = first; index < bytes.length; index++) {
      const byte = bytes[index]!
      if (byte === CR && index > first) {
        if (index + 1 === bytes.length) return undefined
        this.cursor = index + 2
        return bytes[index + 1] !== LF ? Number.NaN : first === start ? value : -value
      }
      if (byte < zero || byte > zero + 9 || index - first === mostDigits) return Number.NaN
      value = value * 10 + byte - zero
    }
    return undefined
  }

  private decodeInline(): Request | undefined {
    const end = this.bytes.indexOf(LF, this.at + this.seen)
    if (end < 0) {
      this.seen = this.bytes.length - this.at
      return undefined
    }
    this.seen = 0
    return this.decodeWords(end + 1)
  }

  private decodeWords(end: number): Request | undefined {
    const request = wordsOf(this.bytes.toString("latin1", this.at, end))
    if (request === undefined) return this.refuse("unbalanced quotes in request")
    this.at = end
    return request
  }

  private refuse(reason: string): undefined {
    return this.fail(new Framing.InvalidFrame({ reason }))
  }
}

/** Requests in, replies out. `maxFrame` counts all bytes of a request. */
export const resp: Framing.Framing<Request, Reply> = {
  name: "resp",
  open: (maxFrame) => new RespCodec(maxFrame),
  explain: (error) => [
    new Failure(`ERR Protocol error: ${error._tag === "InvalidFrame" ? error.reason : error.message}`)
  ],
  encodesAlike: true
}
