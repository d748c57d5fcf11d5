/** What a supervisor says in the log. */
import * as Duration from "effect/Duration"
import * as LogLevel from "effect/LogLevel"
import type { Entry } from "../console/Entry.js"
import type { Ended, Hand } from "./Worker.js"
import { manner } from "./Worker.js"

const seconds = (milliseconds: number): string => `${milliseconds / 1000} s`

const facts = ({ number, pid }: Hand) => ({ worker: number, ...(pid === undefined ? {} : { pid }) })

const named = ({ number, pid }: Hand): string => `worker ${number}${pid === undefined ? "" : ` (process ${pid})`}`

export const warning = (message: string, event: string): Entry => ({
  level: LogLevel.Warning,
  message,
  fields: { event }
})

export const stuck = (worker: Hand): Entry => ({
  level: LogLevel.Error,
  message: `${named(worker)} is stuck: its event loop has not turned for the watchdog's time, so it is killed`,
  fields: { event: "worker-stuck", ...facts(worker) }
})

export const died = (worker: Hand, ended: Ended, wait: number): Entry => ({
  level: LogLevel.Error,
  message: `${named(worker)} ${manner(ended)}: its clients are lost, and another takes its place${
    wait === 0 ? "" : ` in ${seconds(wait)}`
  }`,
  fields: {
    event: "worker-died",
    ...facts(worker),
    ...(ended.signal === null ? { code: ended.code ?? "none" } : { signal: ended.signal })
  }
})

export const diedStopping = (worker: Hand, ended: Ended): Entry => ({
  level: LogLevel.Error,
  message: `${named(worker)} ${manner(ended)} while it stopped: its clients are lost`,
  fields: { event: "worker-died", ...facts(worker) }
})

export const killed = (worker: Hand): Entry => ({
  level: LogLevel.Error,
  message: `${named(worker)} did not end in time, and is killed`,
  fields: { event: "worker-killed", ...facts(worker) }
})

export const notReplaced = (reason: string, wait: number): Entry => ({
  level: LogLevel.Error,
  message: `a worker could not be replaced, which is tried again in ${seconds(wait)}: ${reason}`,
  fields: { event: "worker-not-replaced", reason }
})

export const replaced = (worker: Hand): Entry => ({
  level: LogLevel.Debug,
  message: `${named(worker)} serves`,
  fields: { event: "worker-ready", ...facts(worker) }
})

export const listensOn = (delay: Duration.Duration): Entry => ({
  level: LogLevel.Info,
  message: `stopping: not ready, and listening for ${Duration.format(delay)} more`,
  fields: { event: "stopping" }
})

export const reloaded = (workers: number): Entry => ({
  level: LogLevel.Info,
  message: `reloaded: ${workers === 1 ? "1 worker goes" : `${workers} workers go`} by the settings as they are now, `
    + "and who served before answers what is received",
  fields: { event: "reloaded", workers }
})

export const notReloaded = (reason: string): Entry => ({
  level: LogLevel.Error,
  message: `not reloaded, and the workers stay as they are: ${reason}`,
  fields: { event: "reload-failed", reason }
})
