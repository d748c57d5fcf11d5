import { describe, expect, it } from "@effect/vitest"
import * as FastCheck from "effect/FastCheck"
import type { Framing } from "../../../src/domain/Framing.js"
import { asText, auto, chunk, crlf, delimited, line, ndjson, netstring } from "../../../src/domain/Framing.js"
import { decode } from "./decoding.js"

/** Text with whatever a framing may stumble over. */
const message = FastCheck.array(
  FastCheck.oneof(
    FastCheck.constantFrom("\n", "\r", "\r\n", ";", "a", "aa", "\ud83d", "\ude00", "\u00e9", "\u20ac", "\0"),
    FastCheck.string({ maxLength: 3 })
  ),
  { maxLength: 6 }
).map((parts) => parts.join(""))

const framings: ReadonlyArray<readonly [name: string, framing: Framing<string>]> = [
  ["line", line],
  ["crlf", crlf],
  ["auto", auto],
  ["chunk", chunk],
  ["delimited(';')", delimited(";")],
  ["delimited('aa')", delimited("aa")],
  ["delimited in Latin-1", delimited(";", { encoding: "latin1" })],
  ["netstring as text", asText(netstring, "utf8")],
  ["netstring as Latin-1", asText(netstring, "latin1")]
]

describe.each(framings)("A message in %s", (_, framing) => {
  it("comes as it was sent, unless it is unsendable", () => {
    FastCheck.assert(
      FastCheck.property(message, (message) => {
        const codec = framing.open(1024)
        FastCheck.pre(message !== "" || framing !== chunk)
        if (codec.unsendable?.(message) !== undefined) return
        expect(decode(framing, [Buffer.from(codec.encode(message))]).messages).toEqual([message])
      }),
      { numRuns: 1000 }
    )
  })

  it("is unsendable for a reason only", () => {
    expect(framing.open(1024).unsendable?.("plain text")).toBeUndefined()
  })
})

it("JSON has a way to send a newline, and half a character", () => {
  const codec = ndjson.open(1024)
  for (const message of ["a\nb", "\ud83d"]) {
    expect(codec.unsendable?.(message)).toBeUndefined()
    expect(decode(ndjson, [Buffer.from(codec.encode(message))]).messages).toEqual([message])
  }
})
