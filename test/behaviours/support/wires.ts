import * as Effect from "effect/Effect"
import type * as Scope from "effect/Scope"
import { readFileSync } from "node:fs"
import type * as net from "node:net"
import * as tls from "node:tls"
import { frameOf } from "../../domain/websocket/reading.js"
import * as certificates from "./certificates.js"
import * as plain from "./crowd.js"

/** What a crowd comes by, each as cheap as it can be. */
export interface Wire {
  readonly toString: () => string
  /** What a `ServerProcess` is told to listen for. */
  readonly name: "tcp" | "tls" | "webSocket"
  /** How many come in beside one another: by TLS fewer than may have their handshakes at once, so that none is hurried. */
  readonly atOnce: number
  /** A client that has come in, or whom the other side would not have. */
  readonly dial: (port: number) => Effect.Effect<net.Socket, Error, Scope.Scope>
  /** The bytes of a request. */
  readonly request: (text: string) => Uint8Array
  /** Sends a request, and gives its reply without its end, or what has come when the other side is gone. */
  readonly ask: (socket: net.Socket, request: string) => Effect.Effect<string>
}

const line = (text: string): string => text.endsWith("\n") ? text.slice(0, -1) : text

const asLine = (text: string): Uint8Array => Buffer.from(`${text}\n`)

const askByLine = (socket: net.Socket, request: string): Effect.Effect<string> =>
  Effect.map(plain.ask(socket, request), line)

export const tcp: Wire = {
  toString: () => "real TCP",
  name: "tcp",
  atOnce: 500,
  dial: plain.dial,
  request: asLine,
  ask: askByLine
}

const authority = readFileSync(certificates.authority, "utf8")
const context = tls.createSecureContext({ ca: authority })

export const encrypted: Wire = {
  toString: () => "TLS",
  name: "tls",
  atOnce: 100,
  dial: (port) =>
    Effect.acquireRelease(
      Effect.async((resume) => {
        const socket = tls.connect({ port, host: "127.0.0.1", secureContext: context, servername: "localhost" })
        const done = (): void => resume(Effect.succeed(socket))
        socket.on("error", () => {}).once("secureConnect", done).once("close", done)
      }),
      (socket) => Effect.sync(() => socket.destroy())
    ),
  request: asLine,
  ask: askByLine
}

const opening = [
  "GET / HTTP/1.1",
  "Host: localhost",
  "Upgrade: websocket",
  "Connection: Upgrade",
  "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==",
  "Sec-WebSocket-Version: 13",
  "",
  ""
].join("\r\n")

/** The text of a whole frame that no mask hides, of less than 64 KiB; undefined if it is not whole. */
const textOf = (bytes: Buffer): string | undefined => {
  const [, short] = bytes
  if (short === undefined || (short === 126 && bytes.length < 4)) return undefined
  const [start, length] = short < 126 ? [2, short] : [4, bytes.readUInt16BE(2)]
  return bytes.length < start + length ? undefined : bytes.toString("utf8", start, start + length)
}

/** What comes until it is enough, or the other side is gone. */
const until = <A>(socket: net.Socket, enough: (bytes: Buffer) => A | undefined): Effect.Effect<A | undefined> =>
  Effect.async((resume) => {
    let bytes: Buffer = Buffer.alloc(0)
    const done = (a: A | undefined): void => {
      socket.off("data", take).off("close", leave)
      resume(Effect.succeed(a))
    }
    const take = (chunk: Buffer): void => {
      bytes = Buffer.concat([bytes, chunk])
      const a = enough(bytes)
      if (a !== undefined) done(a)
    }
    const leave = (): void => done(undefined)
    socket.on("data", take).once("close", leave)
  })

export const webSocket: Wire = {
  toString: () => "WebSocket",
  name: "webSocket",
  atOnce: 500,
  dial: (port) =>
    Effect.tap(plain.dial(port), (socket) => {
      if (socket.destroyed) return Effect.void
      socket.write(opening)
      return until(socket, (bytes) => bytes.includes("\r\n\r\n") ? true : undefined)
    }),
  request: (text) => frameOf(1, text),
  ask: (socket, request) => {
    socket.write(frameOf(1, request))
    return Effect.map(until(socket, textOf), (text) => text ?? "")
  }
}

export const crowd = (wire: Wire, port: number, size: number) =>
  Effect.forEach(Array.from({ length: size }), () => wire.dial(port), { concurrency: wire.atOnce })

/** As many whole requests as fit into 64 KiB. */
export const many = (wire: Wire, text: string): Uint8Array => {
  const request = wire.request(text)
  return Buffer.concat(Array.from({ length: Math.floor(65_536 / request.length) }, () => request))
}
