import * as Effect from "effect/Effect"
import type { Redacted } from "effect/Redacted"
import type { X509Certificate } from "node:crypto"
import { constants } from "node:crypto"
import type { SecureContext, SecureContextOptions } from "node:tls"
import { createSecureContext } from "node:tls"
import { CertificateUnusable } from "../../../domain/TlsError.js"
import { certificatesOf, read } from "./material.js"

/** Who one is: a certificate, and the key that proves it. Each is PEM, or the path of a file of it. */
export interface Identity {
  readonly certificate: string
  readonly key: string | Redacted
}

/** What is the same for all identities of a server. */
export interface Common {
  readonly minVersion: "TLSv1.2" | "TLSv1.3"
  readonly maxVersion: "TLSv1.2" | "TLSv1.3"
  readonly authorities?: string | undefined
}

/** One that can be shown: its first certificate is its own, those behind it are who signed it. */
export interface Shown {
  readonly x509: X509Certificate
  readonly context: SecureContext
  /** What the context was made of. */
  readonly options: SecureContextOptions
}

/** Reads an identity, and makes it ready. */
export const load = (
  identity: Identity,
  { authorities, maxVersion, minVersion }: Common
): Effect.Effect<Shown, CertificateUnusable> =>
  Effect.gen(function*() {
    const cert = yield* read("the certificate", identity.certificate)
    const key = yield* read("the key", identity.key)
    const [x509] = yield* certificatesOf("the certificate", identity.certificate, cert)
    const what = identity.certificate.includes("-----BEGIN ")
      ? "the certificate and its key"
      : `the key for ${identity.certificate}`
    const options = {
      cert,
      key,
      minVersion,
      maxVersion,
      // A client that begins a handshake anew within a connection would only cost time.
      secureOptions: constants.SSL_OP_NO_RENEGOTIATION,
      ...(authorities === undefined ? {} : { ca: authorities })
    }
    const context = yield* Effect.try({
      try: () => createSecureContext(options),
      catch: (cause) => new CertificateUnusable({ what, reason: reasonOf(cause) })
    })
    return { x509, context, options }
  })

const reasonOf = (cause: unknown): string => {
  const message = cause instanceof Error ? cause.message : String(cause)
  if (/key values mismatch|key type mismatch/i.test(message)) return "it does not belong to the certificate"
  if (/interrupted or cancelled|bad decrypt|passphrase/i.test(message)) return "it is encrypted; take one that is not"
  return message.replace(/^error:[^:]*:[^:]*:[^:]*:/, "")
}

/** When one that is used now would be refused by everybody. */
export const expired = ({ x509 }: Shown, { certificate }: Identity, now: number): CertificateUnusable | undefined =>
  Date.parse(x509.validTo) > now ? undefined : new CertificateUnusable({
    what: certificate.includes("-----BEGIN ") ? "the certificate" : `the certificate in ${certificate}`,
    reason: `it has expired, on ${x509.validTo}`
  })

/** The one that has the name that a client calls for (RFC 6066, section 3), or else the first. */
export const named = (identities: readonly [Shown, ...ReadonlyArray<Shown>], serverName: string): Shown =>
  identities.find(({ x509 }) => x509.checkHost(serverName) !== undefined) ?? identities[0]
