import { describe, expect, it } from "vitest"
import { complete } from "../../../../src/programs/command/connect/prompt/completion.js"
import { expressionNames } from "../../../../src/programs/command/connect/prompt/expressionNames.js"

const history = ["1 + math.isqrt(49)", "1 + 1"]

describe("complete", () => {
  it("completes a command of the prompt", () => {
    expect(complete(":re", expressionNames, history)).toEqual([[":reconnect"], ":re"])
    expect(complete("ex", [], [])).toEqual([["exit"], "ex"])
  })

  it("completes the name before the cursor", () => {
    expect(complete("1 + isq", expressionNames, [])).toEqual([["isqrt"], "isq"])
    expect(complete("(math.isq", expressionNames, [])).toEqual([["math.isqrt"], "math.isq"])
    expect(complete("sor", expressionNames, [])).toEqual([["sorted"], "sor"])
  })

  it("completes what was typed before, where nothing else fits", () => {
    expect(complete("1 + ", expressionNames, history)).toEqual([history, "1 + "])
    expect(complete("hel", [], ["hello", "help"])).toEqual([["hello", "help"], "hel"])
  })

  it("has nothing for an empty line", () => {
    expect(complete("", expressionNames, history)).toEqual([[], ""])
  })
})
