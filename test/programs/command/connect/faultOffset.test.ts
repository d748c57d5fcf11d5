import { describe, expect, it } from "vitest"
import { faultOffset } from "../../../../src/programs/command/connect/prompt/faultOffset.js"

describe("faultOffset", () => {
  it.each([
    ["1 + * 2", 4],
    ["(1 + 2", 0],
    ["1 +", 3],
    ["'日本' + * 2", 9]
  ])("finds the columns before the fault of %j", (expression, offset) => {
    expect(faultOffset(expression)).toBe(offset)
  })

  it.each(["1 + 1", "1 / 0", "nothing"])("finds none in %j, which is an expression", (expression) => {
    expect(faultOffset(expression)).toBeUndefined()
  })
})
