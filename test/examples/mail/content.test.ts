import { expect, it } from "@effect/vitest"
import * as FastCheck from "effect/FastCheck"
import type { Piece } from "../../../examples/mail/content.js"
import { content } from "../../../examples/mail/content.js"
import { cut } from "../../domain/framing/decoding.js"

/** The content of what was sent, whether it has its end, and what is behind that. */
const read = (chunks: ReadonlyArray<Uint8Array>, maxFrame: number) => {
  const codec = content.open(maxFrame)
  const pieces: Array<Uint8Array> = []
  const rest = [...chunks]
  let last: Piece | undefined = undefined
  while (rest.length > 0 && last !== "end") {
    codec.push(rest.shift()!)
    for (last = codec.next(); last !== undefined && last !== "end"; last = codec.next()) pieces.push(last)
  }
  expect(codec.error).toBeUndefined()
  const text = Buffer.concat(pieces).toString("latin1")
  return { text, isEnded: last === "end", behind: Buffer.concat([codec.release(), ...rest]).toString("latin1") }
}

const anyText = FastCheck.string({
  unit: FastCheck.constantFrom(".", "\r", "\n", "\r\n", "\r\n.", "a", "\xff"),
  maxLength: 20
})

it("is what was sent, whatever lines it has, and however it is cut", () => {
  const sent = anyText.chain((text) => {
    const lines = text.endsWith("\r\n") || text === "" ? text : `${text}\r\n`
    const dotted = `${lines.replaceAll(/(^|\r\n)\./g, "$1..")}.\r\nRSET\r\n`
    return FastCheck.record({ lines: FastCheck.constant(lines), chunks: cut(Buffer.from(dotted, "latin1")) })
  })
  FastCheck.assert(
    FastCheck.property(sent, FastCheck.constantFrom(3, 8, 65_536), ({ chunks, lines }, maxFrame) => {
      expect(read(chunks, maxFrame)).toEqual({ text: lines, isEnded: true, behind: "RSET\r\n" })
    }),
    { numRuns: 500 }
  )
})

it("has no end but the line of one dot between two CRLF", () => {
  for (const text of ["a\n.\n", "a\n.\r\n", "a\r.\r\n", "a\r\n.\n", "a\r\n.\r", "a\r\n.", ".\r", "a\r\n.a\r\n"]) {
    const { isEnded } = read([Buffer.from(text)], 65_536)
    expect(isEnded, JSON.stringify(text)).toBe(false)
  }
  expect(read([Buffer.from(".\r\n")], 65_536)).toEqual({ text: "", isEnded: true, behind: "" })
})
