import * as Effect from "effect/Effect"
import { chmodSync, chownSync, existsSync, lstatSync, unlinkSync } from "node:fs"
import type { ListenOptions, Server } from "node:net"
import { connect } from "node:net"
import { dirname } from "node:path"
import type { Address } from "../../domain/Address.js"
import type { ListenError } from "../../domain/NetworkError.js"
import { AddressUnavailable, ListenFailed, PermissionDenied, PortInUse } from "../../domain/NetworkError.js"
import type { Place } from "./place.js"
import { asked } from "./place.js"

/** Bytes of a socket's path (unix(7)), without the NUL behind it. The kernel would cut a longer one short. */
const longestPath = 107

/** Has the server listen; where it cannot, nothing is left open. */
export const listen = (server: Server, place: Place, backlog: number): Effect.Effect<void, ListenError> => {
  const { fd, host = "127.0.0.1", path, port = 0 } = place
  if (fd !== undefined) return bind(server, { fd, backlog } as ListenOptions, place)
  return at(place, bind(server, path === undefined ? { host, port, backlog } : { path, backlog }, place))
}

/** Binds there, also where a dead server has left its socket's file. */
export const at = <A>({ path }: Place, bind: Effect.Effect<A, ListenError>): Effect.Effect<A, ListenError> => {
  if (path === undefined) return bind
  if (Buffer.byteLength(path) > longestPath) {
    return new ListenFailed({ address: { path }, cause: new Error(`a path has at most ${longestPath} bytes`) })
  }
  return Effect.catchTag(bind, "PortInUse", (inUse) =>
    Effect.flatMap(isStale(path), (stale) => {
      if (!stale) return inUse
      return Effect.zipRight(
        Effect.try({ try: () => unlinkSync(path), catch: (cause) => listenError({ path }, cause) }),
        bind
      )
    }))
}

const bind = (server: Server, options: ListenOptions, place: Place): Effect.Effect<void, ListenError> =>
  Effect.async((resume) => {
    const fail = (cause: unknown): void => resume(Effect.fail(listenError(asked(place), cause)))
    server.once("error", fail)
    try {
      withRights(options.path === undefined ? {} : place, () =>
        server.listen(options, () => {
          server.off("error", fail)
          resume(Effect.void)
        }))
    } catch (cause) {
      server.close()
      fail(cause)
    }
  })

/**
 * Makes a socket's file with these permissions from its first moment on, where this thread may set the umask, and gives it
 * to its owner.
 */
export const withRights = <A>({ mode, owner, path }: Place, make: () => A): A => {
  if ((mode === undefined && owner === undefined) || path === undefined || isAbstract(path)) return make()
  // One that is to be another's is nobody's else until it is.
  const before = umask(owner === undefined ? 0o777 & ~mode! : 0o177)
  let made: A
  try {
    made = make()
  } finally {
    if (before !== undefined) umask(before)
  }
  // Node binds at once, and says later that it could not: then there is nothing to change.
  if (!isSocket(path)) return made
  if (owner !== undefined) chownSync(path, owner.uid ?? -1, owner.gid ?? -1)
  const rights = mode ?? (before === undefined ? undefined : 0o777 & ~before)
  if (rights !== undefined) chmodSync(path, rights)
  return made
}

const umask = (mask: number): number | undefined => {
  try {
    return process.umask(mask)
  } catch {
    return undefined
  }
}

const isAbstract = (path: string): boolean => path.startsWith("\0")

/** Whether a path is that of a socket behind which nobody listens: what a server that was killed leaves. */
const isStale = (path: string): Effect.Effect<boolean> =>
  Effect.async((resume) => {
    const tell = (stale: boolean): void => resume(Effect.succeed(stale))
    if (isAbstract(path) || !isSocket(path)) return tell(false)
    const socket = connect({ path })
    socket.once("connect", () => {
      socket.destroy()
      tell(false)
    })
    socket.once("error", (cause) => tell("code" in cause && cause.code === "ECONNREFUSED"))
  })

const isSocket = (path: string): boolean => {
  try {
    return lstatSync(path).isSocket()
  } catch {
    return false
  }
}

export const listenError = (address: Address, cause: unknown): ListenError => {
  switch (cause instanceof Error && "code" in cause ? cause.code : undefined) {
    case "EADDRINUSE":
      return new PortInUse({ address })
    case "EADDRNOTAVAIL":
      return new AddressUnavailable({ address })
    case "ENOTFOUND":
    case "EAI_AGAIN":
      return new AddressUnavailable({ address, reason: "not found" })
    case "EPERM":
    case "EACCES":
      // libuv says the same of a folder that is not there.
      return address.path !== undefined && !isAbstract(address.path) && !existsSync(dirname(address.path))
        ? new AddressUnavailable({ address })
        : new PermissionDenied({ address })
    default:
      return new ListenFailed({ address, cause })
  }
}
