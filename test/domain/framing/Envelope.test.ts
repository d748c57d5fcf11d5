import { describe, expect, it } from "@effect/vitest"
import * as FastCheck from "effect/FastCheck"
import type { Envelope } from "../../../src/domain/Framing.js"
import { envelope, FrameTooLong, InvalidFrame } from "../../../src/domain/Framing.js"
import { byteByByte, bytesOf, cut, decode, inTwo, takeAll } from "./decoding.js"

const framing = envelope(["kind"])

/** A frame as a peer in another language would write it: nothing of ours makes it. */
const frame = (header: string, content = ""): Buffer => {
  const json = bytesOf(header)
  return Buffer.concat([Uint8Array.of(json.length >> 8, json.length & 0xff), json, bytesOf(content)])
}

const plain = ({ error, messages }: ReturnType<typeof decode<Envelope>>) => ({
  error,
  messages: messages.map(({ content, header }) => [header, Buffer.from(content).toString()])
})

const envelopes = FastCheck.array(
  FastCheck.record({
    header: FastCheck.dictionary(FastCheck.string(), FastCheck.string()).map((extra) => ({ ...extra, kind: "x" })),
    content: FastCheck.uint8Array()
  }),
  { maxLength: 5 }
)

describe("envelope", () => {
  it("gives back what was encoded, glued together and however the bytes are cut", () => {
    FastCheck.assert(FastCheck.property(
      envelopes.chain((envelopes) => {
        const { encode } = framing.open(65_536)
        const bytes = Buffer.concat(envelopes.map((envelope) => encode(envelope) as Uint8Array))
        return FastCheck.tuple(FastCheck.constant(envelopes), cut(bytes))
      }),
      ([envelopes, chunks]) => {
        const { error, messages } = decode(framing, chunks)
        expect(error).toBeUndefined()
        expect(messages.map(({ content }) => [...content])).toEqual(envelopes.map(({ content }) => [...content]))
        expect(messages.map(({ header }) => JSON.stringify(header))).toEqual(
          envelopes.map(({ content, header }) => JSON.stringify({ ...header, "content-length": content.length }))
        )
      }
    ))
  })

  it("writes a 2-byte big-endian length, the header as JSON with the content's length, and the content", () => {
    expect(framing.open(100).encode({ header: { kind: "é" }, content: bytesOf("abc") })).toEqual(
      frame("{\"kind\":\"é\",\"content-length\":3}", "abc")
    )
  })

  it("reads two frames split at every byte, and glued", () => {
    const bytes = Buffer.concat([
      frame("{ \"content-length\": 2, \"kind\": \"ü\" }", "ab"),
      frame("{\"kind\":1,\"content-length\":0}"),
      frame("{\"kind\":2,\"content-length\":3}", "cde")
    ])
    const expected = {
      error: undefined,
      messages: [
        [{ "content-length": 2, kind: "ü" }, "ab"],
        [{ "content-length": 0, kind: 1 }, ""],
        [{ "content-length": 3, kind: 2 }, "cde"]
      ]
    }
    for (const chunks of [[bytes], byteByByte(bytes), ...inTwo(bytes)]) {
      expect(plain(decode(framing, chunks))).toEqual(expected)
    }
  })

  const good = frame("{\"kind\":0,\"content-length\":2}", "ok")

  it.each<[string, Uint8Array, string]>([
    ["is not JSON", frame("{kind}"), "the header is not a JSON object in UTF-8"],
    ["is no object", frame("[1]"), "the header is not a JSON object in UTF-8"],
    ["is null", frame("null"), "the header is not a JSON object in UTF-8"],
    ["is empty", frame(""), "the header is not a JSON object in UTF-8"],
    [
      "is not UTF-8",
      Buffer.concat([Uint8Array.of(0, 3, 0x22, 0xff, 0x22)]),
      "the header is not a JSON object in UTF-8"
    ],
    [
      "begins with a byte order mark",
      frame("\uFEFF{\"kind\":0,\"content-length\":0}"),
      "the header is not a JSON object in UTF-8"
    ],
    ["lacks a required key", frame("{\"content-length\":0}"), "the header lacks \"kind\""],
    ["lacks the length", frame("{\"kind\":0}"), "the header lacks \"content-length\""],
    [
      "inherits a key only",
      frame("{\"kind\":0,\"__proto__\":{\"content-length\":1}}"),
      "the header lacks \"content-length\""
    ],
    ...["-1", "1.5", "\"1\"", "null", "1e300"].map((length): [string, Uint8Array, string] => [
      `has a length of ${length}`,
      frame(`{"kind":0,"content-length":${length}}`),
      "\"content-length\" is not a whole number of bytes"
    ])
  ])("refuses a header that %s, after the frames before it", (_, bad, reason) => {
    for (const chunks of [[Buffer.concat([good, bad, good])], byteByByte(Buffer.concat([good, bad, good]))]) {
      expect(plain(decode(framing, chunks))).toEqual({
        error: new InvalidFrame({ reason }),
        messages: [[{ kind: 0, "content-length": 2 }, "ok"]]
      })
    }
  })

  it("takes a frame of just the limit, and refuses one byte more as soon as its header is read", () => {
    const header = "{\"kind\":0,\"content-length\":4}"
    const limit = frame(header, "abcd").length
    expect(plain(decode(framing, [frame(header, "abcd")], limit)).messages).toEqual([[JSON.parse(header), "abcd"]])
    const codec = framing.open(limit - 1)
    codec.push(frame(header))
    expect(takeAll(codec)).toEqual([])
    expect(codec.error).toEqual(new FrameTooLong({ limit: limit - 1 }))
  })

  it("refuses a header that is over the limit by its length alone", () => {
    const codec = framing.open(100)
    codec.push(Uint8Array.of(0xff, 0xff))
    expect(takeAll(codec)).toEqual([])
    expect(codec.error).toEqual(new FrameTooLong({ limit: 100 }))
  })

  it("refuses a frame that the peer leaves unfinished", () => {
    for (let length = 1; length < good.length; length++) {
      expect(decode(framing, [good, good.subarray(0, length)]).error).toEqual(
        new InvalidFrame({ reason: "it ends before its content does" })
      )
    }
    expect(decode(framing, [good]).error).toBeUndefined()
  })

  it("keeps nothing of the peer's array once all is taken from it, nor gives out its own", () => {
    const codec = framing.open(1000)
    const chunk = Buffer.concat([good, good, good.subarray(0, 20)])
    codec.push(chunk)
    const [first, second] = takeAll(codec)
    chunk.fill(0)
    first!.content.fill(0)
    expect(Buffer.from(second!.content).toString()).toBe("ok")
    expect(codec.partial).toBe(true)
    codec.push(good.subarray(20))
    expect(takeAll(codec).map(({ content }) => Buffer.from(content).toString())).toEqual(["ok"])
    expect(codec.partial).toBe(false)
  })
})
