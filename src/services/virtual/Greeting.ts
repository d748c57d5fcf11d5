/**
 * What stands for TLS on a network in memory: each side says a hello, in a record of TLS's own form, and that is all. Nothing
 * is encrypted, so that a transcript can be read.
 */
import type { HandshakeFault } from "../../domain/TlsError.js"

/** As TLS 1.2 and 1.3 have it for a handshake (RFC 8446, section 5.1). */
const header = [0x16, 3, 3] as const
const headerLength = 5

/** `serverName` is what the client calls the server by. */
export const hello = (serverName = ""): Uint8Array => {
  const name = Buffer.from(serverName)
  return Buffer.concat([Uint8Array.of(...header, name.length >> 8, name.length & 0xff), name])
}

/** The peer's hello, as it comes. */
export class Greeting {
  private bytes: Buffer = Buffer.alloc(0)

  /** Gives what it is when it is whole, with what has come behind it. */
  take(chunk: Uint8Array): { readonly serverName: string; readonly rest: Uint8Array } | HandshakeFault | undefined {
    const bytes = this.bytes = Buffer.concat([this.bytes, chunk])
    if (header.some((byte, at) => at < bytes.length && bytes[at] !== byte)) return "not TLS"
    if (bytes.length < headerLength) return undefined
    const end = headerLength + bytes.readUInt16BE(header.length)
    if (bytes.length < end) return undefined
    return { serverName: bytes.toString("utf8", headerLength, end), rest: bytes.subarray(end) }
  }
}
