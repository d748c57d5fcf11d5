import type { Summary } from "./Lane.js"
import { summarize } from "./Lane.js"
import type { Run } from "./Run.js"

export const seconds = (millis: number): string => `${(millis / 1000).toFixed(1)} s`

const columns: ReadonlyArray<readonly [title: string, value: (summary: Summary) => string]> = [
  ["answered", ({ answers }) => String(answers)],
  ["refused", ({ refused }) => String(refused)],
  ["most at once", ({ atOnce }) => String(atOnce)],
  ["longest wait", ({ longestWait }) => seconds(longestWait)],
  ["over after", ({ end }) => seconds(end)]
]

/** The models side by side, in numbers: the titles, then a row a model. */
export const summaryTable = (
  runs: ReadonlyArray<Run>
): readonly [head: ReadonlyArray<string>, rows: ReadonlyArray<ReadonlyArray<string>>] => [
  ["model", ...columns.map(([title]) => title)],
  runs.map(({ lanes, model }) => {
    const summary = summarize(lanes)
    return [model, ...columns.map(([, value]) => value(summary))]
  })
]
