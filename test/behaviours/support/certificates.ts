import { readFileSync } from "node:fs"
import { fileURLToPath } from "node:url"

const path = (name: string): string => fileURLToPath(new URL(`../../fixtures/certificates/${name}`, import.meta.url))

/** Those of `test/fixtures/certificates`, each with its key in the same file. */
const identity = (name: string) => ({ certificate: path(`${name}.pem`), key: path(`${name}.pem`) })

export const server = identity("server")
export const renewed = identity("renewed")
export const other = identity("other")
export const expired = identity("expired")
export const self = identity("self")
export const alice = identity("alice")
/** Signed by somebody else. */
export const mallory = identity("mallory")

/** Who has signed all but `mallory` and `self`. */
export const authority = path("authority.crt")
export const stranger = path("stranger.crt")

/** An identity as node:tls and node:https take it. */
export const contents = ({ certificate, key }: ReturnType<typeof identity>) => ({
  cert: readFileSync(certificate),
  key: readFileSync(key)
})
