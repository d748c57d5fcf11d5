import { expect, it } from "@effect/vitest"
import * as Either from "effect/Either"
import * as FastCheck from "effect/FastCheck"
import { evaluate } from "../../../src/domain/expression/evaluate.js"
import { rows } from "./tables.js"

const words = (
  "1 2 3.5 1e308 0x1f 1j 10**400 True None x abs max int float round pow sorted math.gcd math.log 'a' [] () ( ) [ ] { } , : . + - * ** / // % @ " +
  "<< >> & | ^ ~ < > <= == != = := and or not in is if else for lambda yield await 0x 1e 1_ 08 $ ? ! \\ ... ; # \"\" f'' b'' '\\x'"
).split(" ")

/** Words in a row, mostly nonsense. */
const soup = FastCheck.array(FastCheck.constantFrom(...words, "\n", " "), { maxLength: 24 }).map((parts) =>
  parts.join(" ")
)

/** Expressions that mean something, with a piece put in, taken out or doubled. */
const mutant = FastCheck.tuple(
  FastCheck.constantFrom(
    ...rows("python_eval_cases").map(({ expression }) => expression).filter((text) => text.length < 400)
  ),
  FastCheck.nat(),
  FastCheck.nat(8),
  FastCheck.constantFrom(...words, "")
).map(([text, at, length, piece]) => {
  const start = at % (text.length + 1)
  return text.slice(0, start) + piece + text.slice(start + length)
})

/** Well-formed expressions over every kind of value. */
const { grown } = FastCheck.letrec<{ grown: string }>((tie) => ({
  grown: FastCheck.oneof(
    { maxDepth: 4, depthSize: "medium" },
    FastCheck.constantFrom(
      ...words.slice(0, 26).filter((word) => /^[\w'.]/.test(word)),
      "range(9)",
      "[1,2,3]",
      "(1,'a')"
    ),
    FastCheck.tuple(tie("grown"), FastCheck.constantFrom(...words.slice(35, 54)), tie("grown")).map((parts) =>
      `(${parts.join(" ")})`
    ),
    FastCheck.tuple(tie("grown"), tie("grown")).map(([value, key]) => `${value}[${key}]`),
    FastCheck.tuple(
      FastCheck.constantFrom("abs", "int", "str", "list", "sum", "max", "math.sqrt", "round"),
      tie("grown")
    )
      .map(([name, value]) => `${name}(${value})`)
  )
}))

const text = FastCheck.oneof(soup, mutant, grown, FastCheck.string({ unit: "binary", maxLength: 60 }))

it("whatever the text, the answer is a text or a typed error: nothing is thrown", () => {
  FastCheck.assert(
    FastCheck.property(text, (expression) => {
      const result = evaluate(expression)
      if (Either.isLeft(result)) expect(result.left.message).not.toBe("")
      else expect(typeof result.right).toBe("string")
    }),
    { numRuns: 10_000 }
  )
})
