/** What was measured, as people read it. */
import { count } from "../report/figures.js"
import type { Report, Result, Setup } from "./Report.js"

export { count, time } from "../report/figures.js"

export const bytes = (value: number): string =>
  value >= 1e9
    ? `${(value / 1e9).toFixed(2)} GB`
    : value >= 1e6
    ? `${(value / 1e6).toFixed(1)} MB`
    : value >= 1e3
    ? `${(value / 1e3).toFixed(1)} kB`
    : `${value} bytes`

const plural = (value: number, one: string, many = `${one}s`): string => `${count(value)} ${value === 1 ? one : many}`

/** Who was measured, and whether to the end. */
export const server = ({ isCutShort, server }: Result): string => isCutShort ? `${server} (cut short)` : server

export const connections = (value: number): string => plural(value, "connection")

const errorNames: Readonly<Record<keyof Result["errors"], readonly [one: string, many: string]>> = {
  WrongReply: ["wrong reply", "wrong replies"],
  ReplyTimeout: ["request without a reply", "requests without a reply"],
  ConnectionReset: ["connection cut", "connections cut"],
  ConnectionClosed: ["connection closed", "connections closed"],
  ConnectionRefused: ["connection refused", "connections refused"]
}

/** What did not go well. */
export const trouble = ({ errors, unsent }: Result): string => {
  const kinds = Object.keys(errors) as Array<keyof Result["errors"]>
  const troubles = kinds.map((kind) => plural(errors[kind]!, ...errorNames[kind]))
  if (unsent > 0) troubles.push(`${plural(unsent, "request")} due and never sent`)
  return troubles.length === 0 ? "none" : troubles.join(", ")
}

/** What was done, in one line. */
export const load = ({ depth, framing, messages, protocol, rate, seconds, warmUpSeconds }: Setup): string =>
  [
    protocol,
    plural(messages.length, "message"),
    `${framing} framing`,
    depth === 1 ? "one request at a time" : `${count(depth)} requests at a time`,
    ...(rate === undefined ? [] : [`${count(rate)} requests/s asked for`]),
    `${seconds} s after ${warmUpSeconds} s of warm-up`
  ].join(", ")

/** The same of a whole report. */
export const summary = ({ isCutShort, setup }: Report): string => isCutShort ? `${load(setup)}; cut short` : load(setup)

/** What was measured with, in one line. */
export const machine = ({ machine, versions }: Report): string =>
  `switchboard ${versions.switchboard}, Effect ${versions.effect}, Node ${versions.node}; ${machine.processor}, ${
    plural(machine.cores, "core")
  }, ${machine.memoryGiB} GiB, ${machine.system}`
