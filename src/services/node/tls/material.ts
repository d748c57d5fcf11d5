/** Certificates and keys, as they are given: PEM, in a text or in a file. */
import * as Effect from "effect/Effect"
import * as Redacted from "effect/Redacted"
import { X509Certificate } from "node:crypto"
import { readFile } from "node:fs/promises"
import { CertificateUnusable } from "../../../domain/TlsError.js"

const isPem = (text: string): boolean => text.includes("-----BEGIN ")

const source = (text: string): string => isPem(text) ? "" : ` in ${text}`

/** The text itself, or that of the file that it names. `what` is what it should be, as `the key`. */
export const read = (what: string, given: string | Redacted.Redacted): Effect.Effect<string, CertificateUnusable> => {
  const text = Redacted.isRedacted(given) ? Redacted.value(given) : given
  if (isPem(text)) return Effect.succeed(text)
  const unusable = (reason: string) => new CertificateUnusable({ what: `${what}${source(text)}`, reason })
  return Effect.tryPromise({
    try: () => readFile(text, "utf8"),
    catch: (cause) => {
      const code = cause instanceof Error && "code" in cause ? cause.code : undefined
      if (code === "ENOENT") return unusable("there is no such file")
      if (code === "EACCES") return unusable("this user may not read it")
      return unusable(cause instanceof Error ? cause.message : String(cause))
    }
  }).pipe(
    Effect.filterOrFail(isPem, () => unusable("it is no PEM, which has a line -----BEGIN …"))
  )
}

const certificates = /-----BEGIN CERTIFICATE-----[^-]+-----END CERTIFICATE-----/g

/** The certificates of a PEM: at least one. `given` is what it was read from. */
export const certificatesOf = (
  what: string,
  given: string,
  pem: string
): Effect.Effect<readonly [X509Certificate, ...Array<X509Certificate>], CertificateUnusable> =>
  Effect.suspend(() => {
    const unusable = (reason: string) => new CertificateUnusable({ what: `${what}${source(given)}`, reason })
    const [first, ...rest] = pem.match(certificates) ?? []
    if (first === undefined) return unusable("it holds no certificate")
    try {
      return Effect.succeed([new X509Certificate(first), ...rest.map((text) => new X509Certificate(text))] as const)
    } catch (cause) {
      return unusable(cause instanceof Error ? cause.message : String(cause))
    }
  })
