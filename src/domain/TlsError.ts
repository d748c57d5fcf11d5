/**
 * What can go wrong with certificates and handshakes. Each `message` is a sentence that says what to do.
 *
 * @since 0.2.0
 * @module
 */
import * as Data from "effect/Data"
import type { Address } from "./Address.js"
import { format } from "./Address.js"

interface Place {
  readonly address: Address
}

/**
 * A certificate, a key or authorities of one's own that cannot be used. What was used until then stays in use.
 *
 * @since 0.2.0
 * @category configuring
 */
export class CertificateUnusable extends Data.TaggedError("CertificateUnusable")<{
  /** What it was, as `the key in server.key`. */
  readonly what: string
  /** As `it does not belong to the certificate`. */
  readonly reason: string
}> {
  override get message(): string {
    const [first = "", ...rest] = this.what
    return `${first.toUpperCase()}${rest.join("")} cannot be used: ${this.reason}.`
  }
}

/**
 * Why a client does not believe a certificate.
 *
 * @since 0.2.0
 * @category connecting
 */
export type Doubt =
  | "expired"
  | "not yet valid"
  | "other name"
  | "unknown authority"
  | "self-signed"
  | "not verified"

const doubts: Readonly<Record<Doubt, string>> = {
  "expired": "has expired: it is for the server to have a new one",
  "not yet valid": "is not valid yet: check the clocks here and there",
  "other name": "is for another name: connect by a name that it has, or say which name to expect (servername)",
  "unknown authority": "is signed by an authority that is not known here: give that authority's certificate (ca)",
  "self-signed": "is signed by itself: give it as an authority (ca), if it is the right one",
  "not verified": "could not be verified"
}

/**
 * The server's certificate does not say, in a way that holds, that it is the server that was meant.
 *
 * @since 0.2.0
 * @category connecting
 */
export class CertificateUntrusted
  extends Data.TaggedError("CertificateUntrusted")<Place & { readonly doubt: Doubt; readonly cause: unknown }>
{
  override get message(): string {
    const detail = this.doubt === "not verified" || this.doubt === "other name" ? ` (${wordsOf(this.cause)})` : ""
    return `The certificate of the server at ${format(this.address)} ${doubts[this.doubt]}${detail}.`
  }
}

/**
 * Why a handshake came to nothing.
 *
 * - `not TLS`: the other side speaks something else.
 * - `timed out`: it did not end in time.
 * - `hung up`: the other side left in the middle.
 * - `no common version`, `no common protocol` (ALPN), `no common cipher`: the two do not go together.
 * - `no certificate`: the client has shown none, and the server wants one.
 * - `certificate refused`: one side does not believe the certificate of the other.
 * - `refused`: the other side does not say why; by TLS 1.2 it may be the want of a certificate.
 * - `injected`: in the clear, more came behind the request for TLS (STARTTLS). Somebody between the two may have put it there,
 *   to have it taken for what was said by TLS.
 * - `other`: something else.
 *
 * @since 0.2.0
 * @category handshaking
 */
export type HandshakeFault =
  | "not TLS"
  | "timed out"
  | "hung up"
  | "no common version"
  | "no common protocol"
  | "no common cipher"
  | "no certificate"
  | "certificate refused"
  | "refused"
  | "injected"
  | "other"

const advice: Readonly<Record<Exclude<HandshakeFault, "other">, string>> = {
  "not TLS": "it does not speak TLS. Connect without, or check the port",
  "timed out": "it did not end in time. The server is slow, or does not speak TLS",
  "hung up": "the server hung up. It may not speak TLS, or want none of this client",
  "no common version": "the server speaks other versions of TLS",
  "no common protocol": "the server speaks none of the protocols offered (ALPN)",
  "no common cipher": "the server takes none of the ciphers offered",
  "no certificate": "the server wants a certificate of the client. Give one (cert and key)",
  "certificate refused": "the server does not believe this client's certificate",
  "refused": "the server does not say why. It may want a certificate of the client (cert and key)",
  "injected":
    "more came in the clear behind the word that TLS begins. Somebody between here and there may have put it there"
}

/** The TLS handshake with a peer failed. @since 0.2.0 @category connecting */
export class HandshakeFailed
  extends Data.TaggedError("HandshakeFailed")<Place & { readonly fault: HandshakeFault; readonly cause?: unknown }>
{
  override get message(): string {
    const reason = this.fault === "other" ? wordsOf(this.cause) : advice[this.fault]
    return `The TLS handshake with ${format(this.address)} failed: ${reason}.`
  }
}

const wordsOf = (cause: unknown): string =>
  (cause instanceof Error ? cause.message : String(cause)).trim().replace(/\.$/, "")

/**
 * A turn wants a connection encrypted (STARTTLS) that is encrypted already, or that has no way to be. `Session.canStartTls`
 * says so beforehand.
 *
 * @since 0.2.0
 * @category handshaking
 */
export class StartTlsUnavailable extends Data.TaggedError("StartTlsUnavailable")<
  Place & { readonly reason: "encrypted" | "no way" }
> {
  override get message(): string {
    const why = this.reason === "encrypted"
      ? "it is encrypted already"
      : "its server has no certificate for it, or its transport no such thing"
    return `The connection to ${format(this.address)} cannot begin TLS: ${why}. Look at canStartTls first.`
  }
}
