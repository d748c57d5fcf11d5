// The expressions of the tests' tables, to be changed.
import { readdirSync, readFileSync } from "node:fs"

const folder = new URL("../../test/fixtures/expressions/", import.meta.url)

const letters = new Map([["\\", "\\"], ["t", "\t"], ["n", "\n"], ["r", "\r"]])

const unescaped = (field) =>
  field.replace(
    /\\(?:([\\tnr])|x([0-9a-f]{2})|u([0-9a-f]{4}))/gi,
    (_, letter, byte, unit) => letters.get(letter) ?? String.fromCharCode(Number.parseInt(byte ?? unit, 16))
  )

const expressions = (file) => {
  const [header, ...lines] = readFileSync(new URL(file, folder), "utf8").trimEnd().split("\n").map((line) =>
    line.split("\t")
  )
  const column = header.indexOf("expression")
  return lines.map((line) => unescaped(line[column]))
}

export const corpus = () =>
  readdirSync(folder)
    .filter((file) => file.endsWith(".tsv"))
    .toSorted()
    .flatMap(expressions)
    .filter((text) => text.length < 300 && !text.includes("\0"))
