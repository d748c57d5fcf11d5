import { BufferedCodec } from "./BufferedCodec.js"
import type { Framing } from "./Codec.js"
import { InvalidFrame } from "./Codec.js"

class PiecesCodec extends BufferedCodec<Uint8Array, Uint8Array> {
  override readonly delimited = false
  private left: number

  constructor(maxFrame: number, total: number) {
    super(maxFrame)
    this.left = total
  }

  /** What has come, as it lies in the peer's array, which is nobody else's. */
  protected decode(): Uint8Array | undefined {
    if (this.left === 0) return this.fail(new InvalidFrame({ reason: "it goes on behind its end" }))
    const piece = this.bytes.subarray(this.at, this.at + this.left)
    this.at += piece.length
    this.left -= piece.length
    return piece
  }

  protected override finish(): undefined {
    return this.left > 0 ? this.fail(new InvalidFrame({ reason: "it ends before its content does" })) : undefined
  }

  encode(message: Uint8Array): Uint8Array {
    return message
  }
}

/**
 * So many bytes in all, handed on as they come: each read is a message, up to the last of them. What is behind them is the
 * next framing's (`Turn.framing`, `reframe`), which is to be named in the turn of the last piece. For content whose length
 * is known, and may be more than anybody would hold: an upload, the body of a request.
 *
 * No piece has more than `maxFrame` bytes, and `total` may be more; where it is 0, there is no piece. A peer that finishes
 * before, or is still read behind the last, is at fault (`InvalidFrame`). What is said is sent as it is. Throws a RangeError
 * where `total` is not a whole number from 0 on.
 *
 * @example
 * ```ts
 * import { Framing, Protocol } from "effect-switchboard"
 *
 * // `put SIZE`, and then so many bytes: answers with the sum of them.
 * const sum = Protocol.conversation({
 *   name: "sum",
 *   framing: Framing.line,
 *   *talk(session) {
 *     for (;;) {
 *       const size = Number((yield* session.hear).slice("put ".length))
 *       const content = yield* session.reframe(Framing.pieces(size))
 *       let sum = 0
 *       for (let left = size; left > 0;) {
 *         const piece = yield* content.hear
 *         for (const byte of piece) sum += byte
 *         left -= piece.length
 *       }
 *       yield* content.reframe(Framing.line)
 *       yield* session.say(String(sum))
 *     }
 *   }
 * })
 * ```
 *
 * @since 0.2.0
 * @category framings
 */
export const pieces = (total: number): Framing<Uint8Array> => {
  if (!Number.isSafeInteger(total) || total < 0) {
    throw new RangeError(`${total} is not a length of content: a whole number from 0 on is`)
  }
  return { name: "pieces", open: (maxFrame) => new PiecesCodec(maxFrame, total), explain: () => [], encodesAlike: true }
}
