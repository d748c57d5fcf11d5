import type { Codec, FramingError } from "../../domain/Framing.js"
import type { Connection } from "../../services/Connection.js"

/**
 * Bytes that may wait here for the codec to be done with the chunk it has. With a chunk or two more to come, which a
 * socket may have read already, none is read until all is taken.
 */
const readHighWaterMark = 32_768

/** What of a connection is read. */
export type Source = Pick<Connection, "pause" | "resume" | "messages">

/** The reading half of a conversation: chunks in, messages out, and a peer that waits when it is ahead. */
export class Inbox<In> {
  private readonly connection: Source
  private codec: Codec<In, never>
  private chunks: Array<Uint8Array> = []
  private bytes = 0
  private isPaused = false
  /** Whether a peer that had to wait was let go on, since this was last set to false. */
  hasResumed = false
  private isEnded = false
  private isCodecEnded = false
  /** What is wrong behind all the chunks. */
  private fault: FramingError | undefined = undefined

  constructor(connection: Source, codec: Codec<In, never>) {
    this.connection = connection
    this.codec = codec
    connection.messages?.readFor(codec)
  }

  push(chunk: Uint8Array): void {
    this.chunks.push(chunk)
    this.bytes += chunk.length
    if (this.bytes >= readHighWaterMark) this.pause()
  }

  /** Reads nothing more until `next` has given all there is. */
  pause(): void {
    if (this.isPaused) return
    this.isPaused = true
    this.connection.pause()
  }

  /** The peer has finished. */
  end(): void {
    this.isEnded = true
  }

  /** Nothing comes any more, for what is wrong with the peer. A message that has not ended is none. */
  fail(error: FramingError): void {
    this.fault = error
  }

  /** Reads on with another codec, from the first byte of which no message was made. */
  reframe(codec: Codec<In, never>): void {
    const rest = this.codec.release()
    this.codec = codec
    this.isCodecEnded = false
    this.connection.messages?.readFor(codec)
    if (rest.length === 0) return
    this.chunks.unshift(rest)
    this.bytes += rest.length
  }

  /** Leaves out what the codec's error is about, if it can tell where the next message begins. */
  recover(): boolean {
    return this.fault === undefined && this.codec.recover()
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
      if (chunk !== undefined) {
        this.bytes -= chunk.length
        this.codec.push(chunk)
      } else if (this.fault !== undefined) {
        return undefined
      } else if (this.isEnded && !this.isCodecEnded) {
        this.isCodecEnded = true
        this.codec.end()
      } else {
        this.resume()
        return undefined
      }
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
    return this.codec.error ?? (this.chunks.length === 0 ? this.fault : undefined)
  }

  /** Whether the peer has finished, and `next` has given everything. */
  get isDone(): boolean {
    return this.isCodecEnded
  }

  /** Whether something has come that no message was made of. Before the next one there is to be another codec. */
  hasRest(): boolean {
    return this.bytes > 0 || this.error !== undefined || this.codec.release().length > 0
  }

  /** Whether something has come that the codec has not had. */
  get hasUnread(): boolean {
    return this.bytes > 0
  }

  get partial(): boolean {
    return this.codec.partial
  }

  get quiet(): number | undefined {
    return this.codec.quiet
  }

  private resume(): void {
    if (!this.isPaused) return
    this.isPaused = false
    this.hasResumed = true
    this.connection.resume()
  }
}
