import { BufferedCodec } from "./BufferedCodec.js"
import type { Framing } from "./Codec.js"

class BytesCodec extends BufferedCodec<Uint8Array, Uint8Array> {
  override readonly delimited = false

  /** What has come, as it lies in the peer's array, which is nobody else's. */
  protected decode(): Uint8Array {
    const message = this.bytes.subarray(this.at)
    this.at += message.length
    return message
  }

  encode(message: Uint8Array): Uint8Array {
    return message
  }
}

/**
 * Each read is one message, as bytes, and each reply is sent as it is: for what is streamed, hashed or passed on.
 *
 * TCP keeps no boundaries: where a message begins and ends says nothing. A read of more than `maxFrame` bytes comes as
 * several messages, so none is ever too long.
 *
 * @example
 * ```ts
 * import { Framing, Protocol } from "effect-switchboard"
 * import { Effect } from "effect"
 *
 * // Counts, and says the sum so far.
 * const count = Protocol.make({
 *   name: "count",
 *   framing: Framing.bytes,
 *   open: () => Effect.succeed({ state: 0 }),
 *   receive: (sum: number, bytes) =>
 *     Effect.succeed({ state: sum + bytes.length, send: [Buffer.from(`${sum + bytes.length}\n`)] })
 * })
 * ```
 *
 * @since 0.1.0
 * @category framings
 */
export const bytes: Framing<Uint8Array> = {
  name: "bytes",
  open: (maxFrame) => new BytesCodec(maxFrame),
  explain: () => [],
  encodesAlike: true
}
