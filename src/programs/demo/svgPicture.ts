/** Runs as one SVG image, that stands by itself and follows its reader's light or dark. */
import { escape, palette } from "../report/Page.js"
import { captions } from "./captions.js"
import { summarize } from "./Lane.js"
import * as Chart from "./laneChart.js"
import type { Run } from "./Run.js"

const margin = 28
const heading = 8

export const svgPicture = (runs: ReadonlyArray<Run>): string => {
  const span = Math.max(...runs.map(({ lanes }) => summarize(lanes).end))
  let y = margin
  const place = (content: string, height: number): string => {
    const placed = `<g transform="translate(${margin} ${y})">\n${content}\n</g>`
    y += height
    return placed
  }
  const charts = [
    place(Chart.legend(), 20 + margin),
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
<style>${palette}${Chart.style}.rule { font: 14px system-ui, "Segoe UI", "Helvetica Neue", Arial, sans-serif; fill: var(--muted); white-space: pre; }
.model { font-size: 16px; font-weight: 700; fill: var(--ink); }
</style>
<rect width="${width}" height="${y}" rx="12" style="fill: var(--panel)"/>
${charts.join("\n")}
</svg>
`
}
