/**
 * What is known of a connection that is encrypted by TLS.
 *
 * @since 0.2.0
 * @module
 */

/**
 * A certificate that was verified: somebody whom this side trusts says who the peer is.
 *
 * @since 0.2.0
 * @category models
 */
export interface Certificate {
  /** Whom it names, as `CN=alice, O=Example`. */
  readonly subject: string
  /** The subject's common name (CN), if it has one, and not several. */
  readonly commonName?: string | undefined
  /** Its alternative names, each with its kind: `DNS:example.org`, `IP Address:127.0.0.1`, `email:alice@example.org`. */
  readonly names: ReadonlyArray<string>
  /** Who signed it, as `CN=Example CA`. */
  readonly issuer: string
  /** SHA-256 of the whole certificate: hexadecimal bytes, with colons between. */
  readonly fingerprint: string
  readonly validFrom: Date
  readonly validTo: Date
}

/**
 * What was agreed on when TLS began.
 *
 * @since 0.2.0
 * @category models
 */
export interface Tls {
  /** Such as `TLSv1.3`; on the virtual network, which encrypts nothing, `virtual`. */
  readonly version: string
  /** The name by which the client called the server (SNI), if it did. */
  readonly serverName?: string | undefined
  /** The protocol that both chose (ALPN), if they spoke of it. */
  readonly protocol?: string | undefined
  /** The peer's, if it showed one and it was verified. */
  readonly certificate?: Certificate | undefined
}
