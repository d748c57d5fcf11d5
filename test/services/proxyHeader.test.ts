import { describe, expect, it } from "@effect/vitest"
import * as FastCheck from "effect/FastCheck"
import type { Address } from "../../src/domain/Address.js"
import { read, write, writeLine } from "../../src/services/node/proxyHeader.js"

const line = (text: string) => read(Buffer.from(text, "latin1"))

const port = FastCheck.integer({ min: 0, max: 65_535 })
const address: FastCheck.Arbitrary<Address> = FastCheck.oneof(
  FastCheck.record({ host: FastCheck.ipV4(), port }),
  // As RFC 5952 writes them, in which each address has one spelling.
  FastCheck.record({ host: FastCheck.ipV6().map((host) => new URL(`http://[${host}]`).hostname.slice(1, -1)), port }),
  FastCheck.record({ path: FastCheck.stringMatching(/^@?[a-z/]{1,100}$/).map((path) => path.replace("@", "\0")) }),
  // A client that is bound to nothing.
  FastCheck.constant({ path: "" })
)

describe("A PROXY header", () => {
  it("of version 2 says what was written, however the client goes on, and is unfinished wherever it is cut", () => {
    FastCheck.assert(FastCheck.property(address, FastCheck.uint8Array(), (client, rest) => {
      const header = write(client)
      expect(read(Buffer.concat([header, rest]))).toEqual({ _tag: "Header", length: header.length, client })
      for (let end = 0; end < header.length; end++) {
        expect(read(header.subarray(0, end))).toEqual({ _tag: "Unfinished" })
      }
    }))
  })

  it("of version 1 says what was written, for a client and a server of any family", () => {
    FastCheck.assert(FastCheck.property(address, address, (client, server) => {
      const header = writeLine(client, server)
      expect(header.length).toBeLessThanOrEqual(107)
      const told = client.path === undefined ? client : undefined
      expect(read(header)).toEqual({ _tag: "Header", length: header.length, client: told })
    }))
  })

  it.each([
    ["PROXY TCP4 192.0.2.1 198.51.100.2 56324 443\r\n", { host: "192.0.2.1", port: 56_324 }],
    ["PROXY TCP6 2001:db8::1 ::1 1 65535\r\n", { host: "2001:db8::1", port: 1 }],
    ["PROXY UNKNOWN\r\n", undefined],
    ["PROXY UNKNOWN whatever it says\r\n", undefined]
  ])("of version 1 is read: %j", (text, client) => {
    expect(line(`${text}hello`)).toEqual({ _tag: "Header", length: text.length, client })
    for (let end = 0; end < text.length; end++) expect(line(text.slice(0, end))).toEqual({ _tag: "Unfinished" })
  })

  it.each([
    ["hello\n", /no PROXY header/],
    ["PROXX", /no PROXY header/],
    ["\r\nhello", /no PROXY header/],
    ["PROXY TCP4 192.0.2.1 198.51.100.2 56324\r\n", /addresses are none/],
    ["PROXY TCP4 192.0.2.1 198.51.100.2 56324 65536\r\n", /addresses are none/],
    ["PROXY TCP4 192.0.2.1 198.51.100.2 056324 443\r\n", /addresses are none/],
    ["PROXY TCP4 192.0.2.1 198.51.100.2 1 2 3\r\n", /addresses are none/],
    ["PROXY TCP4 ::1 ::1 1 2\r\n", /addresses are none/],
    ["PROXY UDP4 192.0.2.1 198.51.100.2 1 2\r\n", /a family other than/],
    [`PROXY ${"x".repeat(101)}`, /over 107 bytes/]
  ])("at fault is told as what is wrong: %j", (text, reason) => {
    expect(line(text)).toEqual({ _tag: "Fault", reason: expect.stringMatching(reason) })
  })

  it("of a proxy's own connection, of another family, and with whatever stands behind the addresses, is taken", () => {
    expect(read(write())).toMatchObject({ _tag: "Header", client: undefined })
    const other = write()
    other[12] = 0x21
    expect(read(other)).toMatchObject({ _tag: "Header", client: undefined })
    const client = { host: "192.0.2.1", port: 1 }
    const header = Buffer.concat([write(client), Buffer.from("\x04\x00\x02hi", "latin1")])
    header.writeUInt16BE(12 + 5, 14)
    expect(read(header)).toEqual({ _tag: "Header", length: 33, client })
  })

  it("that is too short for its addresses, or of another version, is at fault", () => {
    const short = write({ host: "192.0.2.1", port: 1 })
    short.writeUInt16BE(11, 14)
    expect(read(short)).toMatchObject({ _tag: "Fault" })
    const later = write()
    later[12] = 0x31
    expect(read(later)).toMatchObject({ _tag: "Fault" })
  })
})
