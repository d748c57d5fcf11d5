import { readFileSync } from "node:fs"
import { evaluate } from "../../../src/domain/expression/evaluate.js"

export interface Row {
  readonly expression: string
  readonly expected: string
  readonly family: string
  /** CPython's message, where the table has one. */
  readonly message: string
}

const escapes = new Map([["\\", "\\"], ["t", "\t"], ["n", "\n"], ["r", "\r"]])

const unescape = (field: string): string =>
  field.replace(
    /\\(?:([\\tnr])|x([0-9a-f]{2})|u([0-9a-f]{4}))/gi,
    (_, letter: string, byte: string, unit: string) =>
      escapes.get(letter) ?? String.fromCharCode(Number.parseInt(byte ?? unit, 16))
  )

export const rows = (file: string): ReadonlyArray<Row> => {
  const table = new URL(`../../fixtures/expressions/${file}.tsv`, import.meta.url)
  const [header = [], ...lines] = readFileSync(table, "utf8").trimEnd().split("\n").map((line) => line.split("\t"))
  return lines.map((line) => {
    const field = (...names: ReadonlyArray<string>): string =>
      unescape(line[header.findIndex((name) => names.includes(name))] ?? "")
    return {
      expression: field("expression"),
      expected: field("expected", "python311"),
      family: field("family"),
      message: field("detail", "python_message")
    }
  })
}

/** What the evaluator answers, in the tables' terms: a text, or an exception's name and its message. */
export const answer = (expression: string): { readonly value: string; readonly message: string } => {
  // Some rows are longer than the default budget allows.
  const result = evaluate(expression, { input: 65_536 })
  if (result._tag === "Right") return { value: result.right, message: "" }
  const error = result.left
  const place = error._tag === "SyntaxError" ? `${error.line}:${error.column}:` : ""
  return { value: error.pythonClass, message: place + error.message }
}

/** The rows answered otherwise, in a form to read. */
export const misses = (table: ReadonlyArray<Row>): ReadonlyArray<string> =>
  table.flatMap(({ expected, expression, message }) => {
    const given = answer(expression)
    const same = given.value === expected && (message === "" || given.message === message)
    return same ? [] : [`${expression}: ${given.value} ${given.message}, and not ${expected} ${message}`]
  })
