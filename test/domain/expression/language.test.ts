import { describe, expect, it } from "@effect/vitest"
import * as Either from "effect/Either"
import { evaluate } from "../../../src/domain/expression/evaluate.js"
import { answer } from "./tables.js"

const failure = (expression: string) => Either.getOrThrow(Either.flip(evaluate(expression)))

describe("what the language leaves out is refused by name", () => {
  it.each([
    ["lambda: 1", "lambda is not supported"],
    ["[x for x in (1, 2)]", "a comprehension is not supported"],
    ["sum(x for x in (1, 2))", "a comprehension is not supported"],
    ["{}", "a dict or set display is not supported"],
    ["{1}", "a dict or set display is not supported"],
    ["{1: 2}", "a dict or set display is not supported"],
    ["(x := 1)", "`:=` is not supported"],
    ["max(*[1, 2])", "a starred argument is not supported"],
    ["int(**1)", "a starred argument is not supported"],
    ["[*1]", "a starred item is not supported"],
    ["f'{1}'", "an f-string is not supported"],
    ["b'a'", "a bytes literal is not supported"],
    ["...", "`...` is not supported"],
    ["(1).__class__", "the attribute __class__ is not supported"]
  ])("%s", (expression, message) => {
    expect(failure(expression)).toMatchObject({ _tag: "UnsupportedSyntax", message, line: 1 })
  })

  it("says where, after Python's own judgement of the whole", () => {
    expect(failure("1 + [x for x in (1,)]")).toMatchObject({ _tag: "UnsupportedSyntax", line: 1, column: 8 })
    expect(failure("lambda: 1 +")).toMatchObject({ _tag: "SyntaxError", message: "invalid syntax" })
  })
})

it.each([
  "constructor",
  "__proto__",
  "toString",
  "globalThis",
  "process",
  "require",
  "eval",
  "__import__",
  "print",
  "open",
  "hasOwnProperty"
])("the name %s means nothing", (name) => {
  expect(failure(name)).toMatchObject({ _tag: "UnknownName", message: `name '${name}' is not defined` })
})

it.each([
  ["math.constructor", "module 'math' has no attribute 'constructor'"],
  ["(1).toString", "'int' object has no attribute 'toString'"],
  ["(1.5).value", "'float' object has no attribute 'value'"],
  ["[].items", "'list' object has no attribute 'items'"],
  ["'a'.length", "'str' object has no attribute 'length'"],
  ["abs.call", "'builtin_function_or_method' object has no attribute 'call'"],
  ["int.from_bytes", "type object 'int' has no attribute 'from_bytes'"]
])("there is no attribute beyond the list: %s", (expression, message) => {
  expect(failure(expression)).toMatchObject({ _tag: "UnknownAttribute", message })
})

it.each([
  ["1/0 +", "SyntaxError"],
  ["x + 1 2", "SyntaxError"],
  ["1/0 + x", "ZeroDivisionError"],
  ["x + 1/0", "NameError"],
  ["0 and x", "0"],
  ["1 or 1/0", "1"],
  ["2 if 1 else x", "2"],
  ["1 < 2 < x", "NameError"],
  ["2 < 1 < x", "False"]
])("syntax errors come first, and the rest in the order of evaluation: %s", (expression, value) => {
  expect(answer(expression).value).toBe(value)
})

it.each([
  ["sqrt(2)", "1.4142135623730951"],
  ["pi", "3.141592653589793"],
  ["pow(2, 3)", "8"],
  ["math.pow(2, 3)", "8.0"],
  ["factorial(20)", "2432902008176640000"]
])("the members of math are names of their own where no builtin has them: %s", (expression, value) => {
  expect(answer(expression)).toEqual({ value, message: "" })
})
