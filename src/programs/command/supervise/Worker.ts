import * as Deferred from "effect/Deferred"
import * as Effect from "effect/Effect"
import * as FiberId from "effect/FiberId"
import * as Option from "effect/Option"
import { type ChildProcess, spawn } from "node:child_process"
import type { Happening } from "../admin/Administration.js"
import type { Family } from "../admin/Family.js"
import { type Assignment, inEnvironment } from "../serve/worker/Assignment.js"
import type { Order, Questions, Told } from "../serve/worker/messages.js"
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
  /** It tells of its clients. */
  readonly happened: (happenings: ReadonlyArray<Happening>) => void
}

/** A process that serves, as the supervisor sees it. */
export class Worker {
  readonly number: number
  readonly part: number
  readonly of: number
  readonly pid: number | undefined
  readonly since = performance.now()
  ended: Ended | undefined = undefined
  /** How its server ended, once it has. */
  report: Extract<Told, { _tag: "Stopped" }> | undefined = undefined
  /** What it has measured, as far as it was asked or has ended in good order. */
  metrics: ReadonlyArray<Family> = []
  readonly whenReady: Effect.Effect<Ready, WorkerFailed>
  readonly whenEnded: Effect.Effect<Ended>
  /** Pings since it has said anything. */
  private unheard = 0
  private readonly child: ChildProcess
  private readonly questions = new Map<number, (answer: Option.Option<unknown>) => void>()
  private asked = 0

  constructor({ assignment, happened, line }: Options) {
    const { number, of, part, places } = assignment
    this.number = number
    this.part = part
    this.of = of
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
      this.unheard = 0
      switch (told._tag) {
        case "Ready":
          return Deferred.unsafeDone(ready, Effect.succeed(told))
        case "Failed":
          failure = new WorkerFailed({ code: told.code, message: told.sentence })
          return
        case "Stopped":
          this.report = told
          this.metrics = told.metrics
          return
        case "Answer":
          return this.answered(told.id, Option.some(told.answer))
        case "Happened":
          return happened(told.happenings)
      }
    })
    const end = (how: Ended): void => {
      if (this.ended !== undefined) return
      this.ended = how
      for (const id of this.questions.keys()) this.answered(id, Option.none())
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

  /** None if it ends before it answers. */
  ask<What extends keyof Questions>(
    what: What,
    given: Questions[What][0]
  ): Effect.Effect<Option.Option<Questions[What][1]>> {
    return Effect.async((resume) => {
      if (!this.child.connected) return resume(Effect.succeedNone)
      const id = ++this.asked
      this.questions.set(id, (answer) => {
        // Safe: an answer is one to what was asked.
        const own = answer as Option.Option<Questions[What][1]>
        if (what === "metrics" && Option.isSome(own)) this.metrics = own.value as ReadonlyArray<Family>
        resume(Effect.succeed(own))
      })
      this.order({ _tag: "Ask", id, what, given })
      return Effect.sync(() => this.questions.delete(id))
    })
  }

  /** Has it say something; gives how many times it was asked before in vain. */
  ping(): number {
    this.order({ _tag: "Ping" })
    return this.unheard++
  }

  private answered(id: number, answer: Option.Option<unknown>): void {
    const hear = this.questions.get(id)
    this.questions.delete(id)
    hear?.(answer)
  }

  kill(): void {
    this.child.kill("SIGKILL")
  }
}

/** What of a worker matters to who replaces it. */
export type Hand = Pick<
  Worker,
  "number" | "pid" | "since" | "ended" | "report" | "whenReady" | "whenEnded" | "order" | "kill"
>

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
