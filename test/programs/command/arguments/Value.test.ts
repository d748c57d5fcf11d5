import { describe, expect, it } from "@effect/vitest"
import * as Duration from "effect/Duration"
import * as Either from "effect/Either"
import * as FastCheck from "effect/FastCheck"
import * as Value from "../../../../src/programs/command/arguments/Value.js"

const milliseconds = (text: string): number | string =>
  Either.match(Value.duration(text), { onLeft: (problem) => problem, onRight: Duration.toMillis })

describe("A time", () => {
  it("has a unit, written short or long, near or apart", () => {
    for (
      const [text, expected] of [
        ["500ms", 500],
        ["2s", 2000],
        ["2 seconds", 2000],
        ["1 second", 1000],
        ["1.5m", 90_000],
        ["10 minutes", 600_000],
        ["1 hour", 3_600_000],
        ["0s", 0],
        ["never", Infinity]
      ] as const
    ) {
      expect([text, milliseconds(text)]).toEqual([text, expected])
    }
  })

  it("is nothing else", () => {
    for (const text of ["", "5", "s", "-1s", "1s2", "1e3s", "1 fortnight", "ever", "1..5s"]) {
      expect(milliseconds(text)).toMatch(/^must be a time with its unit, such as 500ms, /)
    }
  })

  it("of any whole number of milliseconds is that number", () => {
    FastCheck.assert(FastCheck.property(FastCheck.nat(), (n) => milliseconds(`${n}ms`) === n))
  })
})

describe("A rate", () => {
  it("is a number in a time, whose unit may stand alone", () => {
    const rates = [["10/s", 10, 1000], ["100/m", 100, 60_000], ["5/10s", 5, 10_000], [
      "1/2 hours",
      1,
      7_200_000
    ]] as const
    for (const [text, connections, per] of rates) {
      expect(Value.rate(text)).toEqual(Either.right({ connections, per: Duration.millis(per) }))
    }
    expect(Value.rate("none")).toEqual(Either.right(undefined))
    for (const text of ["", "10", "0/s", "-1/s", "10/", "10/0s", "10/never", "/s", "1.5/s", "12345678/s"]) {
      expect([text, Either.isLeft(Value.rate(text))]).toEqual([text, true])
    }
  })
})

describe("A delay", () => {
  it("is a time that ends, also one of nothing", () => {
    expect(Value.delay("0s")).toEqual(Either.right(Duration.zero))
    expect(Value.delay("1s")).toEqual(Either.right(Duration.seconds(1)))
    expect(Value.delay("never")).toEqual(Either.left("must be a time that ends, and cannot be never."))
  })
})

describe("A port", () => {
  it("is a whole number from 0 to 65,535", () => {
    FastCheck.assert(FastCheck.property(FastCheck.integer({ min: -10, max: 70_000 }), (n) => {
      expect(Either.isRight(Value.port(String(n)))).toBe(n >= 0 && n <= 65_535)
    }))
    for (const text of ["", " ", "1.5", "0x10", "1e3", "NaN", "Infinity", "80 "]) {
      expect(Value.port(text)).toEqual(Either.left(`must be a whole number from 0 to 65535, not '${text}'.`))
    }
  })
})

describe("A choice", () => {
  it("is one of its words, and names the nearest when it is not", () => {
    const read = Value.oneOf(["wait", "refuse"])
    expect(read("wait")).toEqual(Either.right("wait"))
    expect(read("refse")).toEqual(Either.left("cannot be 'refse': did you mean refuse?"))
    expect(read("perhaps")).toEqual(Either.left("cannot be 'perhaps': choose one of wait, refuse."))
  })
})
