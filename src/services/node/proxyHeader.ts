/**
 * The PROXY protocol, versions 1 and 2: what a proxy says about a client before anything the client says (HAProxy's
 * specification, "The PROXY protocol, versions 1 & 2").
 *
 * @since 0.2.0
 */
import { isIPv4, isIPv6 } from "node:net"
import type { Address } from "../../domain/Address.js"
import { bytesOf } from "./networks.js"

/** A whole header: its bytes, and the client; none where the proxy speaks for itself, or does not know. */
export interface Header {
  readonly _tag: "Header"
  readonly length: number
  readonly client: Address | undefined
}

export type Reading = Header | { readonly _tag: "Unfinished" } | {
  readonly _tag: "Fault"
  readonly reason: string
}

/** Bytes of the longest first line of version 1, its CR and LF included. */
const longestLine = 107

/** What version 2 begins with. */
const signature = Buffer.from("\r\n\r\n\0\r\nQUIT\n", "latin1")

/** Bytes of version 2 before its addresses. */
const fixed = 16

/** Bytes of a unix socket's path in version 2. */
const pathRoom = 108

const beginning = Buffer.from("PROXY ", "latin1")

const unfinished: Reading = { _tag: "Unfinished" }
const fault = (reason: string): Reading => ({ _tag: "Fault", reason })

/** Reads the header that the bytes begin with. A fault is told at its first wrong byte. */
export const read = (bytes: Buffer): Reading => {
  if (bytes.length === 0) return unfinished
  const isBinary = bytes[0] === signature[0]
  const start = isBinary ? signature : beginning
  const shared = Math.min(start.length, bytes.length)
  if (bytes.compare(start, 0, shared, 0, shared) !== 0) return fault("it begins with no PROXY header")
  if (bytes.length < start.length) return unfinished
  return isBinary ? readBinary(bytes) : readLine(bytes)
}

const readLine = (bytes: Buffer): Reading => {
  const end = bytes.subarray(0, longestLine).indexOf("\r\n")
  if (end < 0) return bytes.length < longestLine ? unfinished : fault("the PROXY line is over 107 bytes")
  const length = end + 2
  const [, family = "", source = "", destination = "", port = "", otherPort = "", ...rest] = bytes
    .toString("latin1", 0, end).split(" ")
  if (family === "UNKNOWN") return { _tag: "Header", length, client: undefined }
  const isAddress = family === "TCP4" ? isIPv4 : family === "TCP6" ? isIPv6 : undefined
  if (isAddress === undefined) return fault("the PROXY line has a family other than TCP4, TCP6 and UNKNOWN")
  if (rest.length > 0 || !isAddress(source) || !isAddress(destination) || !isPort(port) || !isPort(otherPort)) {
    return fault("the PROXY line's addresses are none")
  }
  return { _tag: "Header", length, client: { host: source, port: Number(port) } }
}

const isPort = (text: string): boolean => /^(?:0|[1-9]\d{0,4})$/.test(text) && Number(text) <= 65_535

const readBinary = (bytes: Buffer): Reading => {
  if (bytes.length < fixed) return unfinished
  const [command, family] = [bytes[12]!, bytes[13]!]
  if (command !== 0x20 && command !== 0x21) return fault("the PROXY header has a version or command that is not known")
  const length = fixed + bytes.readUInt16BE(14)
  if (bytes.length < length) return unfinished
  // LOCAL: the proxy's own connection, to see whether anybody is here. What it says of addresses is to be left alone.
  if (command === 0x20) return { _tag: "Header", length, client: undefined }
  const addresses = bytes.subarray(fixed, length)
  switch (family) {
    case 0x11:
      return withClient(addresses, length, 12, () => ({
        host: Array.from(addresses.subarray(0, 4)).join("."),
        port: addresses.readUInt16BE(8)
      }))
    case 0x21:
      return withClient(addresses, length, 36, () => ({ host: ipv6(addresses), port: addresses.readUInt16BE(32) }))
    case 0x31:
      return withClient(addresses, length, 2 * pathRoom, () => ({ path: pathOf(addresses.subarray(0, pathRoom)) }))
    default:
      // Another family, or datagrams: the specification has it accepted, and the addresses ignored.
      return { _tag: "Header", length, client: undefined }
  }
}

const withClient = (addresses: Buffer, length: number, needed: number, client: () => Address): Reading =>
  addresses.length < needed
    ? fault("the PROXY header is too short for its addresses")
    : { _tag: "Header", length, client: client() }

/** As RFC 5952 writes it. */
const ipv6 = (bytes: Buffer): string => {
  const groups = Array.from({ length: 8 }, (_, index) => bytes.readUInt16BE(2 * index).toString(16))
  return new URL(`http://[${groups.join(":")}]`).hostname.slice(1, -1)
}

const pathOf = (room: Buffer): string => {
  // One without a path is all NULs; an abstract name begins with but one.
  const isAbstract = room[0] === 0 && room[1] !== 0
  const end = room.indexOf(0, isAbstract ? 1 : 0)
  return room.toString("utf8", 0, end < 0 ? room.length : end)
}

/** The header that says of a connection from `client` to `server`, as version 2 has it; without a client, LOCAL. */
export const write = (client?: Address, server: Address = { host: "0.0.0.0", port: 0 }): Buffer => {
  const [family, addresses] = client === undefined ? [0, Buffer.alloc(0)] as const : addressesOf(client, server)
  const head = Buffer.alloc(fixed)
  signature.copy(head)
  head[12] = client === undefined ? 0x20 : 0x21
  head[13] = family
  head.writeUInt16BE(addresses.length, 14)
  return Buffer.concat([head, addresses])
}

/** The same as version 1 has it, which knows IP alone: of others, and without a client, it says UNKNOWN. */
export const writeLine = (client?: Address, server: Address = { host: "0.0.0.0", port: 0 }): Buffer => {
  if (client?.host === undefined) return Buffer.from("PROXY UNKNOWN\r\n", "latin1")
  const [family, isAddress, unknown] = isIPv4(client.host)
    ? ["TCP4", isIPv4, "0.0.0.0"] as const
    : ["TCP6", isIPv6, "::"] as const
  const other = server.host !== undefined && isAddress(server.host) ? server.host : unknown
  const hosts = [client.host, other].map((host) => host.replace(/%.*/, ""))
  return Buffer.from(`PROXY ${family} ${hosts.join(" ")} ${client.port} ${server.port ?? 0}\r\n`, "latin1")
}

const addressesOf = (client: Address, server: Address): readonly [family: number, bytes: Buffer] => {
  if (client.path !== undefined) {
    const room = Buffer.alloc(2 * pathRoom)
    room.write(client.path, 0, pathRoom)
    room.write(server.path ?? "", pathRoom, pathRoom)
    return [0x31, room]
  }
  const isFour = isIPv4(client.host)
  const ports = Buffer.alloc(4)
  ports.writeUInt16BE(client.port)
  ports.writeUInt16BE(server.port ?? 0, 2)
  const other = server.host ?? ""
  return isFour
    ? [0x11, Buffer.concat([four(client.host), four(isIPv4(other) ? other : "0.0.0.0"), ports])]
    : [0x21, Buffer.concat([bytesOf(client.host), bytesOf(isIPv6(other) ? other : "::"), ports])]
}

const four = (host: string): Buffer => Buffer.from(host.split(".").map(Number))
