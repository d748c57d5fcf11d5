/** Sockets that one process binds, and others listen with. */
import * as Effect from "effect/Effect"
import type * as Scope from "effect/Scope"
import { lookup } from "node:dns"
import * as net from "node:net"
import { getSystemErrorName } from "node:util"
import type { Address } from "../../domain/Address.js"
import type { ListenError } from "../../domain/NetworkError.js"
import { at, listenError, withRights } from "./listen.js"
import type { Place } from "./place.js"
import { asked } from "./place.js"

/** A bound socket. This process takes nobody from it. */
export interface Held {
  readonly fd: number
  /** Where it is, with the real port. */
  readonly address: Address
}

interface Handle {
  readonly fd: number
  readonly getsockname?: (into: { address?: string; port?: number }) => number
  readonly close: () => void
}

type Create = (
  address: string | null,
  port: number | null,
  addressType: number | null,
  fd?: number
) => Handle | number

/** What node:cluster makes its sockets by: Node's own servers cannot bind without taking clients. */
const create = (net as unknown as { readonly _createServerHandle?: Create })._createServerHandle

const systemError = (name: string): Error => Object.assign(new Error(name), { code: name })

/** An address of that host, and its family. */
const resolve = (host: string, address: Address): Effect.Effect<readonly [string, number], ListenError> =>
  Effect.async((resume) =>
    lookup(
      host,
      (error, found, family) =>
        resume(error === null ? Effect.succeed([found, family]) : Effect.fail(listenError(address, error)))
    )
  )

const make = (place: Place, words: Parameters<Create>): Effect.Effect<Held & Pick<Handle, "close">, ListenError> =>
  Effect.suspend(() => {
    const { host, port = 0 } = place
    const address = asked(place)
    let handle: Handle | undefined = undefined
    const bind = (): Handle => {
      if (create === undefined) throw new Error("this Node has no way to share a socket among processes")
      const made = create(...words)
      if (typeof made === "number") throw systemError(getSystemErrorName(made))
      return handle = made
    }
    return Effect.try({
      try: () => {
        const { close, fd, name } = named(withRights(place.fd === undefined ? place : {}, bind))
        // libuv keeps it to itself, until somebody listens, that a port is in use.
        if (name !== undefined && (name.port === 0 || (port !== 0 && name.port !== port))) {
          throw systemError("EADDRINUSE")
        }
        return { fd, address: name === undefined ? address : { host: host ?? name.host, port: name.port }, close }
      },
      catch: (cause) => {
        handle?.close()
        return listenError(address, cause)
      }
    })
  })

/** What a handle is bound to, if it is to a port. */
const named = (handle: Handle) => {
  const close = (): void => handle.close()
  if (handle.getsockname === undefined) return { close, fd: handle.fd, name: undefined }
  const name: { address?: string; port?: number } = {}
  handle.getsockname(name)
  return { close, fd: handle.fd, name: { host: name.address ?? "", port: name.port ?? 0 } }
}

/** Binds a socket there, until the scope closes. Nobody is taken in, nor refused, before somebody listens. */
export const hold = (place: Place): Effect.Effect<Held, ListenError, Scope.Scope> => {
  const { fd, host = "127.0.0.1", path, port = 0 } = place
  const bind = fd !== undefined
    ? make(place, [null, null, null, fd])
    : path !== undefined
    ? at(place, make(place, [path, -1, -1]))
    : Effect.flatMap(resolve(host, asked(place)), ([address, family]) => make(place, [address, port, family]))
  return Effect.acquireRelease(bind, ({ close }) => Effect.sync(close))
}
