/**
 * One TCP connection's two byte streams, with the peer's address.
 *
 * Models drive connections by the event, so the contract is synchronous: a `Sink` is told what happens. Tests that would
 * rather wait use `Peer` of `effect-switchboard/testing`, which is built on it.
 *
 * @since 0.1.0
 * @module
 */
import type { Address } from "../domain/Address.js"
import type { Codec, FramingError } from "../domain/Framing.js"
import type { ConnectionReset } from "../domain/NetworkError.js"
import type { CloseReason } from "../domain/ServerEvent.js"
import type { Tls } from "../domain/Tls.js"
import type { CertificateUntrusted, HandshakeFailed } from "../domain/TlsError.js"

/**
 * Who is told what happens on a connection. The calls come one at a time and never from inside a call to the
 * connection itself.
 *
 * @since 0.1.0
 * @category models
 */
export interface Sink {
  /** Bytes from the peer, in order. The array is the sink's to keep. */
  readonly data: (chunk: Uint8Array) => void
  /** The peer has finished sending (FIN). It may still be reading. */
  readonly end: () => void
  /** The unsent bytes, having been at or over `highWaterMark`, are sent. */
  readonly drain: () => void
  /** The connection is over, in both directions. The last call, made once. */
  readonly closed: (error: ConnectionReset | undefined) => void
  /**
   * The peer has broken the rules of a transport that has some of its own, as a WebSocket has: what came before stands, but
   * for a message that had not ended, and no data will come any more. The connection is to be closed.
   */
  readonly fault?: ((error: FramingError) => void) | undefined
}

/**
 * What a connection has that keeps messages apart by itself, as a WebSocket does. Each message of a codec is one of the
 * connection's.
 *
 * @since 0.2.0
 * @category models
 */
export interface Messages {
  /**
   * For whom messages are read from now on. A text message comes with the codec's `delimiter` behind it, unless it has it
   * already. Without one bytes come as they do; and message by message, where the codec is not `delimited`.
   */
  readonly readFor: (codec: Pick<Codec<unknown, never>, "delimiter" | "delimited">) => void
  /** Sends each as a message of its own, without a delimiter. */
  readonly write: (messages: ReadonlyArray<string | Uint8Array>) => void
}

/**
 * Why a connection could not be encrypted in the middle.
 *
 * @since 0.2.0
 * @category models
 */
export type StartTlsError = HandshakeFailed | CertificateUntrusted

/**
 * One TCP connection, whoever carries it. What comes is told to the {@link Sink} that it was opened with; what goes is
 * handed over at once, and never waits: {@link Connection.unsent} says how far the peer is behind.
 *
 * @since 0.1.0
 * @category models
 */
export interface Connection {
  readonly peer: Address
  /** What was agreed on, where it is encrypted by TLS: from the beginning, or since `startTls`. */
  readonly tls?: Tls | undefined
  /**
   * Sends what is unsent in the clear, and has all that follows encrypted by TLS, both ways. There only while it may be
   * called, once, on a connection that was opened: it is in the clear, and there is a certificate to show, or authorities to
   * believe. `done` is called later. Until then nothing is to be written, and no data comes; with an error the connection is
   * over, and `closed` follows.
   */
  readonly startTls?: ((done: (error?: StartTlsError) => void) => void) | undefined
  /** Why the peer has closed, in its own words, where it can say so and has. They are without control characters. */
  readonly farewell?: string | undefined
  /** Begins: until now nothing is read. Called once. */
  readonly open: (sink: Sink) => void
  /** Stops reading; the peer is slowed down by its own send window. What was on its way may still come: one chunk. */
  readonly pause: () => void
  readonly resume: () => void
  /** Takes bytes to send; text is sent as UTF-8. After `end`, or once closed, they are dropped. */
  readonly write: (bytes: string | Uint8Array) => void
  /** Bytes taken by `write` that the network has not yet taken. */
  readonly unsent: () => number
  /** Bytes the network has taken since the connection began. */
  readonly sent: () => number
  /** Sends what is unsent, then FIN. The peer may go on sending. Why is told to a peer that can hear of it. */
  readonly end: (reason?: CloseReason) => void
  /** Sends what is unsent, then FIN, and lets go: the connection is over for this side, whatever the peer does. */
  readonly close: (reason?: CloseReason) => void
  /** Cuts the connection with RST (RFC 9293, section 3.5.2); what is unsent is lost. */
  readonly reset: () => void
  /** Only where messages are kept apart; elsewhere there are but bytes. */
  readonly messages?: Messages | undefined
}

/**
 * Unsent bytes at which a writer should wait for `drain`.
 *
 * @since 0.1.0
 * @category constants
 */
export const highWaterMark = 32_768
