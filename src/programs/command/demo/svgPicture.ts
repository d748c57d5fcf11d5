/** Runs as one SVG image, that stands by itself and follows its reader's light or dark. */
import { dark, escape, light } from "../report/Page.js"
import { captions } from "./captions.js"
import { summarize } from "./Lane.js"
import * as Chart from "./laneChart.js"
import type { Run } from "./Run.js"

const margin = 28
const heading = 8

const style = `${Chart.style}
.panel { fill: var(--panel); }
.rule { font: 14px system-ui, "Segoe UI", "Helvetica Neue", Arial, sans-serif; fill: var(--muted); white-space: pre; }
.model { font-size: 16px; font-weight: 700; fill: var(--ink); }
`

/** The colours written out: many programs that show SVG images know no variables. */
const colored = (colors: typeof light): string =>
  style.replace(/var\(--(\w+)\)/g, (_, name: keyof typeof light) => colors[name])

const legendStep = 126

export const svgPicture = (runs: ReadonlyArray<Run>): string => {
  const span = Math.max(...runs.map(({ lanes }) => summarize(lanes).end))
  let y = margin
  const place = (content: string, height: number): string => {
    const placed = `<g transform="translate(${margin} ${y})">\n${content}\n</g>`
    y += height
    return placed
  }
  const charts = [
    place(
      Chart.legend.map(([sample, word], i) =>
        `<g transform="translate(${
          i * legendStep
        } 0)">${sample}<g class="chart"><text x="32" y="14">${word}</text></g></g>`
      ).join("\n"),
      20 + margin
    ),
    ...runs.flatMap((run) => [
      place(
        `<text class="rule"><tspan class="model">${run.model}</tspan>  ${escape(captions[run.model].rule)}</text>`,
        heading
      ),
      place(Chart.laneChart(run, span), Chart.height(run) + margin)
    ])
  ]
  const width = Chart.width + 2 * margin
  const description = runs.map(Chart.description).join("\n")
  return `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${width} ${y}" width="${width}" height="${y}" role="img">
<title>Five models, five clients</title>
<desc>${escape(description)}</desc>
<style>${colored(light)}@media (prefers-color-scheme: dark) {${colored(dark)}}
</style>
<rect width="${width}" height="${y}" rx="12" class="panel"/>
${charts.join("\n")}
</svg>
`
}
