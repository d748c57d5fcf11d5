import { describe, expect, it } from "@effect/vitest"
import * as Effect from "effect/Effect"
import { FrameTooLong, InvalidText } from "../../../src/domain/Framing.js"
import * as Calc from "../../../src/programs/protocols/Calc.js"
import { Evaluator, layer } from "../../../src/services/Evaluator.js"
import { conversing } from "./conversing.js"

describe("calc", () => {
  it.effect("answers an expression with its value, as Python prints it", () =>
    Effect.gen(function*() {
      const calc = yield* conversing(Calc.protocol)
      expect((yield* calc.receive("22 + 44")).send).toEqual(["66"])
      expect((yield* calc.receive("4 / 2")).send).toEqual(["2.0"])
    }).pipe(Effect.provide(layer)))

  it.effect("answers what has no value with the reason, and goes on", () =>
    Effect.gen(function*() {
      const calc = yield* conversing(Calc.protocol)
      const turn = yield* calc.receive("1 / 0")
      expect(turn.send).toEqual(["INVALID STATEMENT: division by zero"])
      expect(turn.close).toBeUndefined()
      expect((yield* calc.receive("1 + 1")).send).toEqual(["2"])
    }).pipe(Effect.provide(layer)))

  it.effect("answers with two words alone where it is to be terse", () =>
    Effect.gen(function*() {
      const calc = yield* conversing(Calc.make({ terse: true }))
      expect((yield* calc.receive("1 / 0")).send).toEqual(["INVALID STATEMENT"])
      expect((yield* calc.receive("hello")).send).toEqual(["INVALID STATEMENT"])
      expect((yield* calc.receive("1 + 1")).send).toEqual(["2"])
    }).pipe(Effect.provide(layer)))

  it("says what was wrong with bytes that are no message in the same words", () => {
    const limit = new FrameTooLong({ limit: 8 })
    expect(Calc.protocol.machine.malformed!(limit)).toEqual([`INVALID STATEMENT: ${limit.message}`])
    expect(Calc.make({ terse: true }).machine.malformed!(new InvalidText())).toEqual(["INVALID STATEMENT"])
  })

  it.effect("asks whatever Evaluator it is given, and lets its defects be defects", () =>
    Effect.gen(function*() {
      const calc = yield* conversing(Calc.protocol)
      expect(yield* Effect.exit(calc.receive("1"))).toEqual(yield* Effect.exit(Effect.die("bug")))
    }).pipe(Effect.provideService(Evaluator, { evaluate: () => Effect.die("bug") })))
})
