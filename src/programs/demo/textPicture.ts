/** Runs as text: a line a client, a character a beat. Every state has a shape of its own, so that colours are not needed. */
import type * as Duration from "effect/Duration"
import type pc from "picocolors"
import wrapAnsi from "wrap-ansi"
import { captions, scene } from "./captions.js"
import type { End, Lane, State, Summary } from "./Lane.js"
import { stateAt, summarize } from "./Lane.js"
import type { Run } from "./Run.js"

export type Colors = ReturnType<typeof pc.createColors>
type Paint = (text: string) => string

interface Mark {
  readonly shape: string
  readonly word: string
  readonly paint: (colors: Colors) => Paint
}

export const states: Record<State, Mark> = {
  connecting: { shape: "○", word: "connecting", paint: (colors) => colors.cyan },
  waiting: { shape: "░", word: "waiting", paint: (colors) => colors.yellow },
  served: { shape: "█", word: "being served", paint: (colors) => colors.blue },
  thinking: { shape: "·", word: "thinking", paint: (colors) => colors.dim }
}

export const ends: Record<End, Mark> = {
  done: { shape: "✓", word: "done", paint: (colors) => colors.green },
  refused: { shape: "✗", word: "refused", paint: (colors) => colors.red },
  closed: { shape: "■", word: "hung up on", paint: (colors) => colors.magenta }
}

/** Characters of a lane. With its name before it and its state behind it, it fits in 80. */
const width = 52

/** What is about to be seen, and how to read it. */
export const introduction = (beat: Duration.Duration, colors: Colors): string => {
  const legend = [states, ends].map((marks) =>
    Object.values(marks).map(({ paint, shape, word }) => `${paint(colors)(shape)} ${word}`).join("   ")
  )
  return [wrapAnsi(scene(beat), 78), "", ...legend, ""].join("\n")
}

/** A model's lanes, as far as they have come at `now`. */
export const panel = ({ beat, lanes, model }: Run, now: number, colors: Colors): string => {
  const { look, rule } = captions[model]
  // A run that is slower than planned is drawn smaller.
  const cell = Math.max(beat, summarize(lanes).end / (width - 1), now / (width - 1))
  return [
    `${colors.bold(model)}  ${rule}`,
    ...lanes.map((lane) =>
      `  client ${lane.client} ${drawLane(lane, cell, now, colors)} ${colors.dim(status(lane))}`.trimEnd()
    ),
    ...wrapAnsi(look, 76).split("\n").map((line) => `  ${line}`),
    ""
  ].join("\n")
}

/** The state in the middle of each character's time. */
const drawLane = (lane: Lane, cell: number, now: number, colors: Colors): string => {
  let drawn = ""
  const at = lane.end === undefined ? undefined : Math.ceil(lane.end.at / cell - 0.5)
  for (let i = 0; i < width; i++) {
    const middle = (i + 0.5) * cell
    const state = middle <= now ? stateAt(lane, middle) : undefined
    if (i === at) drawn += draw(ends[lane.end!.how], colors)
    else drawn += state === undefined ? " " : draw(states[state], colors)
  }
  return drawn
}

const draw = ({ paint, shape }: Mark, colors: Colors): string => paint(colors)(shape)

const status = (lane: Lane): string => {
  if (lane.end === undefined) {
    const state = lane.spans.at(-1)?.state
    return state === undefined ? "" : states[state].word
  }
  return lane.end.how === "done" ? `done, ${lane.answers} answers` : ends[lane.end.how].word
}

export const columns: ReadonlyArray<{ readonly title: string; readonly value: (summary: Summary) => string }> = [
  { title: "answered", value: (summary) => String(summary.answers) },
  { title: "refused", value: (summary) => String(summary.refused) },
  { title: "at once", value: (summary) => String(summary.atOnce) },
  { title: "longest wait", value: (summary) => seconds(summary.longestWait) },
  { title: "all over after", value: (summary) => seconds(summary.end) }
]

const seconds = (millis: number): string => `${(millis / 1000).toFixed(1)} s`

/** The models side by side, in numbers. */
export const comparison = (runs: ReadonlyArray<Run>, colors: Colors): string => {
  const rows = runs.map((run) => [run.model, ...columns.map(({ value }) => value(summarize(run.lanes)))])
  const head = ["model", ...columns.map(({ title }) => title)]
  const line = (row: ReadonlyArray<string>): string =>
    row.map((text, i) => i === 0 ? text.padEnd(11) : text.padStart(head[i]!.length + 2)).join("")
  return [colors.dim(line(head)), ...rows.map(line)].join("\n")
}
