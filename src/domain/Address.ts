/**
 * Where a socket is: at a TCP port of a host, or at a path of this machine.
 *
 * @since 0.1.0
 * @module
 */

/**
 * A TCP port. `host` is a name or a literal IPv4 or IPv6 address without brackets; `port` is 0 to 65,535.
 *
 * @since 0.2.0
 * @category models
 */
export interface TcpAddress {
  readonly host: string
  readonly port: number
  readonly path?: undefined
  /** The path of the WebSocket that is spoken there, such as `/`. Default: none is, but the protocol itself. */
  readonly webSocket?: string | undefined
  /** The proxy whose word this address is, where it is that of a client behind one. */
  readonly via?: Address | undefined
  /** Whether TLS is spoken there. Default: it is not. */
  readonly tls?: boolean | undefined
}

/**
 * A unix socket (unix(7)): a file of this machine, or, where the path begins with a NUL, a name of Linux's abstract
 * namespace. The empty path is that of a client: it has none.
 *
 * @since 0.2.0
 * @category models
 */
export interface UnixAddress {
  readonly path: string
  readonly host?: undefined
  readonly port?: undefined
  readonly webSocket?: undefined
  /** The proxy whose word this address is, where it is that of a client behind one. */
  readonly via?: Address | undefined
  readonly tls?: undefined
}

/**
 * One end of a connection, or the place a server listens. Whoever has a `path` is a unix socket.
 *
 * @since 0.1.0
 * @category models
 */
export type Address = TcpAddress | UnixAddress

/**
 * Writes an address as people read it. An IPv6 host stands in brackets (RFC 3986, section 3.2.2); an abstract name has an `@`
 * in place of its NUL, as in ss(8).
 *
 * @example
 * ```ts
 * import { Address } from "effect-switchboard"
 *
 * assert.strictEqual(Address.format({ host: "::1", port: 1234 }), "[::1]:1234")
 * assert.strictEqual(Address.format({ path: "/run/calc.sock" }), "unix:/run/calc.sock")
 * ```
 *
 * @since 0.1.0
 * @category formatting
 */
export const format = (address: Address): string => {
  if (address.path !== undefined) return `unix:${address.path.replace(/^\0/, "@")}`
  return address.host.includes(":") ? `[${address.host}]:${address.port}` : `${address.host}:${address.port}`
}

/**
 * Writes an address as a URL, which {@link parse} reads: `tcp://127.0.0.1:1234`, `tls://127.0.0.1:1234`,
 * `ws://127.0.0.1:8080/`, `wss://127.0.0.1:8443/`, `unix:/run/calc.sock`.
 *
 * @since 0.2.0
 * @category formatting
 */
export const url = (address: Address): string => {
  if (address.path !== undefined) return format(address)
  const { tls = false, webSocket } = address
  return webSocket === undefined
    ? `${tls ? "tls" : "tcp"}://${format(address)}`
    : `${tls ? "wss" : "ws"}://${format(address)}${webSocket}`
}

/** The ports of HTTP, which a WebSocket has where none is named (RFC 6455, section 3). */
const httpPort = "80"
const httpsPort = "443"

const webSocket = /^wss?:\/\/(?:\[([\da-f:.]+)\]|([^\s:/[\]?#]+))(?::(\d{1,5}))?(\/[^\s?#,]*)?$/i
const tcp = /^(?:t(?:cp|ls):\/\/)?(?:\[([\da-f:.]+)\]|([^\s:/[\]]+)):(\d{1,5})$/i
const unix = /^unix:(?:\/\/(?=\/))?(.+)$/i

/**
 * Reads an address: `localhost:1234`, `[::1]:1234`, `tcp://…`, `tls://…`, `ws://…/path`, `wss://…/path`, `unix:/run/calc.sock`, or `unix:@name` for an
 * abstract name. `undefined` for what is none, such as a port over 65,535.
 *
 * @example
 * ```ts
 * import { Address } from "effect-switchboard"
 *
 * assert.deepStrictEqual(Address.parse("tcp://[::1]:1234"), { host: "::1", port: 1234 })
 * assert.deepStrictEqual(Address.parse("ws://localhost:8080"), { host: "localhost", port: 8080, webSocket: "/" })
 * assert.deepStrictEqual(Address.parse("unix:@calc"), { path: "\0calc" })
 * assert.strictEqual(Address.parse("localhost:65536"), undefined)
 * ```
 *
 * @since 0.2.0
 * @category parsing
 */
export const parse = (text: string): Address | undefined => {
  const [, path] = unix.exec(text) ?? []
  if (path !== undefined) return { path: path.replace(/^@/, "\0") }
  const [isWebSocket, ...place] = webSocket.exec(text) ?? []
  const tls = /^(tls|wss):/i.test(text)
  const [literal, name, port = tls ? httpsPort : httpPort, target = "/"] = isWebSocket === undefined
    ? tcp.exec(text)?.slice(1) ?? []
    : place
  const host = literal ?? name
  if (host === undefined || Number(port) > 65_535) return undefined
  return {
    host,
    port: Number(port),
    ...(isWebSocket === undefined ? {} : { webSocket: target }),
    ...(tls ? { tls } : {})
  }
}
