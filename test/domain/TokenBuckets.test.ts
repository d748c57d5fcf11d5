import { describe, expect, it } from "@effect/vitest"
import * as FastCheck from "effect/FastCheck"
import { TokenBuckets } from "../../src/domain/TokenBuckets.js"

describe("Token buckets", () => {
  it("give what buckets that are all kept would give", () => {
    const steps = FastCheck.array(FastCheck.tuple(FastCheck.nat(3), FastCheck.nat(700)), { maxLength: 200 })
    FastCheck.assert(FastCheck.property(FastCheck.integer({ min: 1, max: 8 }), steps, (size, steps) => {
      // A token takes 120 milliseconds, so that all sums are exact.
      const buckets = new TokenBuckets({ size, period: 120 * size, most: 1000 })
      const tokens = new Map<number, { left: number; at: number }>()
      let now = 0
      for (const [key, wait] of steps) {
        now += wait
        const { at, left } = tokens.get(key) ?? { left: 120 * size, at: now }
        const there = Math.min(120 * size, left + now - at)
        const isThere = there >= 120
        expect(buckets.take(String(key), now)).toBe(isThere)
        tokens.set(key, { left: isThere ? there - 120 : there, at: now })
      }
    }))
  })

  it("54. However many addresses come, a bounded number is kept, and those that came last are known.", () => {
    const buckets = new TokenBuckets({ size: 1, period: 60_000, most: 1000 })
    let [most, unknown] = [0, 0]
    for (let i = 0; i < 100_000; i++) {
      if (!buckets.take(`address ${i}`, i / 1000)) unknown++
      most = Math.max(most, buckets.kept)
      // Those that came last have no other token.
      if (i >= 400 && buckets.take(`address ${i - 400}`, i / 1000)) unknown++
    }
    expect(most).toBe(1000)
    expect(unknown).toBe(0)
  })

  it("keep nothing of what is full again", () => {
    const buckets = new TokenBuckets({ size: 10, period: 1000, most: 1000 })
    for (let i = 0; i < 100; i++) buckets.take(`${i}`, 0)
    expect(buckets.kept).toBe(100)
    buckets.take("later", 2000)
    expect(buckets.kept).toBe(1)
  })
})
