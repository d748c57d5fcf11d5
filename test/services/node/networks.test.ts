import { describe, expect, it } from "@effect/vitest"
import * as FastCheck from "effect/FastCheck"
import { bytesOf, clientOf, isIn, networksOf } from "../../../src/services/node/networks.js"

const isFour = (address: string): boolean => !address.includes(":")

const hex = (address: string): string => bytesOf(address).toString("hex")

describe("An IP address", () => {
  it("is in the networks whose first bits it has, and in no other", () => {
    const addresses = FastCheck.oneof(FastCheck.ipV4(), FastCheck.ipV6())
    FastCheck.assert(FastCheck.property(addresses, addresses, FastCheck.nat(128), (network, address, n) => {
      const bits = isFour(network) ? n % 33 : n
      const mapped = (one: string): string => hex(isFour(one) ? `::ffff:${one}` : one)
      const length = isFour(network) ? 96 + bits : bits
      const head = (one: string): bigint => length === 0 ? 0n : BigInt(`0x${mapped(one)}`) >> BigInt(128 - length)
      // A network of IPv6 that is wider than IPv4 written as IPv6 has none of IPv4's, however they are written.
      const isOther = mapped(address).startsWith("00000000000000000000ffff") && !isFour(network) && bits < 96
      const expected = !isOther && head(network) === head(address)
      expect(isIn(networksOf([`${network}/${bits}`]), address)).toBe(expected)
      expect(isIn(networksOf([`${network}/${bits}`]), network)).toBe(true)
    }))
  })

  it("is the same however it is written", () => {
    const networks = networksOf(["10.0.0.0/8", "fe80::/10"])
    for (const host of ["10.1.2.3", "::ffff:10.1.2.3", "::ffff:a01:203", "0:0:0:0:0:FFFF:0A01:0203", "fe80::1%eth0"]) {
      expect([host, isIn(networks, host)]).toEqual([host, true])
    }
    expect(isIn(networksOf(["::ffff:10.0.0.0/104"]), "10.1.2.3")).toBe(true)
    expect(isIn(networksOf(["::/0"]), "10.1.2.3")).toBe(false)
    for (const host of ["localhost", "", "11.0.0.1"]) expect(isIn(networks, host)).toBe(false)
  })

  it("of IPv6 stands for the /64 that it is in", () => {
    expect(clientOf("2001:db8::1")).toBe(clientOf("2001:DB8:0:0:ffff::2"))
    expect(clientOf("2001:db8::1")).not.toBe(clientOf("2001:db8:0:1::1"))
    expect(clientOf("::ffff:192.0.2.1")).toBe("192.0.2.1")
    expect(clientOf("a host of the virtual network")).toBe("a host of the virtual network")
  })

  it("has an interface in no network", () => {
    expect(() => networksOf(["fe80::1%eth0"])).toThrow("is no network")
  })
})
