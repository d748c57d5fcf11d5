/** A report as one HTML page. */
import script from "script:./browser/charts.js"
import { percentages } from "../report/Latency.js"
import type { Page } from "../report/Page.js"
import { escape } from "../report/Page.js"
import type { Report, Result } from "./Report.js"
import type { Series } from "./Series.js"
import * as words from "./words.js"

/** A model's colour is its own, whichever others stand beside it. */
const colours: Readonly<Record<string, string>> = {
  threaded: "--blue",
  select: "--orange",
  iterative: "--green",
  single: "--purple"
}

const series = (result: Result): Series => ({
  name: words.server(result),
  load: words.connections(result.connections),
  colour: colours[result.server] ?? "--blue",
  requestsPerSecond: result.requestsPerSecond,
  distribution: result.latency.distribution
})

const row = (head: string, cells: ReadonlyArray<string>): string =>
  `<tr><th scope="row">${head}</th>${cells.map((cell) => `<td>${cell}</td>`).join("")}</tr>`

const results = (report: Report): string =>
  `<div class="scroll"><table class="figures">
<thead><tr><th>Server</th><th>Connections</th><th>Requests/s</th>${
    percentages.map((percentage) => `<th>${percentage} %</th>`).join("")
  }<th>Longest</th><th>Errors</th></tr></thead>
<tbody>
${
    report.results.map((result) =>
      row(`<i style="background:var(${colours[result.server] ?? "--blue"})"></i>${escape(words.server(result))}`, [
        words.count(result.connections),
        words.count(result.requestsPerSecond),
        ...percentages.map((percentage) => words.time(result.latency.percentiles[percentage]!)),
        words.time(result.latency.max),
        words.trouble(result)
      ])
    ).join("\n")
  }
</tbody>
</table></div>`

const facts = ({ date, machine, setup, versions }: Report): string =>
  `<table class="facts"><tbody>
${
    [
      ["Protocol", setup.protocol],
      ["Messages", setup.messages.map((message) => `<code>${escape(message)}</code>`).join(" ")],
      ["Framing", setup.framing],
      ["Requests under way on a connection", words.count(setup.depth)],
      [
        "Rate",
        setup.rate === undefined ? "as fast as replies came" : `${words.count(setup.rate)} requests/s asked for`
      ],
      ["Time", `${setup.seconds} s, after ${setup.warmUpSeconds} s of warm-up`],
      ["Processor", `${escape(machine.processor)}, ${machine.cores} cores`],
      ["Memory", `${machine.memoryGiB} GiB`],
      ["System", escape(machine.system)],
      ["Versions", `switchboard ${versions.switchboard}, Effect ${versions.effect}, Node ${versions.node}`],
      ["Date", `${date.slice(0, 16).replace("T", " ")} UTC`]
    ].map(([head, cell]) => row(head!, [cell!])).join("\n")
  }
</tbody></table>`

const style = `
main { max-width: 68rem; }
.chart { position: relative; overflow: hidden; }
.throughput { height: calc(4rem + var(--servers) * 2.5rem); }
.latency { height: 24rem; }
.figures { font-size: 0.9375rem; } .figures th, .figures td { padding-inline: 0.5rem; white-space: nowrap; }
.figures td:last-child, .figures th:last-child { padding-right: 0; }
.figures i { display: inline-block; width: 0.75rem; height: 0.75rem; margin-right: 0.5rem; border-radius: 2px; }
.facts { width: auto; } .facts th { font-weight: 400; color: var(--muted); } .facts td { text-align: left; }
`

export const page = (report: Report): Page => {
  const { rate } = report.setup
  return {
    title: `${report.setup.protocol} under load`,
    lead: escape(`${words.summary(report)}.`),
    style,
    body: `<section>
<h2>Throughput</h2>
<p>Requests answered in a second, by a client that needed its share of the machine, too.</p>
<div class="chart throughput" style="--servers:${report.results.length}"><canvas id="throughput" role="img" aria-label="Requests a second, a bar for each server; the figures are in the table below"></canvas></div>
</section>
<section>
<h2>Latency</h2>
<p>How long a reply took, at most, for so many of all replies: further to the right are the rarer, slower ones. ${
      rate === undefined
        ? "Each connection asked again when it was answered."
        : "A reply’s time counts from when its request was due, so a stall counts for all whom it delayed."
    }</p>
<div class="chart latency"><canvas id="latency" role="img" aria-label="Latency by percentile, a line for each server; the figures are in the table below"></canvas></div>
</section>
<section>
<h2>Figures</h2>
${results(report)}
</section>
<section>
<h2>Measured with</h2>
${facts(report)}
</section>
<script id="series" type="application/json">${
      // No text in it can end the element.
      JSON.stringify(report.results.map(series)).replaceAll("<", "\\u003c")}</script>`,
    script
  }
}
