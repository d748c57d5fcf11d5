import { describe, expect, it } from "@effect/vitest"
import * as Effect from "effect/Effect"
import * as FastCheck from "effect/FastCheck"
import * as Reverse from "../../../src/programs/protocols/Reverse.js"
import { conversing } from "./conversing.js"

const graphemes = (text: string) =>
  Array.from(new Intl.Segmenter(undefined, { granularity: "grapheme" }).segment(text), ({ segment }) => segment)

const character = FastCheck.integer({ min: 0, max: 0x2ffff }).map((code) => String.fromCodePoint(code))

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

  it.skipIf(process.versions.unicode !== "17.0")(
    "cuts where Node's own segmenter does, whatever stands together",
    () => {
      const joining = FastCheck.constantFrom(
        ...("\r \n \0 \t a \u00ad \u0301 \u200b \u200c \u200d \u1100 \u1160 \u11a8 \uac00 \uac01 \u0600 \u0903 \u0915 \u094d \u093e \u0e33 " +
          "\ufe0f \u20e3 \u2764 \u0d4e \u0d15 \u1b44 \u17d2 \u1780 \ud800 \udc00 \u{1f1e6} \u{1f1ff} \u{1f468} \u{1f3fd} \u{e0061} \u{110bd} " +
          "\u{10ffff}").split(" "),
        " "
      )
      const anything = FastCheck.string({
        unit: FastCheck.oneof({ arbitrary: joining, weight: 4 }, character),
        maxLength: 12
      })
      FastCheck.assert(
        FastCheck.property(anything, (text) => {
          expect(Reverse.reverse(text)).toBe(graphemes(text).toReversed().join(""))
        }),
        { numRuns: 5_000 }
      )
    }
  )

  it.each([
    ["\r", 65_536],
    ["\u0301", 32_768],
    ["\u200d", 21_845],
    ["\u{1f1e6}\u{1f1e7}", 8_192],
    ["\u{1f468}\u200d\u{1f469}\u200d\u{1f467}a", 3_276]
  ])("loses nothing of the longest message of %j", (characters, times) => {
    const text = characters.repeat(times)
    const reversed = Reverse.reverse(text)
    expect(reversed.length).toBe(text.length)
    expect(Reverse.reverse(reversed)).toBe(text)
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
