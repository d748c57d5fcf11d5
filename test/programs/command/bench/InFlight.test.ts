import { describe, expect, it } from "@effect/vitest"
import * as FastCheck from "effect/FastCheck"
import { InFlight } from "../../../../src/programs/command/bench/InFlight.js"

const depth = 5

describe("the requests in flight", () => {
  it("leave in the order they came, each with the time it was due", () => {
    // At each step so many more are sent, if there is room, and so many are answered, if they are under way.
    const steps = FastCheck.array(FastCheck.tuple(FastCheck.nat(depth), FastCheck.nat(depth)), { maxLength: 50 })
    FastCheck.assert(FastCheck.property(steps, (steps) => {
      const inFlight = new InFlight(depth)
      const expected: Array<number> = []
      steps.forEach(([sent, answered], time) => {
        const added = Math.min(sent, depth - expected.length)
        if (added > 0) inFlight.add(time, added)
        for (let i = 0; i < added; i++) expected.push(time)
        const taken: Array<number> = []
        const count = Math.min(answered, expected.length)
        inFlight.take(count, (time, count) => taken.push(...Array.from({ length: count }, () => time)))
        expect(taken).toEqual(expected.splice(0, count))
        expect(inFlight.count).toBe(expected.length)
      })
    }))
  })
})
