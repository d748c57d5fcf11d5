/** Certificates and their keys. */
import * as Effect from "effect/Effect"
import type { X509Certificate } from "node:crypto"
import { statSync } from "node:fs"
import { isIP } from "node:net"
import type { CertificateUnusable } from "../../../domain/TlsError.js"
import { load } from "../../../services/node/tls/Identities.js"
import { certificatesOf, read } from "../../../services/node/tls/material.js"
import type { Options as Identities } from "../serve/identities.js"
import { identities } from "../serve/identities.js"
import type { Place } from "../serve/places.js"
import type { Finding } from "./Finding.js"
import { fine, note, wrong } from "./Finding.js"

const about = "certificate"

const day = 86_400_000

/** Days before its end in which a certificate should have been renewed. */
const soon = 14

const dates = (file: string, { validFrom, validTo }: X509Certificate, now: number): Finding | undefined => {
  if (Date.parse(validTo) <= now) return wrong(about, `${file} has expired, on ${validTo}.`, "Renew it.")
  if (Date.parse(validFrom) > now) {
    return wrong(about, `${file} is not valid before ${validFrom}.`, "Check the clock of this machine.")
  }
  const days = Math.floor((Date.parse(validTo) - now) / day)
  if (days >= soon) return undefined
  return wrong(about, `${file} expires in ${days} ${days === 1 ? "day" : "days"}, on ${validTo}.`, "Renew it.")
}

/** Whether people other than its owner and its group may read a key. */
const isOpen = (path: string): boolean => ((statSync(path, { throwIfNoEntry: false })?.mode ?? 0) & 0o004) !== 0

const key = (path: string): ReadonlyArray<Finding> =>
  isOpen(path) ? [wrong("key", `Everybody on this machine may read the key in ${path}.`, `chmod 600 ${path}`)] : []

/** A server that listens by a name should be known by it. */
const names = (places: ReadonlyArray<Place>, shown: ReadonlyArray<X509Certificate>): ReadonlyArray<Finding> =>
  places.flatMap(({ host, tls }) => {
    if (tls !== true || host === undefined || isIP(host) !== 0) return []
    return shown.some((x509) => x509.checkHost(host) !== undefined)
      ? []
      : [
        note(
          about,
          `None is for ${host}, the name by which the server listens.`,
          "Clients that call it so do not believe it."
        )
      ]
  })

const failed = ({ message }: { readonly message: string }): ReadonlyArray<Finding> => [wrong(about, message)]

const authorities = (file: string, now: number): Effect.Effect<ReadonlyArray<Finding>> =>
  Effect.gen(function*() {
    const pem = yield* read("the authorities", file)
    const all = yield* certificatesOf("the authorities", file, pem)
    const outdated = all.flatMap((x509) => dates(file, x509, now) ?? [])
    return outdated.length > 0 ? outdated : [fine(about, `${file} has ${all.length} of who may sign those of clients.`)]
  }).pipe(Effect.catchAll((error: CertificateUnusable) => Effect.succeed(failed(error))))

/** Looks at those that the server would show, and at those by which it would know its clients. */
export const look = (
  options: Identities,
  places: ReadonlyArray<Place>,
  now: number
): Effect.Effect<ReadonlyArray<Finding>> =>
  Effect.gen(function*() {
    if (!places.some(({ tls }) => tls === true)) return []
    const those = yield* identities(options, "TLS")
    const shown: Array<X509Certificate> = []
    const own = yield* Effect.forEach(those, (identity) =>
      load(identity, { minVersion: "TLSv1.2", maxVersion: "TLSv1.3" }).pipe(
        Effect.map(({ x509 }): ReadonlyArray<Finding> => {
          shown.push(x509)
          const end = x509.validTo
          const whom = x509.subjectAltName ?? x509.subject
          const good = fine(about, `${identity.certificate} is for ${whom}, until ${end}.`)
          return [
            dates(identity.certificate, x509, now) ?? good,
            ...(typeof identity.key === "string" ? key(identity.key) : [])
          ]
        }),
        Effect.catchAll((error) =>
          Effect.succeed(failed(error))
        )
      ))
    const ca = options.tlsClientCa.value
    return [
      ...own.flat(),
      ...names(places, shown),
      ...(ca === undefined ? [] : yield* authorities(ca, now))
    ]
  }).pipe(Effect.catchAll((error) => Effect.succeed(failed(error))))
