// The scenario under every model, on the virtual network and under a virtual clock: every lane is exact.
import { describe, expect, it } from "@effect/vitest"
import { Simulation, VirtualNetwork } from "effect-switchboard/testing"
import type * as Clock from "effect/Clock"
import * as Effect from "effect/Effect"
import { identity } from "effect/Function"
import pc from "picocolors"
import type { Happening } from "../../../../src/programs/command/demo/Lane.js"
import { lanes, summarize } from "../../../../src/programs/command/demo/Lane.js"
import { perform } from "../../../../src/programs/command/demo/Performance.js"
import type { Run } from "../../../../src/programs/command/demo/Run.js"
import * as Scenario from "../../../../src/programs/command/demo/Scenario.js"
import { svgPicture } from "../../../../src/programs/command/demo/svgPicture.js"
import { panel } from "../../../../src/programs/command/demo/textPicture.js"
import * as Model from "../../../../src/programs/server/Model.js"

const beat = 100

const run = (
  model: Run["model"],
  around: <A, E, R>(effect: Effect.Effect<A, E, R>) => Effect.Effect<A, E, R> = identity
): Run => {
  const happenings: Array<Happening> = []
  const performance = around(perform(Model.all[model], beat, (happening) => happenings.push(happening)))
  Effect.runSync(Simulation.run(Effect.provide(performance, VirtualNetwork.layer())))
  return { model, beat, lanes: lanes(Scenario.arrivals.length, happenings) }
}

/** Under a wall clock that is set back by an hour whenever it is looked at. */
const untimely = <A, E, R>(effect: Effect.Effect<A, E, R>) =>
  Effect.clockWith((clock) => {
    let hour = 0
    const wrong: Clock.Clock = Object.create(clock, {
      unsafeCurrentTimeMillis: { value: () => clock.unsafeCurrentTimeMillis() - 3_600_000 * hour++ }
    })
    return Effect.withClock(effect, wrong)
  })

/** The lanes alone, a character a beat. */
const drawn = (model: Run["model"]): ReadonlyArray<string> =>
  panel(run(model), 52 * beat, { colors: pc.createColors(false), columns: 80 })
    .split("\n")
    .filter((line) => /^ {2}client \d/.test(line))
    .map((line) => line.slice(11, 64).trimEnd())

describe("the demo", () => {
  it("once: one answer, and everybody else is refused", () => {
    expect(drawn("once")).toEqual([
      "○██■",
      " ○░✗",
      "  ○✗",
      "    ✗",
      "          ✗"
    ])
  })

  it("iterative: a client is read when the one before it has left", () => {
    expect(drawn("iterative")).toEqual([
      "○██·██·██✓",
      " ○░░░░░░░██·██·██✓",
      "  ○░░░░░░░░░░░░░░██·██·██✓",
      "    ○░░░░░░░░░░░░░░░░░░░░██·██·██✓",
      "          ○░░░░░░░░░░░░░░░░░░░░░░██·██·██✓"
    ])
  })

  it("single: who comes meanwhile is refused, who comes later is served", () => {
    expect(drawn("single")).toEqual([
      "○██·██·██✓",
      " ✗",
      "  ✗",
      "    ✗",
      "          ○██·██·██✓"
    ])
  })

  it("threaded: nobody waits for anybody", () => {
    expect(drawn("threaded")).toEqual([
      "○██·██·██✓",
      " ○██·██·██✓",
      "  ○██·██·██✓",
      "    ○██·██·██✓",
      "          ○██·██·██✓"
    ])
  })

  it("is the same whoever sets the wall clock", () => {
    expect(run("select", untimely)).toEqual(run("select"))
  })

  it("select: one answer at a time, and the fiber never idles while somebody waits", () => {
    expect(drawn("select")).toEqual([
      "○██·░░░░░██·░░░░░░░██✓",
      " ○░██·░░░░░██·░░░░░░░██✓",
      "  ○░░██·░░░░░██·░░░░░░░██✓",
      "    ○░░██·░░░░░░░██·░░░░░░░██✓",
      "          ○░░░░██·░░░░░░░██·░██✓"
    ])
    const { answers, atOnce, end } = summarize(run("select").lanes)
    expect(atOnce).toBe(1)
    // It began with the first question, after a beat, and had something to do until the end.
    expect(end).toBe((Scenario.thinking + answers * Scenario.evaluation) * beat)
  })

  // `npm run picture` writes it anew.
  it("its picture in the README is of today", async () => {
    await expect(svgPicture(Object.keys(Model.all).map((model) => run(model as Run["model"])))).toMatchFileSnapshot(
      "../../../../docs/models.svg"
    )
  })
})
