/** A report as text for a terminal. */
import wrapAnsi from "wrap-ansi"
import { table } from "../console/table.js"
import { percentages } from "../report/Latency.js"
import type { Report, Result, Setup } from "./Report.js"
import * as words from "./words.js"

const wrapped = (text: string, columns: number): string => columns === Infinity ? text : wrapAnsi(text, columns)

/** One server's figures, a line each, in lines of so many columns. */
export const details = (setup: Setup, result: Result, columns: number): string => {
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
    wrapped(`${words.server(result)}, ${words.connections(result.connections)}: ${words.load(setup)}`, columns),
    ...lines.map(([name, value]) => `  ${name.padEnd(12)}${value}`),
    ""
  ].join("\n")
}

const percentiles = ["50", "99", "99.9", "99.99"]

/** All servers side by side, or below each other where there is no room for that. */
export const comparison = (report: Report, columns: number): string => {
  const head = ["server", "connections", "requests/s", ...percentiles.map((at) => `${at} %`), "longest", "errors"]
  const rows = report.results.map((result) => [
    words.server(result),
    words.count(result.connections),
    words.count(result.requestsPerSecond),
    ...percentiles.map((at) => words.time(result.latency.percentiles[at]!)),
    words.time(result.latency.max),
    words.trouble(result)
  ])
  const figures = table({ head, rows, words: new Set([0, head.length - 1]) }, columns)
  return [wrapped(words.summary(report), columns), figures, wrapped(words.machine(report), columns), ""].join("\n")
}
