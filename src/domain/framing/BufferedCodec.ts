import type { Codec, FramingError } from "./Codec.js"
import { asBuffer, FrameTooLong, InvalidFrame } from "./Codec.js"

const nothing = Buffer.alloc(0)

/**
 * So many bytes of room are kept for the next frame: one long frame should not cost a quiet peer its length for ever.
 */
const keptRoom = 4096

/**
 * The base of a framing's own codec: it keeps the bytes and the limit, `decode` cuts.
 *
 * A chunk is read where it lies. What is left of it is copied, into room that doubles: a peer that dribbles costs what
 * it has sent, and each byte is copied a few times at the most.
 *
 * @example
 * ```ts
 * import { Framing } from "effect-switchboard"
 *
 * // A byte that says how long, then the message: as `lengthPrefixed({ size: 1 })`.
 * class ShortCodec extends Framing.BufferedCodec<Uint8Array, Uint8Array> {
 *   protected decode(): Uint8Array | undefined {
 *     const length = this.bytes[this.at]!
 *     if (this.bytes.length < this.at + 1 + length) return undefined
 *     this.at++
 *     return this.take(length)
 *   }
 *
 *   encode(message: Uint8Array): Uint8Array {
 *     return Buffer.concat([Uint8Array.of(message.length), message])
 *   }
 * }
 *
 * const short: Framing.Framing<Uint8Array> = {
 *   name: "short",
 *   open: (maxFrame) => new ShortCodec(maxFrame),
 *   explain: () => []
 * }
 *
 * const codec = short.open(100)
 * codec.push(Uint8Array.of(2, 104))
 * assert.strictEqual(codec.next(), undefined)
 * codec.push(Uint8Array.of(105, 0))
 * assert.strictEqual(String(codec.next()), "hi")
 * assert.strictEqual(codec.next()?.length, 0)
 * ```
 *
 * @since 0.1.0
 * @category constructors
 */
export abstract class BufferedCodec<In, Out> implements Codec<In, Out> {
  error: FramingError | undefined = undefined
  readonly quiet: number | undefined = undefined
  readonly delimited: boolean = true
  protected readonly maxFrame: number
  /** What has come, as far as the longest frame might reach: from `at` on it is in no message yet. */
  protected bytes: Buffer = nothing
  protected at = 0
  /** All that has come. */
  private whole: Buffer = nothing
  /** Bytes of the longest frame. */
  private readonly longest: number
  /** Memory of the codec's own, and whether `whole` lies in it, from its beginning on. */
  private room: Buffer = nothing
  private isOwn = false
  /** Whether there is no whole message in what has come. */
  protected isStarved = true
  /** Where to go on after the fault: -1 where nobody knows. */
  private behind = -1
  /** What the peer's end was made of. */
  private last: In | undefined = undefined

  /**
   * `overhead` is what a frame may have besides the bytes that `maxFrame` counts. Default: none, it counts them all.
   */
  constructor(maxFrame: number, overhead = 0) {
    this.maxFrame = maxFrame
    this.longest = maxFrame + overhead
  }

  /**
   * Makes a message of the bytes from `at` on, and moves `at` behind it, and behind what belongs to no message.
   * `undefined` where it is not whole, or at fault (`fail`). A frame over the limit is never seen whole.
   *
   * It is called at each chunk while a frame is unfinished: what it has looked at already is its own to remember,
   * counted from `at`, lest a frame that comes byte by byte take the square of its length.
   */
  protected abstract decode(): In | undefined

  abstract encode(message: Out): string | Uint8Array

  /** The peer has finished, and these bytes from `at` on are left. Default: none may be. */
  protected finish(): In | undefined {
    return this.partial ? this.fail(new InvalidFrame({ reason: "it ends before its content does" })) : undefined
  }

  /** Moves `at` behind the next bytes, and gives them in an array of their own. */
  protected take(count: number): Buffer {
    const taken = Buffer.allocUnsafe(count)
    this.bytes.copy(taken, 0, this.at, this.at + count)
    this.at += count
    return taken
  }

  /** The next message is at fault. If the one behind it can be found, it begins at `behind`. */
  protected fail(error: FramingError, behind = -1): undefined {
    this.error = error
    this.behind = behind
    if (behind < 0) this.forget()
  }

  get partial(): boolean {
    return this.at < this.whole.length
  }

  /** Whether `bytes` is all that has come. */
  protected get hasAll(): boolean {
    return this.bytes.length === this.whole.length
  }

  push(chunk: Uint8Array): void {
    this.isStarved = false
    if (this.whole.length === 0) this.read(asBuffer(chunk))
    else this.append(chunk)
  }

  end(): void {
    this.last = this.finish()
    if (this.error === undefined) this.forget()
  }

  settle(): void {}

  next(): In | undefined {
    if (this.isStarved || this.error !== undefined) return this.takeLast()
    do {
      if (this.at < this.bytes.length) {
        const message = this.decode()
        if (message !== undefined || this.error !== undefined) return message
      }
    } while (this.readOn())
    const left = this.whole.length - this.at
    if (left > 0 && this.isTooLong(left)) return this.fail(new FrameTooLong({ limit: this.maxFrame }))
    this.own()
    this.isStarved = true
    return undefined
  }

  recover(): boolean {
    if (this.error === undefined || this.behind < 0) return false
    this.at = this.behind
    this.error = undefined
    this.isStarved = false
    return true
  }

  release(): Uint8Array {
    const rest = this.whole.subarray(this.at)
    this.forget()
    return rest
  }

  /** Whether an unfinished frame of `length` bytes is over the limit, whatever comes. */
  protected isTooLong(length: number): boolean {
    return length >= this.longest
  }

  /** Copies what is left out of the peer's array. */
  protected own(): void {
    const left = this.whole.length - this.at
    if (left === 0) {
      this.isStarved = true
      return this.forget()
    }
    if (this.isOwn && this.at === 0) return
    const isFit = left <= this.room.length && (this.room.length <= keptRoom || left > keptRoom)
    const room = isFit ? this.room : Buffer.allocUnsafeSlow(Math.max(left, 64))
    this.whole.copy(room, 0, this.at)
    this.hold(room, left)
  }

  private append(chunk: Uint8Array): void {
    if (!this.isOwn || this.at > 0) this.own()
    const held = this.whole.length
    const length = held + chunk.length
    let { room } = this
    if (length > room.length) {
      room = Buffer.allocUnsafeSlow(Math.max(length, Math.min(room.length * 2, this.longest)))
      this.whole.copy(room)
    }
    room.set(chunk, held)
    this.hold(room, length)
  }

  private hold(room: Buffer, length: number): void {
    this.room = room
    this.isOwn = true
    this.read(room.subarray(0, length))
  }

  private read(whole: Buffer): void {
    this.whole = whole
    this.bytes = whole.length > this.longest ? whole.subarray(0, this.longest) : whole
    this.at = 0
  }

  /** Lets `bytes` reach as far as the frame at `at` might. Gives whether there are any more. */
  private readOn(): boolean {
    const end = Math.min(this.whole.length, this.at + this.longest)
    if (end <= this.bytes.length) return false
    this.bytes = this.whole.subarray(0, end)
    return true
  }

  private forget(): void {
    this.read(nothing)
    this.isOwn = false
    if (this.room.length > keptRoom) this.room = nothing
  }

  private takeLast(): In | undefined {
    const message = this.last
    this.last = undefined
    return message
  }
}
