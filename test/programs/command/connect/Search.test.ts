import { describe, expect, it } from "vitest"
import { Search } from "../../../../src/programs/command/connect/prompt/Search.js"

const history = ["30 + 2", "20 + 1", "sqrt(2)", "10 + 1"]

describe("Search", () => {
  it("finds nothing before it is told what", () => {
    expect(new Search("abc", history).found).toBeUndefined()
  })

  it("finds the latest line that has the letters, then those before it, and stays at the first", () => {
    const search = new Search("", history)
    search.type("+ ")
    expect(search.found).toBe("30 + 2")
    search.type("1")
    expect(search.found).toBe("20 + 1")
    search.earlier()
    expect(search.found).toBe("10 + 1")
    search.earlier()
    expect(search.found).toBe("10 + 1")
  })

  it("finds nothing that was never typed, and goes back to the latest when a letter is taken away", () => {
    const search = new Search("", history)
    search.type("2)")
    search.type("x")
    expect(search.found).toBeUndefined()
    search.earlier()
    expect(search.found).toBeUndefined()
    search.erase()
    search.erase()
    expect([search.query, search.found]).toEqual(["2", "30 + 2"])
  })
})
