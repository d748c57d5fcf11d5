import { describe, expect, it } from "@effect/vitest"
import * as FastCheck from "effect/FastCheck"
import { auto, FrameTooLong, InvalidText } from "../../../src/domain/Framing.js"
import { byteByByte, bytesOf, cut, decode, inTwo, takeAll } from "./decoding.js"

const lineOf = FastCheck.string({ unit: "grapheme" }).map((text) => text.replaceAll(/[\r\n]/g, "-"))

describe("auto", () => {
  it("is line, however the bytes are cut, where a newline comes before a silence", () => {
    FastCheck.assert(FastCheck.property(
      FastCheck.array(lineOf, { minLength: 1 }).chain((lines) =>
        FastCheck.tuple(FastCheck.constant(lines), cut(bytesOf(lines.map((line) => `${line}\n`).join(""))))
      ),
      ([lines, chunks]) => {
        expect(decode(auto, chunks)).toEqual({ messages: lines, error: undefined })
      }
    ))
  })

  it("waits 100 ms for the newline of first bytes, and for none where there is nothing to wait for", () => {
    const codec = auto.open(100)
    expect(codec.quiet).toBeUndefined()
    codec.push(bytesOf("22 + 44"))
    expect(takeAll(codec)).toEqual([])
    expect(codec.quiet).toBe(100)
    expect(codec.partial).toBe(true)
  })

  it("is chunk for life where first bytes had no newline for that long", () => {
    const codec = auto.open(100)
    codec.push(bytesOf("22 + 44"))
    codec.settle()
    expect(takeAll(codec)).toEqual(["22 + 44"])
    expect(codec.encode("66")).toBe("66")
    codec.push(bytesOf("a\nb"))
    expect(takeAll(codec)).toEqual(["a\nb"])
    expect(codec.quiet).toBeUndefined()
    expect(codec.partial).toBe(false)
  })

  it("is line for life once a newline came: a later line's beginning waits for its newline", () => {
    const codec = auto.open(100)
    codec.push(bytesOf("a\nb"))
    expect(takeAll(codec)).toEqual(["a"])
    expect(codec.quiet).toBeUndefined()
    codec.settle()
    expect(takeAll(codec)).toEqual([])
    expect(codec.encode("66")).toBe("66\n")
    codec.push(bytesOf("c\n"))
    expect(takeAll(codec)).toEqual(["bc"])
  })

  it("ends a message with LF while the peer's way is not known", () => {
    const codec = auto.open(100)
    expect(codec.encode("welcome")).toBe("welcome\n")
    codec.push(bytesOf("a"))
    expect(codec.encode("welcome")).toBe("welcome\n")
  })

  it("settles for nothing where nothing has come", () => {
    const codec = auto.open(100)
    codec.settle()
    codec.push(bytesOf("a\n"))
    expect(takeAll(codec)).toEqual(["a"])
    expect(codec.encode("b")).toBe("b\n")
  })

  it("makes one bare message of first bytes without a newline when the peer finishes", () => {
    for (const chunks of inTwo(bytesOf("4 / 2"))) {
      expect(decode(auto, chunks)).toEqual({ messages: ["4 / 2"], error: undefined })
    }
    const codec = auto.open(100)
    codec.push(bytesOf("4 / 2"))
    codec.end()
    expect(takeAll(codec)).toEqual(["4 / 2"])
    expect(codec.encode("2.0")).toBe("2.0")
  })

  it("keeps a character that the silence found unfinished until it is whole", () => {
    const codec = auto.open(100)
    codec.push(bytesOf("a💡").subarray(0, 3))
    codec.settle()
    expect(takeAll(codec)).toEqual(["a"])
    expect(codec.partial).toBe(true)
    codec.push(bytesOf("a💡").subarray(3))
    expect(takeAll(codec)).toEqual(["💡"])
  })

  it("takes first bytes of just the limit, and refuses one more, whichever the way is", () => {
    for (const end of ["\n", "\r\n", ""]) {
      for (const chunks of [[bytesOf(`12345678${end}`)], byteByByte(bytesOf(`12345678${end}`))]) {
        expect(decode(auto, chunks, 8)).toEqual({ messages: ["12345678"], error: undefined })
      }
      for (const chunks of [[bytesOf(`123456789${end}`)], byteByByte(bytesOf(`123456789${end}`))]) {
        expect(decode(auto, chunks, 8)).toEqual({ messages: [], error: new FrameTooLong({ limit: 8 }) })
      }
    }
  })

  it("refuses what is not UTF-8, in both ways", () => {
    expect(decode(auto, [bytesOf("ok\n"), Uint8Array.of(0xff, 0x0a)])).toEqual({
      messages: ["ok"],
      error: new InvalidText()
    })
    expect(decode(auto, [Uint8Array.of(0x61, 0xff)])).toEqual({ messages: [], error: new InvalidText() })
  })
})
