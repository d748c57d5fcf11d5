/** A report as text for a terminal. */
import Table from "cli-table3"
import { percentages } from "./Latency.js"
import type { Report, Result, Setup } from "./Report.js"
import * as words from "./words.js"

/** One server's figures, a line each. */
export const details = (setup: Setup, result: Result): string => {
  const { latency } = result
  const lines: Array<readonly [string, string]> = [
    ["requests/s", words.count(result.requestsPerSecond)],
    ["replies", `${words.count(result.replies)} in ${result.seconds.toFixed(2)} s`],
    ["latency", `mean ${words.time(latency.mean)}, from ${words.time(latency.min)} to ${words.time(latency.max)}`],
    ...percentages.map((percentage) => [`  ${percentage} %`, words.time(latency.percentiles[percentage]!)] as const),
    ["bytes", `${words.bytes(result.bytesSent)} sent, ${words.bytes(result.bytesReceived)} received`],
    ["errors", words.trouble(result)]
  ]
  return [
    `${words.server(result)}, ${words.connections(result.connections)}: ${words.load(setup)}`,
    ...lines.map(([name, value]) => `  ${name.padEnd(12)}${value}`),
    ""
  ].join("\n")
}

/** All servers side by side. */
export const comparison = (report: Report): string => {
  const table = new Table({
    head: ["server", "connections", "requests/s", "50 %", "99 %", "99.9 %", "99.99 %", "longest", "errors"],
    colAligns: ["left", "right", "right", "right", "right", "right", "right", "right", "left"],
    style: { head: [], border: [], compact: true }
  })
  for (const result of report.results) {
    table.push([
      words.server(result),
      words.count(result.connections),
      words.count(result.requestsPerSecond),
      ...["50", "99", "99.9", "99.99"].map((percentage) => words.time(result.latency.percentiles[percentage]!)),
      words.time(result.latency.max),
      words.trouble(result)
    ])
  }
  return `${words.summary(report)}\n${table.toString()}\n${words.machine(report)}\n`
}
