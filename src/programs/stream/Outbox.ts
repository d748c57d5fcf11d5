import type { Codec } from "../../domain/Framing.js"
import type { Connection, Messages } from "../../services/Connection.js"
import { highWaterMark } from "../../services/Connection.js"

/** The writing half of a conversation: what a turn has to say is gathered, and written at once. */
export class Outbox<Out> {
  protected readonly connection: Connection
  protected codec: Codec<unknown, Out>
  /** Gathered: `parts`, then `text`. */
  private parts: Array<Uint8Array> | undefined = undefined
  private text = ""
  /** Where messages are kept apart, they are gathered one by one. */
  private readonly channel: Messages | undefined
  private messages: Array<string | Uint8Array> = []
  private size = 0
  /** What the connection held unsent after the last write. */
  private unsent = 0
  /** Whether the peer is so far behind that nothing more should be made for it. */
  isBlocked = false
  private sent = 0

  constructor(connection: Connection, codec: Codec<unknown, Out>) {
    this.connection = connection
    this.channel = connection.messages
    this.codec = codec
  }

  /** What is pushed from now on is encoded by another codec. */
  reframe(codec: Codec<unknown, Out>): void {
    this.codec = codec
  }

  /** Gives whether the message has any bytes. */
  push(message: Out): boolean {
    return this.gather(this.codec.encode(message))
  }

  protected gather(bytes: string | Uint8Array): boolean {
    this.size += bytes.length
    if (this.channel !== undefined) {
      if (bytes.length > 0) this.messages.push(this.bare(bytes))
    } else if (typeof bytes === "string") {
      this.text += bytes
    } else {
      this.gatherText()
      ;(this.parts ??= []).push(bytes)
    }
    return bytes.length > 0
  }

  get isEmpty(): boolean {
    return this.size === 0
  }

  /** Whether it has gathered as much as the connection should hold. */
  get isFull(): boolean {
    return this.size + this.unsent >= highWaterMark
  }

  /** The connection has sent all it had. */
  drained(): void {
    this.unsent = 0
    this.isBlocked = false
  }

  /** Writes what is gathered. Gives the bytes the connection holds unsent after it. */
  flush(): number {
    if (this.size === 0) return this.unsent = this.connection.unsent()
    if (this.channel !== undefined) {
      this.channel.write(this.messages)
      this.messages = []
    } else if (this.parts === undefined) {
      this.connection.write(this.text)
    } else {
      this.gatherText()
      this.connection.write(this.parts.length === 1 ? this.parts[0]! : Buffer.concat(this.parts))
    }
    this.parts = undefined
    this.text = ""
    this.size = 0
    this.unsent = this.connection.unsent()
    this.isBlocked = this.unsent >= highWaterMark
    return this.unsent
  }

  /** From here on it is watched whether the peer takes something. */
  mark(): void {
    this.sent = this.connection.sent()
  }

  /** Whether the peer has taken nothing since it was last marked, though there is something to take. Marks it anew. */
  hasStalled(): boolean {
    const before = this.sent
    this.mark()
    return this.sent === before && this.connection.unsent() > 0
  }

  private bare(bytes: string | Uint8Array): string | Uint8Array {
    const { delimiter } = this.codec
    return typeof bytes === "string" && delimiter !== undefined && bytes.endsWith(delimiter)
      ? bytes.slice(0, bytes.length - delimiter.length)
      : bytes
  }

  private gatherText(): void {
    if (this.text === "") return
    ;(this.parts ??= []).push(Buffer.from(this.text))
    this.text = ""
  }
}
