import { describe, expect, it } from "@effect/vitest"
import * as FastCheck from "effect/FastCheck"
import { FrameTooLong, InvalidText, line } from "../../../src/domain/Framing.js"
import { byteByByte, bytesOf, cut, decode, inTwo, takeAll } from "./decoding.js"

const lineOf = FastCheck.string({ unit: "grapheme" }).map((text) => text.replaceAll(/[\r\n]/g, "-"))
const lines = FastCheck.array(FastCheck.record({ text: lineOf, end: FastCheck.constantFrom("\n", "\r\n") }))

describe("line", () => {
  it("gives the same lines however the bytes are cut", () => {
    FastCheck.assert(FastCheck.property(
      lines.chain((lines) => {
        const bytes = bytesOf(lines.map(({ end, text }) => text + end).join(""))
        return FastCheck.tuple(FastCheck.constant(lines), cut(bytes))
      }),
      ([lines, chunks]) => {
        expect(decode(line, chunks)).toEqual({ messages: lines.map(({ text }) => text), error: undefined })
      }
    ))
  })

  it("gives what was encoded, also where a message has a newline of its own", () => {
    const { encode } = line.open(100)
    expect(encode("66")).toBe("66\n")
    expect(encode("")).toBe("\n")
    expect(encode("a\nb\n")).toBe("a\\nb\\n\n")
  })

  it("takes LF and CRLF, and leaves any other CR in the line", () => {
    const bytes = bytesOf("a\r\nb\n\r\n\nc\rd\n\r\r\n")
    const expected = { messages: ["a", "b", "", "", "c\rd", "\r"], error: undefined }
    for (const chunks of [[bytes], byteByByte(bytes), ...inTwo(bytes)]) expect(decode(line, chunks)).toEqual(expected)
  })

  it("makes a line of what has no newline when the peer finishes, and none of nothing", () => {
    expect(decode(line, [bytesOf("a\nb")]).messages).toEqual(["a", "b"])
    expect(decode(line, [bytesOf("a\nb\r")]).messages).toEqual(["a", "b"])
    expect(decode(line, [bytesOf("a\n")]).messages).toEqual(["a"])
    expect(decode(line, []).messages).toEqual([])
  })

  describe.each(["\n", "\r\n"])("with a limit of 8 bytes and %j at the end", (end) => {
    const answers = (text: string, chunks: (bytes: Uint8Array) => Array<Uint8Array>) =>
      decode(line, chunks(bytesOf(`ok${end}${text}${end}next${end}`)), 8)

    it.each(["12345678", "äöü12", "💡1234"])("takes %j, which has just 8, in any two chunks", (text) => {
      for (const chunks of [...inTwo(bytesOf(`ok${end}${text}${end}next${end}`)), byteByByte(bytesOf(text + end))]) {
        expect(decode(line, chunks, 8).messages).toContain(text)
        expect(decode(line, chunks, 8).error).toBeUndefined()
      }
      expect(answers(text, (bytes) => [bytes]).messages).toEqual(["ok", text, "next"])
    })

    it.each(["123456789", "äöü123", "💡12345"])("refuses %j, which has 9, after the lines before it", (text) => {
      const expected = { messages: ["ok"], error: new FrameTooLong({ limit: 8 }) }
      expect(answers(text, byteByByte)).toEqual(expected)
      for (const chunks of inTwo(bytesOf(`ok${end}${text}${end}next${end}`))) {
        expect(decode(line, chunks, 8)).toEqual(expected)
      }
    })

    it("refuses nine bytes without their newline at once, and at the peer's end", () => {
      expect(decode(line, [bytesOf("123456789")], 8).error).toEqual(new FrameTooLong({ limit: 8 }))
      expect(decode(line, [bytesOf("12345678")], 8)).toEqual({ messages: ["12345678"], error: undefined })
    })
  })

  it("refuses a ninth byte that is a CR without its LF", () => {
    for (const chunks of [[bytesOf("12345678\rx\n")], byteByByte(bytesOf("12345678\rx\n"))]) {
      expect(decode(line, chunks, 8)).toEqual({ messages: [], error: new FrameTooLong({ limit: 8 }) })
    }
  })

  it("gives the lines before one that is not UTF-8, and none after, however the bytes are cut", () => {
    const bad = FastCheck.constantFrom([0xff], [0xc3], [0xc3, 0x28], [0xed, 0xa0, 0x80], [0xe2, 0x82], [0xf8])
    FastCheck.assert(FastCheck.property(
      FastCheck.tuple(FastCheck.array(lineOf), bad, lineOf).chain(([good, bad, after]) => {
        const bytes = Buffer.concat([
          bytesOf(good.map((line) => `${line}\n`).join("")),
          Uint8Array.from(bad),
          bytesOf(`\n${after}\n`)
        ])
        return FastCheck.tuple(FastCheck.constant(good), cut(bytes))
      }),
      ([good, chunks]) => {
        expect(decode(line, chunks)).toEqual({ messages: good, error: new InvalidText() })
      }
    ))
  })

  it("takes a replacement character that the peer sent as one", () => {
    expect(decode(line, [bytesOf("a\uFFFDb\n")])).toEqual({ messages: ["a\uFFFDb"], error: undefined })
  })

  it("says whether a line has begun", () => {
    const codec = line.open(100)
    codec.push(bytesOf("a"))
    expect(takeAll(codec)).toEqual([])
    expect(codec.partial).toBe(true)
    codec.push(bytesOf("b\n"))
    expect(takeAll(codec)).toEqual(["ab"])
    expect(codec.partial).toBe(false)
  })

  it("keeps no more than the line that has begun, and nothing of one that is too long", () => {
    const codec = line.open(65_536)
    for (let sent = 0; sent < 65_536; sent += 1024) {
      codec.push(new Uint8Array(1024).fill(0x61))
      expect(takeAll(codec)).toEqual([])
      expect(codec.error).toBeUndefined()
    }
    codec.push(bytesOf("b"))
    expect(takeAll(codec)).toEqual([])
    expect(codec.error).toEqual(new FrameTooLong({ limit: 65_536 }))
    expect(codec.partial).toBe(false)
  })

  it("does not keep the peer's array: what is done to it afterwards changes nothing", () => {
    const codec = line.open(100)
    const chunk = bytesOf("one\ntw")
    codec.push(chunk)
    chunk.fill(0)
    expect(takeAll(codec)).toEqual(["one"])
    codec.push(bytesOf("o\n"))
    expect(takeAll(codec)).toEqual(["two"])
  })
})
