/** Runs as text: a line a client, a character a beat. */
import Table from "cli-table3"
import type pc from "picocolors"
import wrapAnsi from "wrap-ansi"
import { captions, scene } from "./captions.js"
import type { Lane } from "./Lane.js"
import { stateAt } from "./Lane.js"
import { ends, inWords, states } from "./marks.js"
import type { Run } from "./Run.js"
import { summaryTable } from "./summaryTable.js"

type Colors = ReturnType<typeof pc.createColors>

/** Characters of a lane. With its name before it and its state behind it, it fits in 80. */
const width = 52

/** What is about to be seen, and how to read it. */
export const introduction = (beat: number, colors: Colors): string => {
  const legend = [states, ends].map((marks) =>
    Object.values(marks).map(({ color, shape, word }) => `${colors[color](shape)} ${word}`).join("   ")
  )
  return [wrapAnsi(scene(beat), 78), "", ...legend, ""].join("\n")
}

/** A model's lanes, as far as they have come at `now`. */
export const panel = ({ beat, lanes, model }: Run, now: number, colors: Colors): string => {
  const { look, rule } = captions[model]
  // A run that is slower than planned is drawn smaller.
  const cell = Math.max(beat, now / (width - 1))
  return [
    `${colors.bold(model)}  ${rule}`,
    ...lanes.map((lane) =>
      `  client ${lane.client} ${drawLane(lane, cell, now, colors)} ${colors.dim(inWords(lane))}`.trimEnd()
    ),
    ...wrapAnsi(look, 76).split("\n").map((line) => `  ${line}`),
    ""
  ].join("\n")
}

/** Each character is the state in the middle of its time. */
const drawLane = ({ end, spans }: Lane, cell: number, now: number, colors: Colors): string => {
  const last = end === undefined ? undefined : Math.ceil(end.at / cell - 0.5)
  return Array.from({ length: width }, (_, i) => {
    const middle = (i + 0.5) * cell
    const state = middle <= now ? stateAt(spans, middle) : undefined
    const mark = i === last ? ends[end!.how] : state && states[state]
    return mark === undefined ? " " : colors[mark.color](mark.shape)
  }).join("")
}

/** The models side by side, in numbers. */
export const comparison = (runs: ReadonlyArray<Run>): string => {
  const [head, rows] = summaryTable(runs)
  const table = new Table({
    head: [...head],
    colAligns: head.map((_, i) => i === 0 ? "left" : "right"),
    style: { head: [], border: [], compact: true }
  })
  table.push(...rows.map((row) => [...row]))
  return table.toString()
}
