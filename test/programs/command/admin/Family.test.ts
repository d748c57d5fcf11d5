import { describe, expect, it } from "@effect/vitest"
import * as fc from "effect/FastCheck"
import { counter, gauge, merge } from "../../../../src/programs/command/admin/Family.js"
import { Histogram } from "../../../../src/programs/command/admin/Histogram.js"

const bounds = [1, 10, 100]

const of = (value: number, outcome: string) => [
  counter("requests_total", "", [{ labels: { outcome }, value }]),
  gauge("active", "", value),
  gauge("draining", "", value, "max"),
  gauge("started", "", value, "min")
]

describe("What several processes have measured", () => {
  it("is the sum of their counters, sample by sample, and of gauges what each says", () => {
    const merged = merge([of(1, "answered"), of(2, "failed"), of(4, "answered")])
    expect(merged.map(({ name, samples }) => [name, samples])).toEqual([
      ["requests_total", [{ labels: { outcome: "answered" }, value: 5 }, { labels: { outcome: "failed" }, value: 2 }]],
      ["active", [{ labels: {}, value: 7 }]],
      ["draining", [{ labels: {}, value: 4 }]],
      ["started", [{ labels: {}, value: 1 }]]
    ])
  })

  it("is one histogram as if one had measured all", () => {
    const values = fc.array(fc.array(fc.integer({ min: 0, max: 1000 })), { minLength: 1, maxLength: 4 })
    fc.assert(fc.property(values, (values) => {
      const of = (values: ReadonlyArray<number>) => {
        const histogram = new Histogram(bounds)
        for (const value of values) histogram.observe(value)
        return [{ type: "histogram" as const, name: "h", help: "", bounds, samples: [histogram.read({})] }]
      }
      expect(merge(values.map(of))).toEqual(of(values.flat()))
    }))
  })

  it("counts each value under the least bound that is not below it", () => {
    fc.assert(fc.property(fc.array(fc.integer({ min: 0, max: 200 })), (values) => {
      const histogram = new Histogram(bounds)
      for (const value of values) histogram.observe(value)
      const within = (from: number, to: number) => values.filter((value) => value > from && value <= to).length
      const { counts, sum } = histogram.read({})
      expect(counts).toEqual([within(-1, 1), within(1, 10), within(10, 100), within(100, Infinity)])
      expect(sum).toBe(values.reduce((a, b) => a + b, 0))
    }))
  })
})
