import { describe, expect, it } from "@effect/vitest"
import * as elementary from "../../../../src/domain/expression/elementary/functions.js"
import { rowsByFunction } from "./fixtures.js"

const { hypot, ...rest } = elementary
const functions: Readonly<Record<string, (x: number, y: number) => number>> = {
  ...rest,
  hypot: (x, y) => hypot([x, y])
}

describe("every elementary function", () => {
  it("has rows of CPython's answers to be compared with", () => {
    expect([...rowsByFunction.keys()].toSorted()).toEqual(Object.keys(functions).toSorted())
    for (const rows of rowsByFunction.values()) expect(rows.length).toBe(200)
  })

  for (const [name, rows] of rowsByFunction) {
    it(`answers as CPython does to the last digit: ${name}`, () => {
      const misses = rows.flatMap(({ args, expected }) => {
        const actual = functions[name]!(args[0]!, args[1]!)
        return Object.is(actual, expected) ? [] : [{ args, actual, expected }]
      })
      expect(misses).toEqual([])
    })
  }
})
