/** The demo as a page: a lane chart a model, all to one scale. */
import type { Page } from "../report/Page.js"
import { escape } from "../report/Page.js"
import { captions, scene } from "./captions.js"
import { summarize } from "./Lane.js"
import * as Chart from "./laneChart.js"
import type { Run } from "./Run.js"
import { summaryTable } from "./summaryTable.js"

const style = `
.rule { margin-left: 0.5rem; color: var(--muted); font-weight: 400; }
.lanes { min-width: 40rem; }
.legend { display: flex; flex-wrap: wrap; gap: 0.5rem 1.75rem; margin: 1.5rem 0 1rem; padding: 0; list-style: none; font-size: 0.875rem; }
.legend li { display: flex; align-items: center; gap: 0.5rem; }
.legend svg { width: 24px; }
.curtain { fill: var(--panel); transform: scaleX(0); transform-box: fill-box; transform-origin: right; }
@keyframes uncover { from { transform: scaleX(1); } to { transform: scaleX(0); } }
@keyframes appear { from { opacity: 0; } to { opacity: 1; } }
.replaying .curtain { animation: uncover calc(var(--span) * var(--pace)) linear; }
.replaying .outcome { animation: appear 0.1s linear backwards; }
`

// A class that is taken away and given back plays its animations from the start.
const script = `
for (const button of document.querySelectorAll("button")) {
  button.hidden = false
  button.addEventListener("click", () => {
    document.documentElement.style.setProperty("--pace", button.value)
    document.body.classList.remove("replaying")
    void document.body.offsetWidth
    document.body.classList.add("replaying")
  })
}
`

const models = Object.keys(captions).length

/** Slowly is a quarter of the pace, or what lasts so many milliseconds, for a run that was over in no time. */
const slowly = 10_000

export const reportPage = (runs: ReadonlyArray<Run>): Page => {
  const span = Math.max(...runs.map(({ lanes }) => summarize(lanes).end))
  const [head, rows] = summaryTable(runs)
  return {
    title: runs.length === models
      ? "Five models, five clients"
      : `${runs.map(({ model }) => model).join(", ")}: five clients`,
    lead: escape(scene(runs[0]?.beat ?? 0)),
    style: `${Chart.style}${style}:root { --span: ${span}ms; }\n`,
    script,
    body: [
      `<ul class="legend">${
        Chart.legend.map(([sample, word]) =>
          `<li><svg viewBox="0 0 24 20" aria-hidden="true">${sample}</svg> ${word}</li>`
        )
          .join("\n")
      }</ul>`,
      `<p><button hidden value="1">Replay in real time</button> <button hidden value="${
        Math.max(4, Math.round(slowly / span))
      }">Replay slowly</button></p>`,
      ...runs.map((run) => {
        const { look, rule } = captions[run.model]
        return `<section id="${run.model}">
<h2>${run.model} <small class="rule">${escape(rule)}</small></h2>
<p>${escape(look)}</p>
<div class="scroll"><svg class="lanes" viewBox="0 0 ${Chart.width} ${Chart.height(run)}" role="img" aria-label="${
          escape(Chart.description(run))
        }">
${Chart.laneChart(run, span)}
${Chart.curtain(run)}
</svg></div>
</section>`
      }),
      `<section><h2>In numbers</h2><div class="scroll"><table>
<thead><tr>${head.map((title) => `<th scope="col">${title}</th>`).join("")}</tr></thead>
<tbody>${
        rows.map(([model, ...cells]) =>
          `<tr><th scope="row">${model}</th>${cells.map((cell) => `<td>${cell}</td>`).join("")}</tr>`
        ).join("\n")
      }</tbody>
</table></div></section>`
    ].join("\n")
  }
}
