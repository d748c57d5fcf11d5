import * as Data from "effect/Data"
import type { ArrayFormatterIssue } from "effect/ParseResult"
// For every chunk is asked whether it is one: the global of this name is a getter, which costs a call.
import { Buffer } from "node:buffer"

/**
 * A frame went over the limit. The peer is told, and the connection closes.
 *
 * @since 0.1.0
 * @category errors
 */
export class FrameTooLong extends Data.TaggedError("FrameTooLong")<{
  /** The limit in bytes, the delimiter not counted. */
  readonly limit: number
}> {
  override get message(): string {
    return `a message may have ${this.limit} bytes at the most`
  }
}

/**
 * The bytes break the framing's own rules: a header that is not JSON, or lacks a key.
 *
 * @since 0.1.0
 * @category errors
 */
export class InvalidFrame extends Data.TaggedError("InvalidFrame")<{
  readonly reason: string
}> {
  override get message(): string {
    return `the frame is not valid: ${this.reason}`
  }
}

/**
 * Text was expected, and the bytes are not UTF-8 (RFC 3629).
 *
 * @since 0.1.0
 * @category errors
 */
export class InvalidText extends Data.TaggedError("InvalidText") {
  override get message(): string {
    return "the message is not valid UTF-8 text"
  }
}

/** Characters of a fault that are told: a schema shows what it was given, and that may be long. */
const mostOfIssue = 200

/**
 * A message came whole, and is not what its schema says.
 *
 * @since 0.1.0
 * @category errors
 */
export class InvalidMessage extends Data.TaggedError("InvalidMessage")<{
  /** What the schema found: where in the message, and what is wrong there. At least one. */
  readonly issues: ReadonlyArray<ArrayFormatterIssue>
}> {
  /** Says the first. */
  override get message(): string {
    const { message, path } = this.issues[0]!
    const issue = message.length > mostOfIssue ? `${message.slice(0, mostOfIssue)}…` : message
    return `the message is not valid: ${path.length > 0 ? `at ${path.map(String).join(".")}: ` : ""}${issue}`
  }
}

/**
 * What a framing can find wrong with a peer's bytes. Each ends the connection.
 *
 * @since 0.1.0
 * @category errors
 */
export type FramingError = FrameTooLong | InvalidFrame | InvalidText | InvalidMessage

/**
 * A message cannot be sent: the framing has no bytes that its peer would read as the same message. Nothing was sent of it.
 *
 * @since 0.1.0
 * @category errors
 */
export class UnsendableMessage extends Data.TaggedError("UnsendableMessage")<{
  readonly reason: string
}> {
  override get message(): string {
    return `the message cannot be sent: ${this.reason}`
  }
}

/**
 * One connection's decoder and encoder.
 *
 * The order of calls: `push` a chunk, then `next` until it gives `undefined`; then look at `error` and `quiet`, and
 * `push` again. So a caller takes as many messages as it wants at a time, and the codec never holds more than
 * one chunk and one unfinished frame.
 *
 * `BufferedCodec` does all of it but the cutting.
 *
 * @since 0.1.0
 * @category models
 */
export interface Codec<In, Out> {
  /**
   * Takes a chunk. Called only when `next` has nothing left; once it has nothing left again, the array is the caller's.
   */
  readonly push: (chunk: Uint8Array) => void
  /** The peer has finished: an unfinished frame that can be a message becomes one, and so may the end itself. */
  readonly end: () => void
  /** The time in `quiet` passed without a byte. */
  readonly settle: () => void
  /** The next whole message, `undefined` when there is none yet. */
  readonly next: () => In | undefined
  /** Set once every message before the fault has been taken; there are none until `recover`. */
  readonly error: FramingError | undefined
  /**
   * Leaves out the message that `error` is about: `next` goes on behind it. False, and nothing is changed, where nobody
   * knows where the next one begins. So it is after `FrameTooLong`.
   */
  readonly recover: () => boolean
  /** The bytes that no message was made of, for another framing to read. The codec is used no more. */
  readonly release: () => Uint8Array
  /** Whether messages that are sent close together stay apart: if not, or not yet known, they must take turns. */
  readonly delimited: boolean
  /**
   * What ends a message of UTF-8 text, if that is what messages are: a transport that keeps messages apart by itself, as a
   * WebSocket does, carries them without it.
   */
  readonly delimiter?: string | undefined
  /** Whether bytes of an unfinished frame are held: the clock of the request deadline. */
  readonly partial: boolean
  /** Milliseconds of silence after which `settle` is due, if the codec waits for that. */
  readonly quiet: number | undefined
  /** The bytes of one message, as text (sent as UTF-8) or as they are. */
  readonly encode: (message: Out) => string | Uint8Array
  /**
   * Why the peer would not read the message as it is, where `encode` makes the best of it or throws; undefined if it
   * would, as does a codec that has no such function. A client is told; a server's reply is sent as it is encoded.
   */
  readonly unsendable?: ((message: Out) => string | undefined) | undefined
}

/**
 * A way to cut a byte stream into messages.
 *
 * @since 0.1.0
 * @category models
 */
export interface Framing<In, Out = In> {
  readonly name: string
  /** Opens the codec of one connection. `maxFrame` is in bytes. */
  readonly open: (maxFrame: number) => Codec<In, Out>
  /** What the peer is sent before a connection closes for `error`: nothing, where the framing has no words for it. */
  readonly explain: (error: FramingError) => ReadonlyArray<Out>
  /**
   * Whether all its codecs encode a message alike, whatever came before and whoever the peer is: then what many are sent
   * (`Encoded`) is encoded once for all of them. Default: false, each connection's codec encodes it.
   */
  readonly encodesAlike?: boolean | undefined
}

/**
 * A framing, whatever its messages are.
 *
 * @since 0.2.0
 * @category models
 */
export interface AnyFraming {
  readonly name: string
  readonly open: (maxFrame: number) => Codec<unknown, never>
  readonly explain: (error: FramingError) => ReadonlyArray<unknown>
  readonly encodesAlike?: boolean | undefined
}

/**
 * A framing of text messages. A fault is explained by its sentence.
 *
 * @since 0.1.0
 * @category constructors
 */
export const text = (
  name: string,
  open: (maxFrame: number) => Codec<string, string>
): Framing<string> => ({ name, open, explain: (error) => [error.message] })

/**
 * The same bytes with Buffer's methods; no new view where there is one.
 *
 * @internal
 */
export const asBuffer = (bytes: Uint8Array): Buffer =>
  Buffer.isBuffer(bytes) ? bytes : Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length)
