import * as Deferred from "effect/Deferred"
import * as Effect from "effect/Effect"
import * as FiberId from "effect/FiberId"
import { type ChildProcess, spawn } from "node:child_process"
import { type Assignment, inEnvironment } from "../serve/worker/Assignment.js"
import type { Order, Told } from "../serve/worker/messages.js"
import { WorkerFailed } from "./errors.js"

/** How a process ended. */
export interface Ended {
  readonly code: number | null
  readonly signal: NodeJS.Signals | null
}

export type Ready = Extract<Told, { _tag: "Ready" }>

/** The first descriptor after those of every child: its standard ones, and the channel. */
const firstSocket = 4

/** Milliseconds for what a process has written last, where something it has started holds its pipes open. */
const patience = 500

/** Each is this process's to see to: none may outlive it, however it ends. */
const living = new Set<ChildProcess>()
process.on("exit", () => {
  for (const child of living) child.kill("SIGKILL")
})

/** These are for the process that they name. */
const { LISTEN_FDNAMES: _, LISTEN_FDS: __, LISTEN_PID: ___, ...environment } = process.env

export interface Options {
  /** Its places are to have the descriptors of this process. */
  readonly assignment: Assignment
  /** A line of its log. */
  readonly line: (text: string) => void
}

/** A process that serves, as the supervisor sees it. */
export class Worker {
  readonly number: number
  readonly pid: number | undefined
  readonly since = performance.now()
  ended: Ended | undefined = undefined
  /** How its server ended, once it has. */
  report: Extract<Told, { _tag: "Stopped" }> | undefined = undefined
  readonly whenReady: Effect.Effect<Ready, WorkerFailed>
  readonly whenEnded: Effect.Effect<Ended>
  private readonly child: ChildProcess

  constructor({ assignment, line }: Options) {
    const { number, places } = assignment
    this.number = number
    const ready = Deferred.unsafeMake<Ready, WorkerFailed>(FiberId.none)
    const ended = Deferred.unsafeMake<Ended>(FiberId.none)
    this.whenReady = Deferred.await(ready)
    this.whenEnded = Deferred.await(ended)
    const child = spawn(
      process.execPath,
      // A debugger has but one port.
      [...process.execArgv.filter((option) => !option.startsWith("--inspect")), ...process.argv.slice(1)],
      {
        env: {
          ...environment,
          ...inEnvironment({ ...assignment, places: places.map((place, i) => ({ ...place, fd: firstSocket + i })) })
        },
        stdio: ["ignore", "pipe", "pipe", "ipc", ...places.map(({ fd }) => fd)],
        windowsHide: true
      }
    )
    this.child = child
    this.pid = child.pid
    living.add(child)

    let failure: WorkerFailed | undefined = undefined
    child.on("message", (told: Told) => {
      if (told._tag === "Ready") Deferred.unsafeDone(ready, Effect.succeed(told))
      else if (told._tag === "Failed") failure = new WorkerFailed({ code: told.code, message: told.sentence })
      else this.report = told
    })
    const end = (how: Ended): void => {
      if (this.ended !== undefined) return
      this.ended = how
      Deferred.unsafeDone(
        ready,
        failure ?? new WorkerFailed({ code: 1, message: `A worker ${manner(how)} before it served anybody.` })
      )
      Deferred.unsafeDone(ended, Effect.succeed(how))
    }
    child.on("error", () => {
      if (child.pid === undefined) end({ code: null, signal: null })
    })
    child.on("exit", (code, signal) => {
      living.delete(child)
      setTimeout(() => end({ code, signal }), patience).unref()
    })
    child.on("close", (code, signal) => end({ code, signal }))
    child.stdout!.on("data", (chunk) => process.stdout.write(chunk))
    readLines(child.stderr!, line)
  }

  /** One that is gone hears none. */
  order(order: Order): void {
    if (this.child.connected) this.child.send(order, () => {})
  }

  kill(): void {
    this.child.kill("SIGKILL")
  }
}

/** How the sentence goes on that began with who ended. */
export const manner = ({ code, signal }: Ended): string => {
  if (signal !== null) return `was killed by ${signal}`
  return code === null ? "could not be started" : `ended with the code ${code}`
}

const readLines = (stream: NodeJS.ReadableStream, take: (line: string) => void): void => {
  let rest = ""
  stream.setEncoding("utf8")
  stream.on("data", (text: string) => {
    const lines = (rest + text).split("\n")
    rest = lines.pop()!
    for (const line of lines) take(line)
  })
  stream.on("end", () => {
    if (rest !== "") take(rest)
  })
}
