import { describe, expect, it } from "@effect/vitest"
import * as Effect from "effect/Effect"
import * as FastCheck from "effect/FastCheck"
import * as Reverse from "../../../src/programs/protocols/Reverse.js"
import { conversing } from "./conversing.js"

const graphemes = (text: string) =>
  Array.from(new Intl.Segmenter(undefined, { granularity: "grapheme" }).segment(text), ({ segment }) => segment)

describe("reverse", () => {
  it.each([
    ["ADVANCE", "ECNAVDA"],
    ["", ""],
    ["naïve", "evïan"],
    ["cafe\u0301!", "!e\u0301fac"],
    ["a👨‍👩‍👧‍👦b", "b👨‍👩‍👧‍👦a"],
    ["🇩🇪🇫🇷", "🇫🇷🇩🇪"],
    ["👍🏽1", "1👍🏽"],
    ["한국어", "어국한"],
    ["a\r\nb", "b\r\na"]
  ])("turns %j into %j", (text, reversed) => {
    expect(Reverse.reverse(text)).toBe(reversed)
  })

  it("keeps every user-perceived character, in the opposite order", () => {
    FastCheck.assert(FastCheck.property(FastCheck.string({ unit: "grapheme" }), (text) => {
      expect(Reverse.reverse(text)).toBe(graphemes(text).toReversed().join(""))
    }))
  })

  it("is undone by itself for ASCII without line ends", () => {
    FastCheck.assert(FastCheck.property(FastCheck.string({ unit: "grapheme-ascii" }), (text) => {
      expect(Reverse.reverse(Reverse.reverse(text))).toBe(text)
      expect(Reverse.reverse(text)).toBe(text.split("").toReversed().join(""))
    }))
  })
})

it.effect("the protocol answers each message with its reverse", () =>
  Effect.gen(function*() {
    const protocol = yield* conversing(Reverse.protocol)
    expect((yield* protocol.receive("ADVANCE")).send).toEqual(["ECNAVDA"])
  }))
