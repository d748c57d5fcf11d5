import { describe, expect, it } from "@effect/vitest"
import * as FastCheck from "effect/FastCheck"
import { chunk, FrameTooLong, InvalidText } from "../../../src/domain/Framing.js"
import { bytesOf, cut, decode, inTwo, takeAll } from "./decoding.js"

describe("chunk", () => {
  it("makes a message of each read, and sends replies bare", () => {
    expect(decode(chunk, [bytesOf("22 + 44"), bytesOf("a\nb\n")]).messages).toEqual(["22 + 44", "a\nb\n"])
    expect(chunk.open(100).encode("66")).toBe("66")
  })

  it("gives the same text in all, with every character whole, however the bytes are cut", () => {
    FastCheck.assert(FastCheck.property(
      FastCheck.string({ unit: "grapheme", minLength: 1 }).chain((text) =>
        FastCheck.tuple(FastCheck.constant(text), cut(bytesOf(text)))
      ),
      ([text, chunks]) => {
        const { error, messages } = decode(chunk, chunks)
        expect(error).toBeUndefined()
        expect(messages.join("")).toBe(text)
        expect(messages).not.toContain("")
      }
    ))
  })

  it("keeps the beginning of a character until it is whole", () => {
    const codec = chunk.open(100)
    for (const byte of bytesOf("💡").subarray(0, 3)) {
      codec.push(Uint8Array.of(byte))
      expect(takeAll(codec)).toEqual([])
      expect(codec.partial).toBe(true)
    }
    codec.push(bytesOf("💡").subarray(3))
    expect(takeAll(codec)).toEqual(["💡"])
    expect(codec.partial).toBe(false)
  })

  it("takes a read of the limit, and refuses one byte more", () => {
    expect(decode(chunk, [bytesOf("äöü12")], 8)).toEqual({ messages: ["äöü12"], error: undefined })
    expect(decode(chunk, [bytesOf("ok"), bytesOf("äöü123")], 8)).toEqual({
      messages: ["ok"],
      error: new FrameTooLong({ limit: 8 })
    })
  })

  it.each([
    [0xff],
    [0x61, 0xff],
    [0xc0],
    [0xf5],
    [0xf8, 0x88],
    [0x80],
    [0x80, 0x80, 0x80],
    [0xc3, 0x28],
    [0xed, 0xa0, 0x80],
    [0xed, 0xa0],
    [0xe0, 0x80],
    [0xf4, 0x90]
  ])("refuses bytes that begin no character at once: %#", (...bytes) => {
    const codec = chunk.open(100)
    codec.push(Uint8Array.from(bytes))
    expect(takeAll(codec)).toEqual([])
    expect(codec.error).toEqual(new InvalidText())
  })

  it("refuses a character that the peer leaves unfinished", () => {
    expect(decode(chunk, [bytesOf("ok"), bytesOf("é").subarray(0, 1)])).toEqual({
      messages: ["ok"],
      error: new InvalidText()
    })
  })

  it("takes a replacement character that the peer sent as one, in any two reads", () => {
    for (const chunks of inTwo(bytesOf("a\uFFFDb"))) {
      expect(decode(chunk, chunks).messages.join("")).toBe("a\uFFFDb")
    }
  })
})
