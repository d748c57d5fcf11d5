/**
 * A run as an SVG lane chart. States and ends differ by shape as well as by colour. The colours are the variables of
 * `report/Page.ts`, so whoever shows the chart defines them.
 */
import { endShapes } from "../report/endShapes.js"
import { captions } from "./captions.js"
import type { End, Lane, Span, State } from "./Lane.js"
import { ends, inWords, states } from "./marks.js"
import type { Run } from "./Run.js"
import { seconds } from "./summaryTable.js"

/** Measures in SVG units. The lanes lie between the names on the left and the ends in words on the right. */
export const width = 880
const left = 72
const right = 740
const row = 26
const top = 10
const bar = 14
const axis = 24

export const height = ({ lanes }: Run): number => top + lanes.length * row + axis

export const style = `
.chart text { font: 13px system-ui, "Segoe UI", "Helvetica Neue", Arial, sans-serif; fill: var(--ink); }
.chart .tick { stroke: var(--rule); }
.chart text.minor { font-size: 12px; fill: var(--muted); }
.chart .connecting { fill: var(--panel); stroke: var(--blue); stroke-width: 2; }
.chart .waiting { stroke: var(--orange); stroke-width: ${bar}; stroke-dasharray: 2 4; }
.chart .served { stroke: var(--blue); stroke-width: ${bar}; }
.chart .thinking { stroke: var(--muted); stroke-width: 2; }
.chart .end { fill: none; stroke-width: 3; stroke-linecap: round; stroke-linejoin: round; }
.chart .done { stroke: var(--green); }
.chart .refused { stroke: var(--red); }
.chart .closed { stroke: var(--purple); fill: var(--purple); }
`

/** The lanes of a run, drawn to `span` milliseconds so that several runs can be compared. */
export const laneChart = (run: Run, span: number): string => {
  const x = (at: number): number => round(left + (at / span) * (right - left))
  const bottom = top + run.lanes.length * row
  const ticks = tickTimes(span).map((at) =>
    `<line class="tick" x1="${x(at)}" x2="${x(at)}" y1="${top - 6}" y2="${bottom + 2}"/>` +
    `<text class="minor" x="${x(at)}" y="${bottom + 18}" text-anchor="middle">${tick(at, span)}</text>`
  )
  const lanes = run.lanes.map((lane, i) => drawLane(lane, top + (i + 0.5) * row, x, span))
  return `<g class="chart">\n${[...ticks, ...lanes].join("\n")}\n</g>`
}

/** Lies over the lanes of a run, from their start to where the latest end is marked. */
export const curtain = ({ lanes }: Run): string =>
  `<rect class="curtain" x="${left - 8}" y="0" width="${right - left + 26}" height="${top + lanes.length * row + 2}"/>`

/** Four to eight round times. */
const tickTimes = (span: number): ReadonlyArray<number> => {
  const magnitude = 10 ** Math.floor(Math.log10(span / 4))
  const step = [5, 2, 1].map((n) => n * magnitude).find((step) => span / step >= 4) ?? magnitude
  return Array.from({ length: Math.floor(span / step) + 1 }, (_, i) => i * step)
}

/** Tenths of a second do not tell the ticks of a short run apart. */
const tick = (at: number, span: number): string => span < 1000 ? `${Math.round(at)} ms` : seconds(at)

const drawLane = (lane: Lane, y: number, x: (at: number) => number, span: number): string => {
  const words = inWords(lane)
  return [
    `<text x="0" y="${y + 4}">client ${lane.client}</text>`,
    ...lane.spans.map((each) => drawSpan(each, lane.client, y, x, span)),
    ...(lane.end === undefined ? [] : [
      `<path class="end ${lane.end.how}" transform="translate(${round(x(lane.end.at) + 11)} ${y})" d="${
        endShapes[lane.end.how]
      }"/>`,
      `<text class="minor outcome" style="animation-delay: calc(${
        Math.round(lane.end.at)
      }ms * var(--pace, 1))" x="${width}" y="${y + 4}" text-anchor="end">${words}</text>`
    ])
  ].join("\n")
}

const drawSpan = (
  { from, state, to }: Span,
  client: number,
  y: number,
  x: (at: number) => number,
  span: number
): string => {
  const end = to ?? span
  const title = `<title>client ${client}, ${states[state].word}: ${seconds(from)} to ${seconds(end)}</title>`
  const line = (state: State, from: number): string =>
    `<line class="${state}" x1="${from}" x2="${Math.max(x(end), from)}" y1="${y}" y2="${y}">${title}</line>`
  return state === "connecting"
    ? line("thinking", x(from)) + `<circle class="connecting" cx="${x(from)}" cy="${y}" r="5">${title}</circle>`
    : line(state, x(from))
}

const round = (length: number): number => Math.round(length * 10) / 10

const samples: Record<State | End, string> = {
  connecting: `<circle class="connecting" cx="12" cy="10" r="5"/>`,
  waiting: `<line class="waiting" x1="0" x2="24" y1="10" y2="10"/>`,
  served: `<line class="served" x1="0" x2="24" y1="10" y2="10"/>`,
  thinking: `<line class="thinking" x1="0" x2="24" y1="10" y2="10"/>`,
  done: `<path class="end done" transform="translate(12 10)" d="${endShapes.done}"/>`,
  refused: `<path class="end refused" transform="translate(12 10)" d="${endShapes.refused}"/>`,
  closed: `<path class="end closed" transform="translate(12 10)" d="${endShapes.closed}"/>`
}

/** How to read a chart: what each thing looks like, in a box of 24 by 20, and what it is. */
export const legend: ReadonlyArray<readonly [sample: string, word: string]> = Object.entries({ ...states, ...ends })
  .map(([name, { word }]) => [`<g class="chart">${samples[name as State | End]}</g>`, word])

/** What a chart shows, for those who do not see it. */
export const description = (run: Run): string =>
  `${run.model}: ${captions[run.model].rule}. ${
    run.lanes.map((lane) => `Client ${lane.client}: ${inWords(lane)}.`).join(" ")
  }`
