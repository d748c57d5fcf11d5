import { describe, expect, it } from "@effect/vitest"
import * as FastCheck from "effect/FastCheck"
import { nearest } from "../../../../src/programs/command/arguments/spelling.js"

const known = ["once", "iterative", "single", "threaded", "select"]

describe("nearest", () => {
  it("finds the word that was meant", () => {
    expect(nearest("selct", known)).toBe("select")
    expect(nearest("THREADED", known)).toBe("threaded")
    expect(nearest("iter", known)).toBe("iterative")
    expect(nearest("onec", known)).toBe("once")
  })

  it("finds none that is far", () => {
    expect(nearest("forking", known)).toBeUndefined()
    expect(nearest("x", known)).toBeUndefined()
  })

  it("finds a word of which one letter was left out, changed or doubled", () => {
    const slip = FastCheck.tuple(FastCheck.constantFrom(...known), FastCheck.nat(), FastCheck.nat(2))
    FastCheck.assert(FastCheck.property(slip, ([word, at, kind]) => {
      const i = at % word.length
      const letters = ["", "x", word[i]! + word[i]!][kind]!
      expect(nearest(word.slice(0, i) + letters + word.slice(i + 1), known)).toBe(word)
    }))
  })
})
