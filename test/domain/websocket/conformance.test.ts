// RFC 6455, section by section: what a reader makes of a peer's frames, and which code a fault has. Each case is read whole,
// cut in two wherever it can be, and byte by byte.
import { describe, expect, it } from "@effect/vitest"
import * as Handshake from "../../../src/domain/websocket/Handshake.js"
import type { HttpHead } from "../../../src/domain/websocket/HttpHead.js"
import { HeadReader } from "../../../src/domain/websocket/HttpHead.js"
import type { Reading } from "./reading.js"
import { frameOf, read, readCut } from "./reading.js"

const text = 1
const binary = 2
const close = 8
const ping = 9
const pong = 10

const closing = (code: number, words = ""): Buffer =>
  frameOf(close, Buffer.concat([Buffer.from([code >> 8, code & 0xff]), Buffer.from(words, "latin1")]))
const utf8 = (words: string): string => Buffer.from(words).toString("latin1")
const protocolError = { fault: "InvalidFrame", code: 1002 }
const invalidText = { fault: "InvalidText", code: 1007 }

/** Where how much was told of a message that is none depends on how it was cut. */
const readWhole = (bytes: Uint8Array): Reading => readCut(bytes, [])

const terms = { path: "/", origins: "loopback", protocols: ["v2", "v1"] } as const

const lines = {
  Host: "localhost:8080",
  Upgrade: "websocket",
  Connection: "Upgrade",
  "Sec-WebSocket-Key": "dGhlIHNhbXBsZSBub25jZQ==",
  "Sec-WebSocket-Version": "13"
}

const part = (opcode: number, content: string): Buffer => frameOf(opcode, content, { isFinal: false })

const headOf = (start: string, fields: Record<string, string | undefined>): HttpHead => {
  const lines = Object.entries(fields).filter(([, value]) => value !== undefined)
  const text = `${start}\r\n${lines.map(([name, value]) => `${name}: ${value}\r\n`).join("")}\r\n`
  const read = new HeadReader(8192).push(Buffer.from(text))
  if (typeof read !== "object") throw new Error(`${read}: ${text}`)
  return read.head
}

/** The status of what a server says, or the subprotocol of a connection that it opens. */
const answer = (fields: Record<string, string | undefined>, start = "GET / HTTP/1.1") => {
  const said = Handshake.answer(headOf(start, { ...lines, ...fields }), terms)
  return said._tag === "Opened" ? { protocol: said.protocol } : Number(said.status.slice(0, 3))
}

describe("RFC 6455", () => {
  describe("4.1 Client requirements", () => {
    const accepted = {
      Upgrade: "WebSocket",
      Connection: "keep-alive, Upgrade",
      "Sec-WebSocket-Accept": "s3pPLMBiTxaQ9kYGzzhZRbK+xOo="
    }
    const object = (fields: Record<string, string | undefined>, start = "HTTP/1.1 101 Switching Protocols") =>
      Handshake.objection(headOf(start, { ...accepted, ...fields }), accepted["Sec-WebSocket-Accept"], ["v1"])

    it("takes an answer that opens, whatever the case of its words", () => {
      expect(object({})).toBe(undefined)
      expect(object({ "Sec-WebSocket-Protocol": "v1" })).toBe(undefined)
    })

    it("1 to 6: takes no other answer", () => {
      expect(object({}, "HTTP/1.1 404 Not Found")).toBe("it answers 404 Not Found")
      expect(object({}, "HTTP/1.0 101 Switching Protocols")).toBe("it does not speak HTTP/1.1")
      expect(object({ Upgrade: undefined })).toBe("it does not upgrade to a WebSocket")
      expect(object({ Connection: "close" })).toBe("it does not upgrade to a WebSocket")
      expect(object({ "Sec-WebSocket-Accept": "another" })).toBe("it does not answer to the key")
      expect(object({ "Sec-WebSocket-Extensions": "permessage-deflate" })).toContain("an extension")
      expect(object({ "Sec-WebSocket-Protocol": "v3" })).toContain("a subprotocol")
    })
  })

  describe("4.2.1 Reading the client's opening handshake", () => {
    it("opens to a request that has all it must have", () => {
      expect(answer({})).toEqual({ protocol: undefined })
      expect(answer({ Upgrade: "h2c, WebSocket", Connection: "keep-alive, upgrade" })).toEqual({ protocol: undefined })
    })

    it("answers with an error what lacks a part of it", () => {
      expect(answer({}, "GET / HTTP/1.0")).toBe(400)
      expect(answer({}, "POST / HTTP/1.1")).toBe(405)
      expect(answer({}, "GET /other HTTP/1.1")).toBe(404)
      expect(answer({ Host: undefined })).toBe(400)
      expect(answer({ Upgrade: undefined })).toBe(426)
      expect(answer({ Connection: "keep-alive" })).toBe(426)
      expect(answer({ "Sec-WebSocket-Key": undefined })).toBe(400)
      expect(answer({ "Sec-WebSocket-Key": "c2hvcnQ=" })).toBe(400)
    })

    it("takes the path of a target, with a query or a host before it", () => {
      expect(answer({}, "GET /?a=/b HTTP/1.1")).toEqual({ protocol: undefined })
      expect(answer({}, "GET http://localhost:8080/ HTTP/1.1")).toEqual({ protocol: undefined })
    })
  })

  describe("4.2.2 Sending the server's opening handshake", () => {
    it("4: is forbidden to pages of an origin that is not allowed", () => {
      for (
        const origin of ["http://localhost:3000", "http://127.0.0.1", "https://[::1]:8443", "http://app.localhost"]
      ) {
        expect(answer({ Origin: origin })).toEqual({ protocol: undefined })
      }
      for (
        const origin of ["http://example.org", "null", "http://localhost.example.org", "http://127.0.0.1.example.org"]
      ) {
        expect(answer({ Origin: origin })).toBe(403)
      }
    })

    it("5: speaks the first of the client's subprotocols that the server knows, or none", () => {
      expect(answer({ "Sec-WebSocket-Protocol": "v3, v1, v2" })).toEqual({ protocol: "v1" })
      expect(answer({ "Sec-WebSocket-Protocol": "v3" })).toEqual({ protocol: undefined })
    })

    it("5: offers no extension, whatever the client offers", () => {
      const head = headOf("GET / HTTP/1.1", { ...lines, "Sec-WebSocket-Extensions": "permessage-deflate" })
      const said = Handshake.answer(head, terms)
      expect(said._tag === "Opened" && Handshake.opening(said, "key")).not.toContain("Extensions")
    })
  })

  it("4.4 Supporting multiple versions: another version is told which one is spoken", () => {
    const said = Handshake.answer(headOf("GET / HTTP/1.1", { ...lines, "Sec-WebSocket-Version": "8" }), terms)
    expect(said).toMatchObject({
      status: "426 Upgrade Required",
      fields: expect.arrayContaining([["Sec-WebSocket-Version", "13"]])
    })
  })

  it("5.1 Overview: a client's frame that is not masked, and a server's that is, are faults", () => {
    expect(read(frameOf(text, "a", { isMasked: false }))).toEqual({ told: [protocolError], at: 2 })
    expect(read(frameOf(text, "a"), { isMasked: false })).toEqual({ told: [protocolError], at: 2 })
    expect(read(frameOf(text, "a", { isMasked: false }), { isMasked: false }).told).toEqual([{ data: "a\n" }])
  })

  describe("5.2 Base framing protocol", () => {
    it("a reserved bit is a fault, at the first byte", () => {
      for (const reserved of [1, 2, 4, 7]) {
        expect(read(frameOf(text, "a", { reserved }))).toEqual({ told: [protocolError], at: 1 })
      }
    })

    it("a reserved opcode is a fault, at the first byte", () => {
      for (const opcode of [3, 4, 5, 6, 7, 11, 12, 13, 14, 15]) {
        expect(read(frameOf(opcode, "a"))).toEqual({ told: [protocolError], at: 1 })
      }
    })

    it("a length of 7, 16 or 64 bits is read", () => {
      for (const length of [0, 125, 126, 127, 300]) {
        const content = "x".repeat(length)
        expect(read(frameOf(text, content)).told).toEqual([{ data: `${content}\n` }])
      }
      for (const length of [65_535, 65_536]) {
        const content = Buffer.alloc(length, "x")
        const { told } = readCut(frameOf(binary, content), [3, 10, 40_000])
        expect(told).toEqual([{ data: content.toString() }])
      }
    })

    it("a length that could be written shorter is a fault", () => {
      expect(read(frameOf(text, "a", { lengthBytes: 2 })).told).toEqual([protocolError])
      expect(read(frameOf(text, "a", { lengthBytes: 8 })).told).toEqual([protocolError])
      expect(read(frameOf(binary, "x".repeat(300), { lengthBytes: 8 })).told).toEqual([protocolError])
    })

    it("a length of 64 bits with the highest set is a fault, at its first byte", () => {
      expect(read(frameOf(binary, "", { length: 1n << 63n }))).toEqual({ told: [protocolError], at: 3 })
    })
  })

  it("5.3 Client-to-server masking: each byte is unmasked by its place in the frame, however the frame is cut", () => {
    expect(read(frameOf(binary, "all of it")).told).toEqual([{ data: "all of it" }])
    // The RFC's own example, section 5.7.
    expect(read(Buffer.from("818537fa213d7f9f4d5158", "hex")).told).toEqual([{ data: "Hello\n" }])
  })

  describe("5.4 Fragmentation", () => {
    it("a message is its fragments, of which some may be empty", () => {
      expect(read(Buffer.concat([part(text, "He"), part(0, ""), part(0, "l"), frameOf(0, "lo")])).told)
        .toEqual([{ data: "Hello\n" }])
      expect(read(Buffer.concat([part(text, ""), frameOf(0)])).told).toEqual([{ data: "\n" }])
    })

    it("control frames may stand between fragments", () => {
      expect(
        read(Buffer.concat([part(text, "Hel"), frameOf(ping, "p"), part(0, "l"), frameOf(pong), frameOf(0, "o")]), {
          wanted: { delimited: false }
        }).told
      ).toEqual([{ ping: "p" }, "pong", { data: "Hello" }])
    })

    it("to go on with no message is a fault", () => {
      expect(read(frameOf(0, "a"))).toEqual({ told: [protocolError], at: 1 })
      expect(read(Buffer.concat([frameOf(text, "a"), frameOf(0, "b")])).told).toEqual([{ data: "a\n" }, protocolError])
    })

    it("to begin a message within another is a fault", () => {
      for (const opcode of [text, binary]) {
        expect(read(Buffer.concat([part(text, ""), frameOf(opcode, "b")])).told).toEqual([protocolError])
      }
    })
  })

  describe("5.5 Control frames", () => {
    it("have 125 bytes at the most", () => {
      expect(read(frameOf(ping, "x".repeat(125))).told).toEqual([{ ping: "x".repeat(125) }])
      for (const opcode of [close, ping, pong]) {
        expect(read(frameOf(opcode, "x".repeat(126)))).toEqual({ told: [protocolError], at: 2 })
      }
    })

    it("are not in fragments", () => {
      for (const opcode of [close, ping, pong]) {
        expect(read(frameOf(opcode, "", { isFinal: false }))).toEqual({ told: [protocolError], at: 1 })
      }
    })
  })

  describe("5.5.1 Close", () => {
    it("has a code, and words; or neither", () => {
      expect(read(closing(1000, "good-bye")).told).toEqual([{ closed: 1000 }])
      expect(read(frameOf(close)).told).toEqual([{ closed: undefined }])
    })

    it("half a code is a fault", () => {
      expect(read(frameOf(close, "x")).told).toEqual([protocolError])
    })

    it("words that are not UTF-8 are a fault", () => {
      expect(read(closing(1000, "\xff")).told).toEqual([invalidText])
      expect(read(closing(1000, "\xe2\x82")).told).toEqual([invalidText])
    })

    it("nothing counts that comes behind it", () => {
      expect(read(Buffer.concat([frameOf(text, "a"), closing(1000), frameOf(text, "b"), frameOf(15)])).told)
        .toEqual([{ data: "a\n" }, { closed: 1000 }])
    })

    it("may come within a message, which then is none", () => {
      const cut = readWhole(Buffer.concat([frameOf(text, "a"), frameOf(text, "b", { isFinal: false }), closing(1001)]))
      expect(cut.told).toEqual([{ data: "a\n" }, { closed: 1001, inMessage: true }])
    })
  })

  it("5.5.2 Ping, 5.5.3 Pong: a ping is told with its content; a pong that nobody asked for is none of its business", () => {
    expect(read(Buffer.concat([frameOf(ping), frameOf(ping, "\x00\xff"), frameOf(pong, "x")])).told)
      .toEqual([{ ping: "" }, { ping: "\x00\xff" }, "pong"])
  })

  it("5.6 Data frames: text ends as a line does, once; binary is as it is", () => {
    expect(
      read(Buffer.concat([frameOf(text, "a"), frameOf(text, "b\n"), frameOf(text, ""), frameOf(binary, "c")])).told
    )
      .toEqual([{ data: "a\nb\n\nc" }])
    const whole = { wanted: { delimited: false } }
    expect(read(Buffer.concat([frameOf(binary, "a"), frameOf(binary, ""), frameOf(text, "b")]), whole).told)
      .toEqual([{ data: "a" }, { data: "b" }])
  })

  describe("7.4 Status codes", () => {
    it("7.4.1: those that may be on the wire are taken", () => {
      for (
        const code of [1000, 1001, 1002, 1003, 1007, 1008, 1009, 1010, 1011, 1012, 1013, 1014, 3000, 3999, 4000, 4999]
      ) {
        expect(read(closing(code)).told).toEqual([{ closed: code }])
      }
    })

    it("7.4.2: those that may not are faults", () => {
      for (const code of [0, 999, 1004, 1005, 1006, 1015, 1016, 1100, 2000, 2999, 5000, 65_535]) {
        expect(read(closing(code)).told).toEqual([protocolError])
      }
    })
  })

  describe("8.1 Handling of errors in UTF-8-encoded data", () => {
    it("a character may be cut by fragments and by the network", () => {
      const bytes = utf8("aä€💡")
      for (let at = 0; at <= bytes.length; at++) {
        const fragments = [frameOf(text, bytes.slice(0, at), { isFinal: false }), frameOf(0, bytes.slice(at))]
        expect(read(Buffer.concat(fragments)).told).toEqual([{ data: `${bytes}\n` }])
      }
    })

    it("the first wrong byte is the end, also in the middle of a frame", () => {
      const wrong: ReadonlyArray<readonly [good: string, bad: string]> = [
        ["a", "\xff"],
        ["", "\x80"],
        ["", "\xc0"],
        ["\xe0", "\x9f"],
        ["\xed", "\xa0"],
        ["\xf0", "\x8f"],
        ["\xf4", "\x90"],
        ["\xf0\x9f", "a"],
        ["", "\xf5"]
      ]
      for (const [good, bad] of wrong) {
        const fragment = frameOf(text, `${good}${bad}and what comes behind`, { isFinal: false })
        const bytes = Buffer.concat([frameOf(text, "first"), fragment])
        expect(readWhole(bytes).told).toEqual([{ data: "first\n" }, invalidText])
        const { at, told } = readCut(bytes, Array.from(bytes, (_, i) => i))
        expect(told.at(-1)).toEqual(invalidText)
        expect(at).toBe(frameOf(text, "first").length + 6 + good.length + 1)
      }
    })

    it("half a character at the end of a message is a fault", () => {
      expect(readWhole(frameOf(text, "\xe2\x82")).told).toEqual([invalidText])
    })

    it("binary messages may be any bytes", () => {
      expect(read(frameOf(binary, "\xff\xfe")).told).toEqual([{ data: "\xff\xfe" }])
    })
  })

  it("10.4 Implementation-specific limits: a message over the limit is refused by its header, whole or in fragments", () => {
    const limited = { maxMessage: 300 }
    expect(read(frameOf(binary, "x".repeat(300)), limited).told).toEqual([{ data: "x".repeat(300) }])
    expect(read(frameOf(binary, "", { length: 301n }), limited)).toEqual({
      told: [{ fault: "FrameTooLong", code: 1009 }],
      at: 4
    })
    expect(read(frameOf(binary, "", { length: (1n << 63n) - 1n }), limited).told).toMatchObject([{ code: 1009 }])
    const fragments = Buffer.concat([frameOf(binary, "x".repeat(200), { isFinal: false }), frameOf(0, "x".repeat(101))])
    expect(read(fragments, { ...limited, wanted: { delimited: false } }).told).toMatchObject([{ code: 1009 }])
  })
})
