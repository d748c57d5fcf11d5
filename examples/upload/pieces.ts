import { Framing } from "effect-switchboard"

class PiecesCodec extends Framing.BufferedCodec<Uint8Array, never> {
  override readonly delimited = false
  private left: number

  constructor(maxFrame: number, total: number) {
    super(maxFrame)
    this.left = total
  }

  protected decode(): Uint8Array | undefined {
    if (this.left === 0) return undefined
    const piece = this.take(Math.min(this.left, this.bytes.length - this.at))
    this.left -= piece.length
    return piece
  }

  /** What comes behind the last is another framing's, however long it is. */
  protected override isTooLong(): boolean {
    return false
  }

  encode(message: never): never {
    return message
  }
}

/** So many bytes in all, as they come: what is behind them is left for the next framing. */
export const pieces = (total: number): Framing.Framing<Uint8Array, never> => ({
  name: "pieces",
  open: (maxFrame) => new PiecesCodec(maxFrame, total),
  explain: () => []
})
