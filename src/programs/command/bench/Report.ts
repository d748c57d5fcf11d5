/** What a run of the bench found, and with what: all that its writers need. */
import * as os from "node:os"
import packageJson from "../../../../package.json" with { type: "json" }
import type { Measurement } from "./Load.js"

/** What was measured with, as it was asked for. */
export interface Setup {
  readonly protocol: string
  readonly messages: ReadonlyArray<string>
  readonly framing: string
  readonly depth: number
  readonly rate: number | undefined
  readonly seconds: number
  readonly warmUpSeconds: number
}

/** A measurement of one server: a model's, or the one that was running. */
export interface Result extends Measurement {
  readonly server: string
}

export interface Report {
  /** ISO 8601. */
  readonly date: string
  readonly versions: { readonly switchboard: string; readonly effect: string; readonly node: string }
  readonly machine: {
    readonly processor: string
    readonly cores: number
    readonly memoryGiB: number
    readonly system: string
  }
  readonly setup: Setup
  /** In the order they were measured; the last of a report that was cut short may be, too. */
  readonly results: ReadonlyArray<Result>
  /** Whether it was stopped before all was measured. */
  readonly isCutShort: boolean
}

export const make = (
  date: Date,
  setup: Setup,
  results: ReadonlyArray<Result>,
  isCutShort: boolean
): Report => ({
  date: date.toISOString(),
  versions: {
    switchboard: packageJson.version,
    effect: packageJson.devDependencies.effect,
    node: process.versions.node
  },
  machine: {
    processor: os.cpus()[0]?.model.trim() ?? "unknown",
    cores: os.availableParallelism(),
    memoryGiB: Math.round(os.totalmem() / 2 ** 30),
    system: `${os.type()} ${os.release()} ${os.arch()}`
  },
  setup,
  results,
  isCutShort
})
