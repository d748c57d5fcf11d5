/** Who may ask, and who may change something. */
import * as Effect from "effect/Effect"
import { createHash, timingSafeEqual } from "node:crypto"
import { isIP } from "node:net"
import * as smallFile from "../arguments/smallFile.js"
import { Refused } from "./Refused.js"

/** How one comes to the admin port. */
export interface Access {
  /** The host that it was given, where it is a TCP port. */
  readonly host: string | undefined
  /** Whether only who may write to the socket's file gets here: then no token is asked for. */
  readonly isPrivate: boolean
  /** The file of the token. */
  readonly tokenFile: string | undefined
}

/** What matters of a request. */
export interface Asked {
  readonly headers: Readonly<Record<string, string | undefined>>
}

const sentence = (status: Refused["status"], message: string): Refused => new Refused({ status, message })

/** The name or address of a `Host` header, without the port and the brackets. */
const hostOf = (header: string): string => header.replace(/:\d+$/, "").replace(/^\[(.*)\]$/, "$1").toLowerCase()

/**
 * Whether a name is none that a stranger can have point to this machine (DNS rebinding): an address, a name of this network
 * alone, or the one that the port was given.
 */
const isOwn = (host: string, own: string | undefined): boolean =>
  isIP(host) !== 0 || !host.includes(".") || host.endsWith(".localhost") || host === own?.toLowerCase()

/** A page of another origin is told nothing, and can have nothing done. */
export const admit = ({ headers }: Asked, access: Access): Effect.Effect<void, Refused> => {
  const { host = "", origin } = headers
  const site = headers["sec-fetch-site"]
  // A unix socket may be forwarded to a port, as ssh does it, and asked by a browser there.
  if (access.host === undefined && origin === undefined && site === undefined) return Effect.void
  if (!isOwn(hostOf(host), access.host)) {
    return sentence(421, `This is not ${host}: ask by an address, or give --admin that name.`)
  }
  if (site === "cross-site" || site === "same-site") return sentence(403, "This is not for pages of another origin.")
  if (origin !== undefined && origin !== `http://${host}`) {
    return sentence(403, "This is not for pages of another origin.")
  }
  return Effect.void
}

/** So that the time a comparison takes says nothing of how much of a token is right, nor of its length. */
const isSame = (a: string, b: string): boolean => {
  const [left, right] = [a, b].map((text) => createHash("sha256").update(text).digest())
  return timingSafeEqual(left!, right!)
}

/** Bytes of the shortest token that is taken. */
export const shortest = 16

/** The token of a file, without the line's end; it is read each time, so that it can be replaced. */
export const tokenOf = (path: string): Effect.Effect<string, string> =>
  Effect.flatMap(
    Effect.mapError(smallFile.read(path), ({ reason }) => `The token file ${path} ${reason}`),
    (text) => {
      const token = text.trim()
      return Buffer.byteLength(token) < shortest
        ? Effect.fail(`The token in ${path} must have ${shortest} bytes or more: openssl rand -hex 32 makes one.`)
        : Effect.succeed(token)
    }
  )

/** Whether this one may change something. */
export const authorize = ({ headers }: Asked, access: Access): Effect.Effect<void, Refused> => {
  const { isPrivate, tokenFile } = access
  if (isPrivate) return Effect.void
  if (tokenFile === undefined) {
    return sentence(
      403,
      "Nothing can be changed here: start with --admin-token-file FILE, or with --admin unix:PATH, which needs no token."
    )
  }
  const [, given] = /^Bearer +(\S+)$/i.exec(headers["authorization"] ?? "") ?? []
  if (given === undefined) {
    return sentence(401, "A change needs the token of --admin-token-file, in a header: Authorization: Bearer TOKEN.")
  }
  return Effect.matchEffect(tokenOf(tokenFile), {
    onFailure: (message) => sentence(403, message),
    onSuccess: (token) => isSame(given, token) ? Effect.void : sentence(401, "This is not the token.")
  })
}
