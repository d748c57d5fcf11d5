/** IP addresses and networks of them, as text. */
import { BlockList, isIP, isIPv4, isIPv6 } from "node:net"

/** Networks, those of IPv6 apart: `::/0` is not all of IPv4, too. */
export interface Networks {
  readonly four: BlockList
  readonly six: BlockList
}

/** The networks, each a prefix or a single address; throws a RangeError over one that is neither. */
export const networksOf = (words: ReadonlyArray<string>): Networks => {
  const [four, six] = [new BlockList(), new BlockList()]
  for (const word of words) {
    const [address = "", prefix] = word.split("/")
    const family = isIP(address)
    const width = family === 4 ? 32 : 128
    const bits = prefix === undefined ? width : Number(prefix)
    if (family === 0 || address.includes("%") || !/^\d*$/.test(prefix ?? "") || prefix === "" || bits > width) {
      throw new RangeError(`${word} is no network, such as 10.0.0.0/8, and no address`)
    }
    const mapped = family === 6 && bits >= 96 ? mappedOf(bytesOf(address)) : undefined
    if (mapped !== undefined) four.addSubnet(mapped, bits - 96)
    else if (family === 4) four.addSubnet(address, bits)
    else six.addSubnet(address, bits, "ipv6")
  }
  return { four, six }
}

/** Whether an address is in one of them; what is no IP address is in none. */
export const isIn = ({ four, six }: Networks, host: string): boolean => {
  const address = plain(host)
  return isIPv4(address) ? four.check(address) : isIPv6(address) && six.check(address, "ipv6")
}

/**
 * What stands for one client: its IPv4 address, or the /64 of its IPv6 address, in which it may take any (RFC 7721, section 1).
 * What is no IP address stands for itself.
 */
export const clientOf = (host: string): string => {
  const address = plain(host)
  return isIPv6(address) ? bytesOf(address).toString("hex", 0, 8) : address
}

/** The 16 bytes of an IPv6 address. */
export const bytesOf = (host: string): Buffer => {
  // As RFC 5952 writes it, without an IPv4 address in its end.
  const [front = "", back] = new URL(`http://[${host.replace(/%.*/, "")}]`).hostname.slice(1, -1).split("::")
  const [before, after] = [groups(front), groups(back ?? "")]
  const zeros = Array.from({ length: 8 - before.length - after.length }, () => "0")
  const bytes = Buffer.alloc(16)
  for (const [index, group] of [...before, ...zeros, ...after].entries()) {
    bytes.writeUInt16BE(Number.parseInt(group, 16), 2 * index)
  }
  return bytes
}

/** The groups of one side of the `::`. */
const groups = (part: string): ReadonlyArray<string> => part === "" ? [] : part.split(":")

/** What an IPv4 address begins with where it is written as an IPv6 one (RFC 4291, section 2.5.5.2). */
const mapping = Buffer.from("00000000000000000000ffff", "hex")

const mappedOf = (bytes: Buffer): string | undefined =>
  bytes.subarray(0, 12).equals(mapping) ? Array.from(bytes.subarray(12)).join(".") : undefined

/** An IPv4 address as such, however it is written; without the interface that a link-local address is of. */
const plain = (host: string): string => isIPv6(host) ? mappedOf(bytesOf(host)) ?? host.replace(/%.*/, "") : host
