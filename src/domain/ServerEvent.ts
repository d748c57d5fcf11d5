/**
 * What happens in a server, as values: the library itself logs nothing.
 *
 * @since 0.1.0
 * @module
 */
import type * as Cause from "effect/Cause"
import type * as Duration from "effect/Duration"
import type { Address } from "./Address.js"
import type { FramingError } from "./Framing.js"
import type { Tls } from "./Tls.js"
import type { CertificateUnusable, HandshakeFault } from "./TlsError.js"

/**
 * Why a connection ended. `PeerClosed` and `ServerClosed` are the two good ends; `ServerReset` is the protocol's own choice,
 * `Cut` the drain's deadline. `HandshakeFailed` is the end of one that was to be encrypted in the middle: the event of that
 * name, which comes first, says why.
 *
 * @since 0.1.0
 * @category models
 */
export type CloseReason =
  | "PeerClosed"
  | "ServerClosed"
  | "ServerReset"
  | "Drained"
  | "Cut"
  | "ConnectionReset"
  | "IdleTimeout"
  | "RequestTimeout"
  | "WriteTimeout"
  | "MailboxFull"
  | "HandshakeFailed"
  | "Failed"
  | FramingError["_tag"]

/**
 * Which connection an event is about. `id` counts from 1 in the order of acceptance.
 *
 * @since 0.1.0
 * @category models
 */
export interface Subject {
  readonly id: number
  readonly peer: Address
}

/** The server listens. @since 0.1.0 @category events */
export interface Listening {
  readonly _tag: "Listening"
  readonly address: Address
  readonly model: string
  readonly protocol: string
}

/** The cap on connections was above what the transport can hold, and is lowered to it. @since 0.1.0 @category events */
export interface CapLowered {
  readonly _tag: "CapLowered"
  readonly asked: number
  readonly granted: number
}

/** A client is being served; `open` counts it and all others. @since 0.1.0 @category events */
export interface Accepted extends Subject {
  readonly _tag: "Accepted"
  readonly open: number
  /** Where the connection is encrypted by TLS. */
  readonly tls?: Tls | undefined
}

/**
 * Why a client is not let in.
 *
 * - `AtLimit`: as many are served as may be, and `atLimit` says to refuse.
 * - `Denied`: its address is denied, or not among those allowed.
 * - `PerAddress`: its address has as many connections as an address may.
 * - `TooOften`: its address connects more often than an address may.
 *
 * @since 0.2.0
 * @category models
 */
export type Refusal = "AtLimit" | "Denied" | "PerAddress" | "TooOften"

/** A client was not let in, and is reset. @since 0.1.0 @category events */
export interface Refused {
  readonly _tag: "Refused"
  readonly peer: Address
  /** Since 0.2.0. */
  readonly reason: Refusal
}

/** The process ran out of descriptors; `refused` clients since the last such event. At most one a second. @since 0.1.0 @category events */
export interface Exhausted {
  readonly _tag: "Exhausted"
  readonly refused: number
}

/** A client did not get through the TLS handshake, and is let go. @since 0.2.0 @category events */
export interface HandshakeFailed {
  readonly _tag: "HandshakeFailed"
  readonly peer: Address
  readonly fault: HandshakeFault
  /** In OpenSSL's words, if it has said anything. */
  readonly detail?: string | undefined
}

/** A connection that began in the clear is encrypted from now on (STARTTLS). @since 0.2.0 @category events */
export interface Encrypted extends Subject {
  readonly _tag: "Encrypted"
  readonly tls: Tls
}

/**
 * A client's request opened no WebSocket, and was answered so: `status` is HTTP's, such as 403 to a page of another origin.
 *
 * @since 0.2.0
 * @category events
 */
export interface UpgradeDeclined {
  readonly _tag: "UpgradeDeclined"
  readonly peer: Address
  readonly status: number
  readonly reason: string
}

/** From now on clients are shown other certificates; those connected stay. @since 0.2.0 @category events */
export interface CertificatesChanged {
  readonly _tag: "CertificatesChanged"
  /** When the first of them expires. */
  readonly validTo: Date
}

/** New certificates cannot be used, and those in use stay. @since 0.2.0 @category events */
export interface CertificatesRejected {
  readonly _tag: "CertificatesRejected"
  readonly error: CertificateUnusable
}

/**
 * A connection was reset because its PROXY header had a fault, did not come, or comes from none of the proxies.
 *
 * @since 0.2.0
 * @category events
 */
export interface ProxyFault {
  readonly _tag: "ProxyFault"
  readonly peer: Address
  readonly reason: string
}

/** A whole message came. Only for observers that asked for messages. @since 0.1.0 @category events */
export interface Request extends Subject {
  readonly _tag: "Request"
  readonly message: unknown
}

/** A message is sent. Only for observers that asked for messages. @since 0.1.0 @category events */
export interface Reply extends Subject {
  readonly _tag: "Reply"
  readonly message: unknown
}

/** A turn of the protocol failed or died, and its connection is closed for it. @since 0.1.0 @category events */
export interface Failed extends Subject {
  readonly _tag: "Failed"
  readonly cause: Cause.Cause<unknown>
}

/**
 * A connection is over: why, and what it came to. `requests` and `replies` count messages, `bytesIn` what came, and
 * `bytesOut` what the network took; `duration` runs from its acceptance.
 *
 * @since 0.1.0
 * @category events
 */
export interface Closed extends Subject {
  readonly _tag: "Closed"
  readonly reason: CloseReason
  readonly requests: number
  readonly replies: number
  readonly bytesIn: number
  readonly bytesOut: number
  readonly duration: Duration.Duration
  /** Connections still open. */
  readonly open: number
}

/** The stop has begun. @since 0.1.0 @category events */
export interface Draining {
  readonly _tag: "Draining"
  readonly open: number
  readonly timeout: Duration.Duration
}

/** The server is no more. `cut` connections did not end in time. @since 0.1.0 @category events */
export interface Stopped {
  readonly _tag: "Stopped"
  readonly accepted: number
  readonly cut: number
}

/**
 * Whatever an observer may be told of. `Stopped` is a server's last.
 *
 * @since 0.1.0
 * @category models
 */
export type ServerEvent = What & {
  /** Which server: the `name` it was given, or else where it listens. */
  readonly server: string
}

/**
 * What happened, whatever the server.
 *
 * @since 0.2.0
 * @category models
 */
export type What =
  | Listening
  | CapLowered
  | Accepted
  | Refused
  | Exhausted
  | HandshakeFailed
  | Encrypted
  | UpgradeDeclined
  | CertificatesChanged
  | CertificatesRejected
  | ProxyFault
  | Request
  | Reply
  | Failed
  | Closed
  | Draining
  | Stopped
