import type { Codec, FramingError } from "../../domain/Framing.js"
import type { Connection } from "../../services/Connection.js"

/** A read brings at most this much. */
const chunkSize = 65_536

/** Bytes that may wait here, unread by the protocol. With one chunk more to come, none is read. */
const readHighWaterMark = 2 * chunkSize

/** The reading half of a conversation: chunks in, messages out, and a peer that waits when it is ahead. */
export class Inbox<In> {
  private readonly connection: Pick<Connection, "pause" | "resume">
  private readonly codec: Codec<In, never>
  private chunks: Array<Uint8Array> = []
  private bytes = 0
  private isPaused = false
  private isEnded = false
  private isCodecEnded = false

  constructor(connection: Pick<Connection, "pause" | "resume">, codec: Codec<In, never>) {
    this.connection = connection
    this.codec = codec
  }

  push(chunk: Uint8Array): void {
    this.chunks.push(chunk)
    this.bytes += chunk.length
    if (!this.isPaused && this.bytes > readHighWaterMark - chunkSize && this.chunks.length > 1) {
      this.isPaused = true
      this.connection.pause()
    }
  }

  /** The peer has finished. */
  end(): void {
    this.isEnded = true
  }

  /** What has come without an end is to be a message, if it can be one. */
  settle(): void {
    if (this.bytes === 0) this.codec.settle()
  }

  next(): In | undefined {
    for (;;) {
      const message = this.codec.next()
      if (message !== undefined) return message
      if (this.codec.error !== undefined) return undefined
      const chunk = this.chunks.shift()
      if (chunk !== undefined) this.take(chunk)
      else if (this.isEnded && !this.isCodecEnded) this.endCodec()
      else return undefined
    }
  }

  /** Reads and throws away from now on, so that the peer's FIN is seen behind whatever comes before it. */
  ignore(): void {
    this.chunks = []
    this.bytes = 0
    this.resume()
  }

  /** What is wrong, once `next` has given every message before it. */
  get error(): FramingError | undefined {
    return this.codec.error
  }

  /** Whether the peer has finished, and `next` has given everything. */
  get isDone(): boolean {
    return this.isCodecEnded
  }

  get partial(): boolean {
    return this.codec.partial
  }

  get quiet(): number | undefined {
    return this.codec.quiet
  }

  private take(chunk: Uint8Array): void {
    this.bytes -= chunk.length
    this.codec.push(chunk)
    if (this.bytes === 0) this.resume()
  }

  private endCodec(): void {
    this.isCodecEnded = true
    this.codec.end()
  }

  private resume(): void {
    if (!this.isPaused) return
    this.isPaused = false
    this.connection.resume()
  }
}
