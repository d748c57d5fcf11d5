/**
 * The client of reverse.
 *
 * @since 0.1.0
 * @module
 */
import * as Effect from "effect/Effect"
import type { ClientProtocol } from "../../domain/ClientProtocol.js"
import { auto } from "../../domain/framing/Auto.js"
import type { Codec, Framing, FramingError } from "../../domain/framing/Codec.js"
import { text } from "../../domain/framing/Codec.js"

const LF = 0x0a

/**
 * `auto`, for a server that may reverse the newline, too. One that knows nothing of lines answers `ADVANCE\n` with
 * `\nECNAVDA`: a newline first, where a message that has characters cannot have an empty answer. It is taken away;
 * what follows has no newline, so that `auto` goes on in `chunk`.
 */
class ReverseCodec implements Codec<string, string> {
  private readonly codec: Codec<string, string>
  private isFirst = true
  private isEmptyRequest = true

  constructor(maxFrame: number) {
    this.codec = auto.open(maxFrame)
  }

  get error(): FramingError | undefined {
    return this.codec.error
  }

  get partial(): boolean {
    return this.codec.partial
  }

  get quiet(): number | undefined {
    return this.codec.quiet
  }

  get delimited(): boolean {
    return this.codec.delimited
  }

  push(chunk: Uint8Array): void {
    const isReversed = this.isFirst && !this.isEmptyRequest && chunk[0] === LF
    this.isFirst = false
    this.codec.push(isReversed ? chunk.subarray(1) : chunk)
  }

  end(): void {
    this.codec.end()
  }

  settle(): void {
    this.codec.settle()
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

  encode(message: string): string | Uint8Array {
    this.isEmptyRequest &&= message === ""
    return this.codec.encode(message)
  }

  unsendable(message: string): string | undefined {
    return this.codec.unsendable?.(message)
  }
}

/**
 * The framing of the client: `auto`, and servers that reverse all they read, its newline included.
 *
 * @since 0.1.0
 * @category framings
 */
export const framing: Framing<string> = text("auto", (maxFrame) => new ReverseCodec(maxFrame))

/**
 * Text out, the same in the opposite order in.
 *
 * @since 0.1.0
 * @category protocols
 */
export const protocol: ClientProtocol<string, string, string> = {
  name: "reverse",
  framing,
  prepare: Effect.succeed,
  process: Effect.succeed
}
