import { readFileSync } from "node:fs"

/** A double from the text of Python's `float.hex`. */
const fromHex = (text: string): number => {
  const match = /^(-?)(?:0x([01])\.([0-9a-f]+)p([+-]\d+)|inf)$/.exec(text)
  if (match === null) throw new Error(`no hexadecimal float: ${text}`)
  const sign = match[1] === "-" ? -1 : 1
  if (match[2] === undefined) return sign * Infinity
  // Scaled in two steps, each exact, for 2^-1074 alone is no factor of a subnormal's digits.
  const exponent = Number(match[4])
  return sign * (Number(match[2]) + Number(`0x${match[3]}`) / 16 ** match[3]!.length)
    * 2 ** Math.trunc(exponent / 2) * 2 ** (exponent - Math.trunc(exponent / 2))
}

export interface Row {
  readonly args: ReadonlyArray<number>
  readonly expected: number
}

/** CPython's answers, by function. */
export const rowsByFunction = new Map<string, Array<Row>>()

const file = new URL("../../../fixtures/elementary/cpython.tsv", import.meta.url)
for (const line of readFileSync(file, "utf8").trim().split("\n")) {
  const [name = "", ...fields] = line.split("\t")
  const values = fields.map(fromHex)
  const rows = rowsByFunction.get(name) ?? []
  rowsByFunction.set(name, rows)
  rows.push({ args: values.slice(0, -1), expected: values.at(-1)! })
}
