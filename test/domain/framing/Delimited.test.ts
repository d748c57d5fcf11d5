import { describe, expect, it } from "@effect/vitest"
import { auto, chunk, crlf, delimited, FrameTooLong, InvalidText, line } from "../../../src/domain/Framing.js"
import { bytesOf, decode, takeAll } from "./decoding.js"

describe("delimited", () => {
  it("ends messages with what it was given, in bytes of its encoding", () => {
    expect(delimited("§").open(100).encode("é")).toBe("é§")
    expect(delimited("§", { encoding: "latin1" }).open(100).encode("é")).toEqual(Buffer.of(0xe9, 0xa7))
    expect(decode(delimited("§", { encoding: "latin1" }), [Uint8Array.of(0xe9, 0xa7, 0xff)]).messages).toEqual([
      "é",
      "ÿ"
    ])
  })

  it("sends a question mark for what Latin-1 has not", () => {
    expect(delimited("\n", { encoding: "latin1" }).open(100).encode("5 € 💡")).toEqual(bytesOf("5 ? ?\n"))
  })

  it.each([
    ["\0", "a\0b"],
    ["--", "a--b"],
    ["aa", "ba"],
    ["--a--", "--a"]
  ])("by %j, throws at %j, which would arrive as another message", (by, message) => {
    expect(() => delimited(by).open(100).encode(message)).toThrow(RangeError)
  })

  it("throws at a question mark, too, that a character of the message becomes", () => {
    expect(() => delimited("?", { encoding: "latin1" }).open(100).encode("€")).toThrow(RangeError)
  })

  it.each<[string, "utf8" | "latin1"]>([["", "utf8"], ["\ud83d", "utf8"], ["€", "latin1"]])(
    "refuses %j as the end of messages in %s",
    (by, encoding) => {
      expect(() => delimited(by, { encoding })).toThrow(RangeError)
    }
  )

  it("takes the first of delimiters that lie one within another", () => {
    expect(decode(delimited("aa"), [bytesOf("xaaaaay")]).messages).toEqual(["x", "", "ay"])
  })

  it("refuses one byte more than the limit at once, where it cannot begin the delimiter", () => {
    const codec = delimited("<end>").open(8)
    codec.push(bytesOf("12345678<en"))
    expect(takeAll(codec)).toEqual([])
    expect(codec.error).toBeUndefined()
    codec.push(bytesOf("x"))
    expect(takeAll(codec)).toEqual([])
    expect(codec.error).toEqual(new FrameTooLong({ limit: 8 }))
  })
})

describe("crlf", () => {
  it("sends one line for one message", () => {
    expect(crlf.open(100).encode("a\r\nb")).toBe("a\\r\\nb\r\n")
  })

  it("leaves a CR and an LF alone in the line", () => {
    expect(decode(crlf, [bytesOf("a\nb\rc\r\r\n\r\n")]).messages).toEqual(["a\nb\rc\r", ""])
  })
})

describe("a text that is not UTF-8", () => {
  for (const [name, framing, end] of [["line", line, "\n"], ["crlf", crlf, "\r\n"], ["auto", auto, "\n"]] as const) {
    it(`can be left out: ${name} goes on behind it`, () => {
      const codec = framing.open(100)
      codec.push(Buffer.concat([
        bytesOf(`one${end}`),
        ...Array<Uint8Array>(3).fill(Buffer.concat([Uint8Array.of(0xff), bytesOf(end)])),
        bytesOf(`two${end}three`)
      ]))
      expect(takeAll(codec)).toEqual(["one"])
      for (let fault = 0; fault < 3; fault++) {
        expect(codec.error).toEqual(new InvalidText())
        expect(codec.recover()).toBe(true)
        expect(takeAll(codec)).toEqual(fault === 2 ? ["two"] : [])
      }
      expect(codec.error).toBeUndefined()
      expect(codec.recover()).toBe(false)
      codec.end()
      expect(takeAll(codec)).toEqual(["three"])
    })

    it(`is read by whoever comes after ${name}, with all behind it`, () => {
      const codec = framing.open(8)
      const rest = Buffer.concat([Uint8Array.of(0xff), bytesOf(`${end}${"long".repeat(9)}`)])
      codec.push(Buffer.concat([bytesOf(`DATA${end}é${end}`), rest]))
      expect(codec.next()).toBe("DATA")
      expect(Buffer.from(codec.release())).toEqual(Buffer.concat([bytesOf(`é${end}`), rest]))
    })
  }

  it("can be left out of chunk, too", () => {
    const codec = chunk.open(100)
    codec.push(Uint8Array.of(0xff))
    expect(takeAll(codec)).toEqual([])
    expect(codec.recover()).toBe(true)
    codec.push(bytesOf("two"))
    expect(takeAll(codec)).toEqual(["two"])
  })

  it("is the only fault to be left out: after one too long nobody knows where the next begins", () => {
    const codec = line.open(4)
    codec.push(bytesOf("12345\nab\n"))
    expect(takeAll(codec)).toEqual([])
    expect(codec.recover()).toBe(false)
    expect(codec.error).toEqual(new FrameTooLong({ limit: 4 }))
  })
})
