/** Runs as text: a line a client, a character a beat. */
import type pc from "picocolors"
import wrapAnsi from "wrap-ansi"
import { table } from "../console/table.js"
import { captions, scene } from "./captions.js"
import type { Lane } from "./Lane.js"
import { stateAt } from "./Lane.js"
import { ends, inWords, states } from "./marks.js"
import type { Run } from "./Run.js"
import { summaryTable } from "./summaryTable.js"

type Colors = ReturnType<typeof pc.createColors>

/** How a picture is to be made. */
export interface Style {
  readonly colors: Colors
  /** The width of what it is shown on. More than 80 changes nothing. */
  readonly columns: number
}

/** Before a lane stands its name, behind it what its client does. */
const name = "  client 1 ".length
const words = " done, 3 answers".length

/** Characters of a lane: 53 where there are 80, and never so few that nothing can be seen. */
const room = ({ columns }: Style): number => Math.max(12, Math.min(columns, 80) - name - words)

const wrapped = (text: string, { columns }: Style, indent = ""): ReadonlyArray<string> =>
  wrapAnsi(text, Math.min(columns, 80) - 2 - indent.length).split("\n").map((line) => indent + line)

/** What is about to be seen, and how to read it. */
export const introduction = (beat: number, style: Style): string => {
  const legend = [states, ends].map((marks) =>
    Object.values(marks).map(({ color, shape, word }) => `${style.colors[color](shape)} ${word}`).join("   ")
  )
  return [...wrapped(scene(beat), style), "", ...legend.flatMap((line) => wrapped(line, style)), ""].join("\n")
}

/** A model's lanes, as far as they have come at `now`. */
export const panel = ({ beat, lanes, model }: Run, now: number, style: Style): string => {
  const { look, rule } = captions[model]
  const width = room(style)
  // A run that is slower than planned is drawn smaller, and so is one that has little room.
  const cell = Math.max(beat, now / (width - 1))
  return [
    ...wrapped(`${style.colors.bold(model)}  ${rule}`, style),
    ...lanes.map((lane) =>
      `  client ${lane.client} ${drawLane(lane, cell, width, now, style.colors)} ${style.colors.dim(inWords(lane))}`
        .trimEnd()
    ),
    ...wrapped(look, style, "  "),
    ""
  ].join("\n")
}

/** Each character is the state in the middle of its time. */
const drawLane = ({ end, spans }: Lane, cell: number, width: number, now: number, colors: Colors): string => {
  const last = end === undefined ? undefined : Math.ceil(end.at / cell - 0.5)
  return Array.from({ length: width }, (_, i) => {
    const middle = (i + 0.5) * cell
    const state = middle <= now ? stateAt(spans, middle) : undefined
    const mark = i === last ? ends[end!.how] : state && states[state]
    return mark === undefined ? " " : colors[mark.color](mark.shape)
  }).join("")
}

/** The models side by side, in numbers. */
export const comparison = (runs: ReadonlyArray<Run>, { columns }: Style): string => {
  const [head, rows] = summaryTable(runs)
  return table({ head, rows }, columns)
}
