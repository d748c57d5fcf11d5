// Ensure that docs/promises.md and the numbered tests say the same: a line for each test, a test for each line.
import { describe, expect, it } from "@effect/vitest"
import { readdirSync, readFileSync } from "node:fs"
import { fileURLToPath } from "node:url"

const root = fileURLToPath(new URL("../..", import.meta.url))
const page = readFileSync(`${root}/docs/promises.md`, "utf8")

/** The lines that the page should have, each after its number: `` 4. - `test/law.test.ts`: What it says. `` */
const tested = (): ReadonlyArray<string> =>
  readdirSync(`${root}/test`, { recursive: true, encoding: "utf8" })
    .filter((file) => file.endsWith(".test.ts")).flatMap((file) => {
      // What follows `%s` is filled in by the test's runner. A test may be of several promises.
      const names = readFileSync(`${root}/test/${file}`, "utf8").matchAll(
        /"(\d+(?:, \d+)*)\. ([^"\n]+?)(?:[:,]? %s)?"/g
      )
      return Array.from(
        names,
        ([, numbers, name]) => numbers!.split(", ").map((number) => `${number}. - \`test/${file}\`: ${name}`)
      ).flat()
    })

/** The lines that the page has, each after the number of its item. */
const promised = (): ReadonlyArray<string> => {
  let number = "0"
  return page.split("\n").flatMap((line) => {
    number = /^(\d+)\. /.exec(line)?.[1] ?? number
    return /^ +- `test\//.test(line) ? [`${number}. ${line.trimStart()}`] : []
  })
}

const sorted = (lines: ReadonlyArray<string>): ReadonlyArray<string> =>
  Array.from(new Set(lines)).toSorted((a, b) => Number.parseInt(a) - Number.parseInt(b) || (a < b ? -1 : 1))

describe("docs/promises.md", () => {
  it("names every numbered test under its number, and none that is not there", () => {
    expect(sorted(promised())).toEqual(sorted(tested()))
    expect(promised().length).toBeGreaterThan(32)
  })

  it("numbers its items in order, and each has a test", () => {
    const numbers = Array.from(page.matchAll(/^(\d+)\. /gm), ([, number]) => Number(number))
    expect(numbers).toEqual(numbers.toSorted((a, b) => a - b))
    expect(new Set(promised().map((line) => Number.parseInt(line)))).toEqual(new Set(numbers))
  })
})
