import * as Effect from "effect/Effect"
import type * as Scope from "effect/Scope"
import { Buffer } from "node:buffer"
import type { IncomingMessage, Server } from "node:http"
import { Socket } from "node:net"
import * as tls from "node:tls"
import type { Address } from "../../domain/Address.js"
import { ListenFailed } from "../../domain/NetworkError.js"
import { isUpgrade, pathOf, refusal } from "../../domain/websocket/Handshake.js"
import type { HttpHead } from "../../domain/websocket/HttpHead.js"
import { write } from "../../domain/websocket/HttpHead.js"
import { peerOf } from "./place.js"
import { NodeConnection } from "./socket.js"
import { NodeTlsConnection } from "./tls/NodeTlsConnection.js"

/** Takes a request for a WebSocket; `rest` came behind it. */
export type Take = (head: HttpHead, socket: Socket, rest: Buffer) => void

/** A peer that vanished without a word is found after this long (RFC 9293, section 3.8.4). */
const keepAliveDelay = 60_000

const headOf = ({ httpVersion, method = "", rawHeaders, url = "" }: IncomingMessage): HttpHead => {
  const fields = new Map<string, Array<string>>()
  for (let i = 0; i < rawHeaders.length; i += 2) {
    const name = rawHeaders[i]!.toLowerCase()
    fields.set(name, [...fields.get(name) ?? [], rawHeaders[i + 1]!])
  }
  return { start: [method, url, `HTTP/${httpVersion}`], fields }
}

const ignore = (): void => {}

type Emit = (event: string | symbol, ...args: ReadonlyArray<unknown>) => boolean

/**
 * The paths of a server at which there is a WebSocket of ours.
 *
 * Every listener of `upgrade` hears of every such request, and some answer what is not for them: @effect/platform with its
 * routes, npm's ws with 400. So requests for our paths are taken before they are emitted. What is not for us goes on as if we
 * were not there.
 */
class Paths {
  private readonly taken = new Map<string, Take>()
  private readonly server: Server
  private readonly emit: Emit
  private readonly own: Emit

  constructor(server: Server) {
    this.server = server
    this.emit = Reflect.get(server, "emit") as Emit
    this.own = (event, ...args) =>
      (event === "upgrade" && this.take(...(args as [IncomingMessage, Socket, Buffer])))
      || this.emit.call(server, event, ...args)
    server.emit = this.own
    // Without any listener Node would take no notice of upgrades.
    server.on("upgrade", ignore)
  }

  add(path: string, take: Take): boolean {
    if (this.taken.has(path)) return false
    this.taken.set(path, take)
    return true
  }

  remove(path: string): void {
    this.taken.delete(path)
    if (this.taken.size > 0) return
    const { server } = this
    all.delete(server)
    server.off("upgrade", ignore)
    // Whoever has come between us meanwhile calls us, and we are not there.
    if (server.emit === this.own) server.emit = this.emit
  }

  /** Gives whether the request was for none of the others. */
  private take(request: IncomingMessage, socket: Socket, rest: Buffer): boolean {
    // One that somebody has made up, over something else than a socket, is not ours.
    if (this.taken.size === 0 || !(socket instanceof Socket)) return false
    const head = headOf(request)
    const take = isUpgrade(head) ? this.taken.get(pathOf(head) ?? "") : undefined
    if (take !== undefined) take(head, socket, rest)
    else if (this.server.listenerCount("upgrade") > 1) return false
    else if (this.server.listenerCount("request") > 0) this.again(request, socket, rest)
    else notFound(socket)
    return true
  }

  /**
   * Has the server read the request once more, without the wish for an upgrade, which may be ignored (RFC 9110, section 7.8): some
   * clients ask every server for HTTP/2 that way, and Node has dropped the request's body.
   */
  private again({ httpVersion, method, rawHeaders, url }: IncomingMessage, socket: Socket, rest: Buffer): void {
    const fields: Array<readonly [string, string]> = []
    for (let i = 0; i < rawHeaders.length; i += 2) {
      if (rawHeaders[i]!.toLowerCase() !== "upgrade") fields.push([rawHeaders[i]!, rawHeaders[i + 1]!])
    }
    const head = Buffer.from(write(`${method} ${url} HTTP/${httpVersion}`, fields), "latin1")
    socket.unshift(Buffer.concat([head, rest]))
    socket.on("error", ignore)
    // Not from within Node's own reading of the request.
    setImmediate(() => {
      socket.off("error", ignore)
      if (socket.destroyed) return
      this.emit.call(this.server, socket instanceof tls.TLSSocket ? "secureConnection" : "connection", socket)
    })
  }
}

const notFound = (socket: Socket): void => {
  socket.on("error", ignore)
  socket.end(refusal({ _tag: "Declined", status: "404 Not Found", words: "There is no WebSocket here." }))
  socket.destroySoon()
}

const all = new WeakMap<Server, Paths>()

/** Takes the requests for a WebSocket at a path of the server, until the scope closes. Fails if another has the path. */
export const claim = (server: Server, path: string, take: Take): Effect.Effect<void, ListenFailed, Scope.Scope> =>
  Effect.asVoid(Effect.acquireRelease(
    Effect.suspend(() => {
      const paths = all.get(server) ?? new Paths(server)
      all.set(server, paths)
      if (paths.add(path, take)) return Effect.succeed(paths)
      const cause = new Error("another WebSocket is there already")
      return new ListenFailed({ address: addressOf(server, path), cause })
    }),
    (paths) => Effect.sync(() => paths.remove(path))
  ))

/** Waits until the server listens. */
export const listening = (server: Server): Effect.Effect<void> =>
  Effect.async((resume) => {
    const tell = (): void => resume(Effect.void)
    if (server.listening) return tell()
    server.once("listening", tell)
    return Effect.sync(() => server.off("listening", tell))
  })

/** Where a WebSocket of the server is. */
export const addressOf = (server: Server, webSocket: string): Address => {
  const place = server.address()
  // Node shows no path of a unix socket that it has not bound itself.
  if (typeof place === "string" || (place === null && server.listening)) return { path: place ?? "" }
  const { address: host, port } = place ?? { address: "localhost", port: 0 }
  return { host, port, webSocket, ...(server instanceof tls.Server ? { tls: true } : {}) }
}

/** A socket of the server at that address, which speaks HTTP no more, as a connection. */
export const upgraded = (socket: Socket, address: Address, connections: Set<NodeConnection>): NodeConnection => {
  socket.pause()
  socket.setTimeout(0)
  socket.setNoDelay(true)
  socket.setKeepAlive(true, keepAliveDelay)
  socket.allowHalfOpen = true
  const peer = peerOf(socket, address)
  const { _parent } = socket as Socket & { readonly _parent?: Socket }
  return socket instanceof tls.TLSSocket && _parent !== undefined
    ? new NodeTlsConnection(socket, _parent, peer, connections)
    : new NodeConnection(socket, peer, connections)
}
