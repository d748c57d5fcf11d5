/** What OpenSSL's errors mean, by their codes. */
import type { Doubt, HandshakeFault } from "../../../domain/TlsError.js"

export const codeOf = (cause: unknown): string =>
  cause instanceof Error && "code" in cause && typeof cause.code === "string" ? cause.code : ""

const notTls = new Set([
  "ERR_SSL_WRONG_VERSION_NUMBER",
  "ERR_SSL_HTTP_REQUEST",
  "ERR_SSL_HTTPS_PROXY_REQUEST",
  "ERR_SSL_PACKET_LENGTH_TOO_LONG",
  "ERR_SSL_UNEXPECTED_MESSAGE"
])

const versions = new Set(["ERR_SSL_UNSUPPORTED_PROTOCOL", "ERR_SSL_VERSION_TOO_LOW", "ERR_SSL_NO_PROTOCOLS_AVAILABLE"])

/** Without what Node says in which place of OpenSSL's sources it was. */
export const wordsOf = (cause: unknown): string | undefined => {
  if (!(cause instanceof Error)) return undefined
  return "reason" in cause && typeof cause.reason === "string" ? cause.reason : cause.message
}

/** Why a handshake came to nothing. */
export const faultOf = (cause: unknown): HandshakeFault => {
  const code = codeOf(cause)
  if (notTls.has(code)) return "not TLS"
  if (versions.has(code) || /ALERT_PROTOCOL_VERSION/.test(code)) return "no common version"
  if (/NO_APPLICATION_PROTOCOL/.test(code)) return "no common protocol"
  if (/NO_SHARED_CIPHER|ALERT_INSUFFICIENT_SECURITY/.test(code)) return "no common cipher"
  if (/PEER_DID_NOT_RETURN_A_CERTIFICATE|ALERT_CERTIFICATE_REQUIRED/.test(code)) return "no certificate"
  if (/ALERT_(UNKNOWN_CA|BAD_CERTIFICATE|CERTIFICATE_|UNSUPPORTED_CERTIFICATE|ACCESS_DENIED)/.test(code)) {
    return "certificate refused"
  }
  if (/ALERT_HANDSHAKE_FAILURE/.test(code)) return "refused"
  if (code === "ECONNRESET" || code === "EPIPE") return "hung up"
  return "other"
}

const doubts: Readonly<Record<string, Doubt>> = {
  CERT_HAS_EXPIRED: "expired",
  CERT_NOT_YET_VALID: "not yet valid",
  ERR_TLS_CERT_ALTNAME_INVALID: "other name",
  DEPTH_ZERO_SELF_SIGNED_CERT: "self-signed",
  SELF_SIGNED_CERT_IN_CHAIN: "unknown authority",
  UNABLE_TO_VERIFY_LEAF_SIGNATURE: "unknown authority",
  UNABLE_TO_GET_ISSUER_CERT: "unknown authority",
  UNABLE_TO_GET_ISSUER_CERT_LOCALLY: "unknown authority"
}

const otherDoubts = new Set([
  "CERT_SIGNATURE_FAILURE",
  "CERT_REVOKED",
  "CERT_UNTRUSTED",
  "CERT_REJECTED",
  "CERT_CHAIN_TOO_LONG",
  "INVALID_CA",
  "INVALID_PURPOSE",
  "PATH_LENGTH_EXCEEDED",
  "HOSTNAME_MISMATCH",
  "UNABLE_TO_GET_CRL",
  "ERROR_IN_CERT_NOT_BEFORE_FIELD",
  "ERROR_IN_CERT_NOT_AFTER_FIELD"
])

/** Why a certificate is not believed; undefined where something else is the matter. */
export const doubtOf = (cause: unknown): Doubt | undefined => {
  const code = codeOf(cause)
  return doubts[code] ?? (otherDoubts.has(code) ? "not verified" : undefined)
}
