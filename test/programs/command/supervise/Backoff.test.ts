import { describe, expect, it } from "@effect/vitest"
import { Backoff } from "../../../../src/programs/command/supervise/Backoff.js"

describe("A worker that dies", () => {
  it("is replaced at once, then ever later, up to ten seconds; after one that has served for a while, at once again", () => {
    const backoff = new Backoff()
    const lives = [50, 50, 50, 50, 50, 50, 50, 50, 50, 9999, 10_000, 50]
    const waits = [0, 100, 200, 400, 800, 1600, 3200, 6400, 10_000, 10_000, 0, 100]
    expect(lives.map((lived) => backoff.next(lived))).toEqual(waits)
  })
})
