import type { AnyFraming, Codec } from "./Codec.js"

/**
 * A message that is made bytes of once, however many connections are sent it: a turn may send one wherever it may send
 * its message.
 *
 * A message of its own is encoded by the codec of its connection as it is sent. What a thousand members of a room are sent
 * would be encoded a thousand times, into as many copies. This one keeps its bytes: the first connection that sends it has
 * them made, in its framing, and all others of that framing write the same array. They are made when they are needed, so
 * whoever publishes need not know who listens, or how. In a framing whose codecs do not encode alike (`auto`, as it does
 * as its peer does), each connection encodes it anew.
 *
 * The message is not to be changed any more.
 *
 * @example
 * ```ts
 * import { Framing } from "effect-switchboard"
 *
 * const news = new Framing.Encoded("it rains")
 * assert.strictEqual(news.message, "it rains")
 * ```
 *
 * @since 0.2.0
 * @category models
 */
export class Encoded<out Out> {
  readonly message: Out
  private readonly made = new Map<AnyFraming, Uint8Array>()

  constructor(message: Out) {
    this.message = message
  }

  /**
   * Its bytes in a framing, one of whose codecs this is.
   *
   * @internal
   */
  bytes(framing: AnyFraming, codec: Codec<unknown, Out>): string | Uint8Array {
    if (framing.encodesAlike !== true) return codec.encode(this.message)
    let bytes = this.made.get(framing)
    if (bytes === undefined) {
      const encoded = codec.encode(this.message)
      this.made.set(framing, bytes = typeof encoded === "string" ? Buffer.from(encoded) : encoded)
    }
    return bytes
  }
}
