import { describe, expect, it } from "vitest"
import * as outcomes from "../../../../src/programs/command/connect/outcomes.js"

const outcome = (reply: unknown) => ({ request: "a", reply, error: undefined, milliseconds: 1.23456 })

describe("json", () => {
  it("lets nothing through that a terminal would obey or hide, in the request either", () => {
    const text = "\x9b31m\x85\x7f\u202e\u200b\ufeff\u{e0041}"
    const json = outcomes.json({ ...outcome(text), request: text })
    expect(json).toMatch(/^[ -~]*$/)
    expect(JSON.parse(json)).toMatchObject({ request: text, reply: text, milliseconds: 1.235 })
    expect(outcomes.unasked(text)).toMatch(/^[ -~]*$/)
  })

  it("has an object for a reply that JSON has no words for", () => {
    expect(JSON.parse(outcomes.json(outcome(2n ** 64n)))).toMatchObject({ reply: "18446744073709551616n" })
    expect(JSON.parse(outcomes.json(outcome(undefined)))).toMatchObject({ reply: null })
    expect(JSON.parse(outcomes.unasked(2n))).toMatchObject({ reply: "2n" })
  })
})

describe("printable", () => {
  it("shows a reply on one line, without what a terminal would obey or hide, but for a tab", () => {
    expect(outcomes.printable("a\tb\nc\x1b[2J\u200b\ufeff\u{e0041}")).toBe("a\tb\\nc\\x1b[2J\\u200b\\ufeff\\u{e0041}")
  })
})
