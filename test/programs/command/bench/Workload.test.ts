import { describe, expect, it } from "@effect/vitest"
import * as Effect from "effect/Effect"
import * as Framing from "../../../../src/domain/Framing.js"
import * as Protocol from "../../../../src/domain/Protocol.js"
import * as Workload from "../../../../src/programs/command/bench/Workload.js"
import * as Calc from "../../../../src/programs/protocols/Calc.js"
import * as Reverse from "../../../../src/programs/protocols/Reverse.js"
import * as Evaluator from "../../../../src/services/Evaluator.js"

const text = (messages: ReadonlyArray<Uint8Array>) => messages.map((message) => Buffer.from(message).toString())

const rejected = (
  receive: (count: number, text: string) => Protocol.Turn<number, string>,
  greeting: ReadonlyArray<string> = []
) =>
  Effect.flip(Workload.make(
    Protocol.make({
      name: "odd",
      framing: Framing.line,
      open: () => Effect.succeed({ state: 0, send: greeting }),
      receive: (count: number, text: string) => Effect.succeed(receive(count, text))
    }),
    ["a", "b"],
    "line"
  ))

describe("what must come back under load", () => {
  it.effect("is what the protocol itself answers", () =>
    Effect.gen(function*() {
      const calc = yield* Workload.make(Calc.protocol, ["2 ** 100", "1/0"], "line")
      expect(text(calc.requests)).toEqual(["2 ** 100\n", "1/0\n"])
      expect(text(calc.replies)).toEqual([
        "1267650600228229401496703205376\n",
        "INVALID STATEMENT: division by zero\n"
      ])
      const reverse = yield* Workload.make(Reverse.protocol, ["ADVANCE"], "chunk")
      expect(text(reverse.replies)).toEqual(["ECNAVDA"])
    }).pipe(Effect.provide(Evaluator.layer)))

  it.effect("must be one reply to each message", () =>
    Effect.gen(function*() {
      for (const send of [[], ["x", "y"]]) {
        expect((yield* rejected((state) => ({ state, send }))).message).toBe(
          "This cannot be measured: odd does not answer each message with one reply."
        )
      }
    }))

  it.effect("must not depend on what was said before", () =>
    Effect.gen(function*() {
      const error = yield* rejected((count, text) => ({ state: count + 1, send: [`${count} ${text}`] }))
      expect(error.message).toBe("This cannot be measured: odd answers the same message differently from time to time.")
    }))

  it.effect("must not begin with a greeting", () =>
    Effect.gen(function*() {
      const error = yield* rejected((state, text) => ({ state, send: [text] }), ["hello"])
      expect(error.message).toBe("This cannot be measured: odd speaks before it is asked.")
    }))

  it.effect("must be seen: without newlines, nothing may be empty", () =>
    Effect.gen(function*() {
      const error = yield* Effect.flip(Workload.make(Reverse.protocol, [""], "chunk"))
      expect(error._tag).toBe("Unmeasurable")
    }))
})
