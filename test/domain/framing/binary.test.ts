import { describe, expect, it } from "@effect/vitest"
import { bytes, fixed, FrameTooLong, InvalidFrame, lengthPrefixed, netstring } from "../../../src/domain/Framing.js"
import { bytesOf, decode, takeAll } from "./decoding.js"

const encoded = (prefix: Parameters<typeof lengthPrefixed>[0], message: string): ReadonlyArray<number> => [
  ...lengthPrefixed(prefix).open(100).encode(bytesOf(message)) as Uint8Array
]

describe("lengthPrefixed", () => {
  it("writes the length in so many bytes, in either order, with or without itself", () => {
    expect(encoded({ size: 1 }, "ab")).toEqual([2, 0x61, 0x62])
    expect(encoded({ size: 2 }, "ab")).toEqual([0, 2, 0x61, 0x62])
    expect(encoded({ size: 4, byteOrder: "little" }, "ab")).toEqual([2, 0, 0, 0, 0x61, 0x62])
    expect(encoded({ size: 8, headerIncluded: true }, "ab")).toEqual([0, 0, 0, 0, 0, 0, 0, 10, 0x61, 0x62])
    expect(encoded({ size: 8, byteOrder: "little" }, "")).toEqual([0, 0, 0, 0, 0, 0, 0, 0])
  })

  it("refuses a length over the limit before any of its bytes, however large", () => {
    for (const size of [1, 2, 4, 8] as const) {
      const codec = lengthPrefixed({ size }).open(10)
      codec.push(Buffer.alloc(size, 0xff))
      expect(takeAll(codec)).toEqual([])
      expect(codec.error).toEqual(new FrameTooLong({ limit: 10 }))
    }
  })

  it("refuses a length that counts itself and is less", () => {
    expect(decode(lengthPrefixed({ size: 4, headerIncluded: true }), [Uint8Array.of(0, 0, 0, 3)]).error).toEqual(
      new InvalidFrame({ reason: "its length is less than the 4 bytes of itself" })
    )
  })

  it("throws at a message whose length has no room, and takes the longest that has", () => {
    const codec = lengthPrefixed({ size: 1, headerIncluded: true }).open(1000)
    expect(codec.encode(Buffer.alloc(254)).length).toBe(255)
    expect(() => codec.encode(Buffer.alloc(255))).toThrow("its length, 255, does not fit in a byte")
    expect(codec.unsendable!(Buffer.alloc(254))).toBeUndefined()
    expect(codec.unsendable!(Buffer.alloc(255))).toBe("its length, 255, does not fit in a byte")
  })

  it("gives messages that are nobody else's", () => {
    const codec = lengthPrefixed({ size: 1 }).open(100)
    const chunk = Buffer.of(1, 7, 1, 8, 2, 9)
    codec.push(chunk)
    const messages = takeAll(codec)
    chunk.fill(0)
    messages[0]!.fill(0)
    codec.push(Buffer.of(10))
    expect([...messages, ...takeAll(codec)].map((message) => [...message])).toEqual([[0], [8], [9, 10]])
  })
})

describe("fixed", () => {
  it("gives messages of one length, and no shorter one at the end", () => {
    const { error, messages } = decode(fixed(3), [bytesOf("abcdefgh")])
    expect(messages.map(String)).toEqual(["abc", "def"])
    expect(error).toEqual(new InvalidFrame({ reason: "it ends before its content does" }))
  })

  it("throws at a message of another length", () => {
    expect(fixed(2).open(10).encode(bytesOf("ab"))).toEqual(bytesOf("ab"))
    expect(() => fixed(2).open(10).encode(bytesOf("a"))).toThrow("its length in bytes is 1, and must be 2")
    expect(fixed(2).open(10).unsendable!(bytesOf("a"))).toBe("its length in bytes is 1, and must be 2")
  })

  it.each([0, -1, 1.5, NaN, Infinity])("refuses a length of %s", (length) => {
    expect(() => fixed(length)).toThrow(RangeError)
  })

  it("is too long from the first byte on, where its length is over the limit", () => {
    expect(decode(fixed(9), [bytesOf("a")], 8).error).toEqual(new FrameTooLong({ limit: 8 }))
  })
})

describe("netstring", () => {
  it("reads and writes the length, a colon, the content, a comma", () => {
    expect(netstring.open(100).encode(bytesOf("hello world!"))).toEqual(bytesOf("12:hello world!,"))
    expect(netstring.open(100).encode(bytesOf(""))).toEqual(bytesOf("0:,"))
    expect(decode(netstring, [bytesOf("12:hello world!,0:,")]).messages.map(String)).toEqual(["hello world!", ""])
  })

  it.each(["00:,", "01:a,", ":,", "x", "-1:,", " 1:a,", "1 :a,", "+1:a,"])(
    "refuses %j, which has no length",
    (text) => {
      expect(decode(netstring, [bytesOf(text)]).error).toEqual(
        new InvalidFrame({ reason: "its length and a colon do not stand before it" })
      )
    }
  )

  it("refuses a content without its comma, after the messages before it", () => {
    const { error, messages } = decode(netstring, [bytesOf("1:a,1:bc")])
    expect(messages.map(String)).toEqual(["a"])
    expect(error).toEqual(new InvalidFrame({ reason: "no comma stands behind the content" }))
  })

  it("refuses a length over the limit before its colon", () => {
    expect(decode(netstring, [bytesOf("25")], 24).error).toEqual(new FrameTooLong({ limit: 24 }))
  })
})

describe("bytes", () => {
  it("makes a message of each read, in pieces of the limit at the most", () => {
    expect(decode(bytes, [bytesOf("abc"), bytesOf("12345678")], 3).messages.map(String)).toEqual([
      "abc",
      "123",
      "456",
      "78"
    ])
  })

  it("sends what it is given as it is", () => {
    const message = bytesOf("abc")
    expect(bytes.open(1).encode(message)).toBe(message)
  })
})
