import { Buffer } from "node:buffer"
import type { HttpHead } from "./HttpHead.js"
import { hasWord, listOf, valueOf, write } from "./HttpHead.js"
import type { Origins } from "./Origin.js"
import { isAllowed } from "./Origin.js"

/** What a server accepts. */
export interface Terms {
  readonly path: string
  readonly origins: Origins
  readonly protocols: ReadonlyArray<string>
}

/** A client that may come in: its key, and the subprotocol, if one was agreed on. */
export interface Opened {
  readonly _tag: "Opened"
  readonly key: string
  readonly protocol: string | undefined
}

/** A client that may not: it is answered so, and nothing else. */
export interface Declined {
  readonly _tag: "Declined"
  readonly status: string
  readonly words: string
  readonly fields?: ReadonlyArray<readonly [string, string]> | undefined
}

const decline = (status: string, words: string, fields?: Declined["fields"]): Declined => ({
  _tag: "Declined",
  status,
  words,
  fields
})

/** What is hashed behind a client's key (RFC 6455, section 1.3). */
export const keySuffix = "258EAFA5-E914-47DA-95CA-C5AB0DC85B11"

/** 16 bytes in base64. */
const keyShape = /^[A-Za-z0-9+/]{21}[AQgw]==$/

/** Whether a request asks for a WebSocket at all. */
export const isUpgrade = (head: HttpHead): boolean =>
  hasWord(head, "upgrade", "websocket") && hasWord(head, "connection", "upgrade")

/** The path of a request's target, without its query; undefined if it is none. */
export const pathOf = (head: HttpHead): string | undefined => {
  const [, target, version] = head.start
  if (version !== "HTTP/1.1") return undefined
  const path = /^(?:https?:\/\/[^/?#]*)?(\/[^?#]*)?(?:\?[^#]*)?$/i.exec(target)
  return path === null || target === "" ? undefined : path[1] ?? "/"
}

/** What a server says to a client's request (RFC 6455, section 4.2). */
export const answer = (head: HttpHead, terms: Terms): Opened | Declined => {
  const [method] = head.start
  const path = pathOf(head)
  if (path === undefined) return decline("400 Bad Request", "The request is not one of HTTP/1.1.")
  if (valueOf(head, "host") === undefined) return decline("400 Bad Request", "A request names its host, once.")
  if (path !== terms.path) return decline("404 Not Found", `The WebSocket is at ${terms.path}.`)
  if (method !== "GET") return decline("405 Method Not Allowed", "A WebSocket begins with GET.", [["Allow", "GET"]])
  if (!isUpgrade(head)) {
    return decline("426 Upgrade Required", "This is a WebSocket: connect with a WebSocket client.", [[
      "Upgrade",
      "websocket"
    ]])
  }
  if (valueOf(head, "sec-websocket-version") !== "13") {
    return decline("426 Upgrade Required", "The version of WebSocket must be 13.", [
      ["Upgrade", "websocket"],
      ["Sec-WebSocket-Version", "13"]
    ])
  }
  const key = valueOf(head, "sec-websocket-key")
  if (key === undefined || !keyShape.test(key)) {
    return decline("400 Bad Request", "Sec-WebSocket-Key must be 16 bytes in base64, once.")
  }
  const origins = head.fields.get("origin") ?? []
  if (origins.length > 1 || !isAllowed(terms.origins, origins[0])) {
    return decline("403 Forbidden", "Pages of this origin may not connect.")
  }
  const offered = listOf(head, "sec-websocket-protocol")
  return { _tag: "Opened", key, protocol: offered.find((protocol) => terms.protocols.includes(protocol)) }
}

/** The response that opens; `accept` is what became of the key. */
export const opening = ({ protocol }: Opened, accept: string): string =>
  write("HTTP/1.1 101 Switching Protocols", [
    ["Upgrade", "websocket"],
    ["Connection", "Upgrade"],
    ["Sec-WebSocket-Accept", accept],
    ...(protocol === undefined ? [] : [["Sec-WebSocket-Protocol", protocol] as const])
  ])

/** A response that ends the connection. */
export const response = (
  status: string,
  type: string,
  body: string,
  fields: ReadonlyArray<readonly [string, string]> = [],
  isHead = false
): string =>
  write(`HTTP/1.1 ${status}`, [
    ...fields,
    ["Content-Type", type],
    ["Content-Length", String(Buffer.byteLength(body))],
    ["X-Content-Type-Options", "nosniff"],
    ["Connection", "close"]
  ]) + (isHead ? "" : body)

/** The response to who may not come in. */
export const refusal = ({ fields, status, words }: Declined): string =>
  response(status, "text/plain; charset=utf-8", `${words}\n`, fields)

/** A client's request. */
export interface Request {
  readonly host: string
  readonly path: string
  readonly key: string
  readonly protocols: ReadonlyArray<string>
  readonly origin: string | undefined
}

export const request = ({ host, key, origin, path, protocols }: Request): string =>
  write(`GET ${path} HTTP/1.1`, [
    ["Host", host],
    ["Upgrade", "websocket"],
    ["Connection", "Upgrade"],
    ["Sec-WebSocket-Key", key],
    ["Sec-WebSocket-Version", "13"],
    ...(protocols.length === 0 ? [] : [["Sec-WebSocket-Protocol", protocols.join(", ")] as const]),
    ...(origin === undefined ? [] : [["Origin", origin] as const])
  ])

/**
 * Why a server's response does not open the connection (RFC 6455, section 4.1); undefined if it does. `accept` is what must
 * have become of the key.
 */
export const objection = (head: HttpHead, accept: string, protocols: ReadonlyArray<string>): string | undefined => {
  const [version, status, phrase] = head.start
  if (version !== "HTTP/1.1") return "it does not speak HTTP/1.1"
  if (status !== "101") return `it answers ${status} ${phrase}`.trimEnd()
  if (!isUpgrade(head)) return "it does not upgrade to a WebSocket"
  if (valueOf(head, "sec-websocket-accept") !== accept) return "it does not answer to the key"
  if (head.fields.has("sec-websocket-extensions")) return "it speaks an extension that was not asked for"
  const chosen = head.fields.get("sec-websocket-protocol")
  if (chosen !== undefined && (chosen.length > 1 || !protocols.includes(chosen[0]!))) {
    return "it speaks a subprotocol that was not asked for"
  }
  return undefined
}
