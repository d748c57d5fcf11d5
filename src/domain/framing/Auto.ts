/**
 * `auto`: finds out from the first bytes whether the peer ends its messages with a newline.
 *
 * @since 0.1.0
 */
import { ChunkCodec } from "./Chunk.js"
import type { Codec, Framing, FramingError } from "./Codec.js"
import { text } from "./Codec.js"
import { LineCodec } from "./Line.js"

const LF = 0x0a

/** The silence, in milliseconds, after which first bytes without a newline are a message. */
const quietPeriod = 100

class AutoCodec implements Codec<string, string> {
  private readonly maxFrame: number
  private codec: LineCodec | ChunkCodec
  /** The line codec that holds the first bytes, until the peer's way is known. */
  private undecided: LineCodec | undefined

  constructor(maxFrame: number) {
    this.maxFrame = maxFrame
    this.codec = this.undecided = new LineCodec(maxFrame)
  }

  get error(): FramingError | undefined {
    return this.codec.error
  }

  get partial(): boolean {
    return this.codec.partial
  }

  get delimited(): boolean {
    return this.undecided === undefined && this.codec.delimited
  }

  get delimiter(): string | undefined {
    return this.codec.delimiter
  }

  get quiet(): number | undefined {
    return this.undecided?.partial === true ? quietPeriod : undefined
  }

  push(chunk: Uint8Array): void {
    this.codec.push(chunk)
    if (this.undecided !== undefined && chunk.includes(LF)) this.undecided = undefined
  }

  end(): void {
    this.settle()
    this.codec.end()
  }

  settle(): void {
    if (this.undecided?.partial !== true) return
    const chunk = new ChunkCodec(this.maxFrame)
    chunk.push(this.undecided.release())
    this.codec = chunk
    this.undecided = undefined
  }

  next(): string | undefined {
    return this.codec.next()
  }

  recover(): boolean {
    return this.codec.recover()
  }

  release(): Uint8Array {
    return this.codec.release()
  }

  encode(message: string): string {
    return this.codec.encode(message)
  }

  unsendable(message: string): string | undefined {
    return this.codec.unsendable(message)
  }
}

/**
 * `line` for life if the first bytes hold a newline; `chunk` for life if they hold none for a quiet 100 ms, or the peer
 * finishes first. Until then what is sent, a greeting or a client's first request, ends with LF.
 *
 * So a terminal, `nc` and a program that sends bare text are served at the same port; the last waits 100 ms, once.
 *
 * @since 0.1.0
 * @category framings
 */
export const auto: Framing<string> = text("auto", (maxFrame) => new AutoCodec(maxFrame))
