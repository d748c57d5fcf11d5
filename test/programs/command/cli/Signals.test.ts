import { describe, expect, it } from "@effect/vitest"
import { codeOf, type Decision, type Signal, Signals } from "../../../../src/programs/command/cli/Signals.js"

const cases: ReadonlyArray<
  readonly [what: string, taken: ReadonlyArray<readonly [signal: Signal, at: number, decision: Decision]>]
> = [
  ["the first signal stops, a second one ends at once", [["SIGINT", 0, "stop"], ["SIGINT", 300, "end"]]],
  ["another signal ends at once, however soon", [["SIGINT", 0, "stop"], ["SIGTERM", 0, "end"]]],
  ["the same one again, in the same press of a key, is nothing new", [
    ["SIGINT", 1000, "stop"],
    ["SIGINT", 1299, "ignore"],
    ["SIGINT", 1300, "end"]
  ]],
  ["a closed terminal stops, however often it says so", [["SIGHUP", 0, "stop"], ["SIGHUP", 9000, "ignore"]]],
  ["a terminal that is closed during the stop does not hurry it", [["SIGINT", 0, "stop"], ["SIGHUP", 9000, "ignore"]]],
  ["after a closed terminal, SIGTERM ends at once", [["SIGHUP", 0, "stop"], ["SIGTERM", 1, "end"]]]
]

describe("Signals", () => {
  it.each(cases)("%s", (_, taken) => {
    const signals = new Signals(false)
    expect(taken.map(([signal, at]) => signals.take(signal, at))).toEqual(taken.map(([, , decision]) => decision))
  })

  it("a closed terminal is nothing to who was started to ignore it", () => {
    const signals = new Signals(true)
    expect(signals.take("SIGHUP", 0)).toBe("ignore")
    expect(signals.take("SIGTERM", 1)).toBe("stop")
  })

  it("each has its code", () => {
    expect((["SIGHUP", "SIGINT", "SIGTERM"] as const).map(codeOf)).toEqual([129, 130, 143])
  })
})
