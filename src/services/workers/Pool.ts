import * as Duration from "effect/Duration"
import * as Effect from "effect/Effect"
import * as Exit from "effect/Exit"
import * as FiberId from "effect/FiberId"
import type * as Scope from "effect/Scope"
import { availableParallelism } from "node:os"
import { BudgetExceeded, type EvaluationError } from "../../domain/expression/errors.js"
import type { Start } from "./messages.js"
import type { WorkerNotFound } from "./program.js"
import { program } from "./program.js"
import { type Foreman, type Question, Worker } from "./Worker.js"

/**
 * What the processes may take.
 *
 * @since 0.1.0
 * @category models
 */
export interface Options {
  /** Worker processes, and so evaluations at once; the others wait. Default one for each core but one, at most 4. */
  readonly workers?: number | undefined
  /** Time for one evaluation, from when a worker takes it up. Default 1 second. */
  readonly timeout?: Duration.DurationInput | undefined
  /** Each worker's heap, in MiB. Default 128. */
  readonly heap?: number | undefined
}

/** Processes that evaluate, one expression after the other each. */
export interface Pool {
  readonly ask: (expression: string) => Effect.Effect<string, EvaluationError>
}

/** Questions that a worker is handed at once, so that it need not wait for each. */
const most = 16

/** Milliseconds until a worker that never got ready is started again. */
const pause = 1000

const exceeded = (kind: "time" | "memory", limit: number, what: string): BudgetExceeded =>
  new BudgetExceeded({ kind, limit, message: `the expression takes ${what}` })

class Crew implements Foreman {
  readonly time: number
  readonly tooLong: BudgetExceeded
  readonly tooLarge: BudgetExceeded
  readonly hasOthers: boolean
  private readonly size: number
  private readonly start: () => Worker
  private readonly workers = new Set<Worker>()
  private free: Array<Worker> = []
  private waiting: Array<Question> = []
  private isClosed = false
  private whenEmpty: () => void = () => {}

  constructor(file: string, start: Start, options: Options) {
    const { heap = 128, timeout = "1 second", workers = Math.max(1, Math.min(4, availableParallelism() - 1)) } = options
    const time = Duration.decode(timeout)
    this.time = Duration.toMillis(time)
    this.tooLong = exceeded("time", this.time, `longer than ${Duration.format(time)}`)
    this.tooLarge = exceeded("memory", heap, `more memory than ${heap} MiB`)
    this.hasOthers = workers > 1
    this.size = workers
    this.start = () => new Worker([`--max-old-space-size=${heap}`, file], start, this)
    for (let i = 0; i < workers; i++) this.hire()
  }

  take(question: Question): void {
    this.waiting.push(question)
    this.handOut()
  }

  idle(worker: Worker): void {
    this.free.push(worker)
    this.handOut()
  }

  handBack(questions: ReadonlyArray<Question>): void {
    if (questions.length === 0) return
    this.waiting.unshift(...questions)
    this.handOut()
  }

  ended(worker: Worker, wasReady: boolean): void {
    this.workers.delete(worker)
    this.free = this.free.filter((other) => other !== worker)
    if (this.workers.size === 0) this.whenEmpty()
    if (wasReady) return this.hire()
    setTimeout(() => this.hire(), pause).unref()
    if (this.workers.size > 0) return
    const failure = Exit.die(new Error("No process that evaluates can be started."))
    for (const { settle } of this.waiting.splice(0)) settle(failure)
  }

  close(done: () => void): void {
    this.isClosed = true
    this.whenEmpty = done
    if (this.workers.size === 0) done()
    for (const worker of this.workers) worker.stop(Exit.interrupt(FiberId.none))
  }

  private hire(): void {
    if (!this.isClosed) this.workers.add(this.start())
  }

  /** The longer the queue, the more of it goes to each. */
  private handOut(): void {
    while (this.free.length > 0 && this.waiting.length > 0) {
      const share = Math.min(most, Math.ceil(this.waiting.length / this.size))
      const questions = this.waiting.splice(0, share).filter(({ isGivenUp }) => !isGivenUp)
      if (questions.length > 0) this.free.pop()!.work(questions)
    }
  }
}

/** The processes end with the scope. */
export const make = (start: Start, options: Options): Effect.Effect<Pool, WorkerNotFound, Scope.Scope> =>
  Effect.flatMap(program, (file) =>
    Effect.acquireRelease(
      Effect.sync(() => new Crew(file, start, options)),
      (crew) => Effect.async<void>((resume) => crew.close(() => resume(Effect.void)))
    )).pipe(
      Effect.map((crew) => ({
        ask: (expression) =>
          Effect.async((resume) => {
            const question: Question = { expression, settle: resume, isGivenUp: false }
            crew.take(question)
            return Effect.sync(() => {
              question.isGivenUp = true
            })
          })
      }))
    )
