import { describe, expect, it } from "vitest"
import { printable, printableJson } from "../../../../src/programs/command/console/printable.js"

/** What a terminal would obey, or would not show. */
const unseen = [
  "\0",
  "\x07",
  "\x1b",
  "\x7f",
  "\x85",
  "\x9b",
  "\u00ad",
  "\u034f",
  "\u061c",
  "\u115f",
  "\u180e",
  "\u200b",
  "\u200d",
  "\u200f",
  "\u2028",
  "\u202e",
  "\u2060",
  "\u2069",
  "\u206f",
  "\u3164",
  "\ufeff",
  "\ufff9",
  "\u{1d173}",
  "\u{e0001}",
  "\u{e0041}"
]

describe("printable", () => {
  it.each(unseen)("shows %j as an escape", (character) => {
    const shown = printable(`a${character}b`)
    expect(shown).toMatch(/^a\\(x[\da-f]{2}|u[\da-f]{4}|u\{[\da-f]{5}\})b$/)
    expect(shown).toContain(character.codePointAt(0)!.toString(16))
  })

  it.each(["22 + 44", "né", "日本", "👩‍🚀", "❤️", "نمی‌خواهم", "🏴", "a\u0301"])("leaves %s as it is", (text) => {
    expect(printable(text)).toBe(text)
  })

  it("leaves a joiner alone only where it joins", () => {
    expect(printable("a\u200db \u200d 👩\u200d")).toBe("a\\u200db \\u200d 👩\\u200d")
  })
})

describe("printableJson", () => {
  it.each(unseen)("shows %j as an escape, and is the same value", (character) => {
    const json = printableJson(JSON.stringify({ reply: `a${character}b` }))
    expect(json).toMatch(/^[ -~]*$/)
    expect(JSON.parse(json)).toEqual({ reply: `a${character}b` })
  })
})
