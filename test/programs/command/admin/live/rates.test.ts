import { describe, expect, it } from "@effect/vitest"
import type { Figures } from "../../../../../src/programs/command/admin/live/Frame.js"
import { quantile, rates } from "../../../../../src/programs/command/admin/live/rates.js"

const bounds = [0.001, 0.01, 0.1]

const figures = (accepted: number, answered: number, counts: ReadonlyArray<number>): Figures => ({
  accepted,
  refused: { AtLimit: 0, Denied: accepted },
  closed: 0,
  requests: { answered, failed: 1, malformed: answered },
  bytesIn: 0,
  bytesOut: 0,
  cpu: 0,
  active: 0,
  limit: 10,
  waiting: 0,
  stalled: 0,
  working: 0,
  memory: 0,
  durations: { bounds, counts },
  lag: { bounds, counts: [0, 0, 0, 0] }
})

describe("A percentile of what is counted by size", () => {
  it("is within the bucket that holds it, nothing where nothing was counted, and at most the last bound", () => {
    expect(quantile(bounds, [0, 0, 0, 0], 0.5)).toBe(undefined)
    expect(quantile(bounds, [10, 0, 0, 0], 0.5)).toBeCloseTo(0.0005)
    expect(quantile(bounds, [50, 50, 0, 0], 0.75)).toBeCloseTo(0.0055)
    expect(quantile(bounds, [0, 0, 0, 3], 0.5)).toBe(0.1)
  })
})

describe("What two looks at a server say of the time between them", () => {
  it("is by the second, and of that time alone", () => {
    const before = { at: 1000, figures: figures(2, 100, [100, 0, 0, 0]) }
    const after = { at: 3000, figures: figures(6, 140, [100, 0, 40, 0]) }
    expect(rates(before, after)).toMatchObject({ accepted: 2, refused: 2, requests: 20, lag: undefined })
    expect(rates(before, after).p50).toBeCloseTo(55)
  })

  it("is never less than nothing, where another process has begun to count", () => {
    const before = { at: 1000, figures: figures(9, 100, [100, 0, 0, 0]) }
    const after = { at: 2000, figures: figures(0, 0, [0, 10, 0, 0]) }
    expect(rates(before, after)).toMatchObject({ accepted: 0, refused: 0, requests: 0 })
    expect(rates(before, after).p50).toBeCloseTo(5.5)
  })
})
