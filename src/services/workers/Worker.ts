import type * as Effect from "effect/Effect"
import * as Exit from "effect/Exit"
import { type ChildProcess, spawn } from "node:child_process"
import { performance } from "node:perf_hooks"
import { type BudgetExceeded, type EvaluationError, revive } from "../../domain/expression/errors.js"
import { type Batch, ready, type Reply, type Start } from "./messages.js"

/** An expression that waits for its answer. */
export interface Question {
  readonly expression: string
  readonly settle: (answer: Effect.Effect<string, EvaluationError>) => void
  /** Whether nobody waits any more. */
  isGivenUp: boolean
}

/** Who starts a worker and gives it its work. */
export interface Foreman {
  /** Milliseconds for one evaluation. */
  readonly time: number
  /** What is told who takes longer. */
  readonly tooLong: BudgetExceeded
  /** What is told who takes more memory, which ends the process. */
  readonly tooLarge: BudgetExceeded
  /** Whether there are other workers. */
  readonly hasOthers: boolean
  /** The worker has nothing to do. */
  readonly idle: (worker: Worker) => void
  /** Somebody else is to answer these. */
  readonly handBack: (questions: ReadonlyArray<Question>) => void
  /** The process has ended; it had been idle before, or never. Called once. */
  readonly ended: (worker: Worker, wasReady: boolean) => void
}

/**
 * Milliseconds after which an evaluation is a slow one: those behind it are handed to other workers, and if nobody waits
 * for it, it is ended. To start a process anew takes longer.
 */
const slow = 50

const exitOf = (reply: Reply): Exit.Exit<string, EvaluationError> => {
  if ("text" in reply) return Exit.succeed(reply.text)
  if ("defect" in reply) return Exit.die(new Error(reply.defect))
  return Exit.fail(revive(reply.error))
}

/** A process that evaluates, as its parent sees it. */
export class Worker {
  private readonly child: ChildProcess
  private readonly foreman: Foreman
  private isReady = false
  /** What it is at. What somebody else is to answer is left out. */
  private batch: Array<Question | undefined> = []
  /** How much of that is done; the next is under way. */
  private done = 0
  private since = 0
  private timer: NodeJS.Timeout | undefined = undefined

  constructor(command: ReadonlyArray<string>, start: Start, foreman: Foreman) {
    this.foreman = foreman
    // Nothing of this process is for expressions to see; and of V8's last words only that they were said matters.
    this.child = spawn(process.execPath, [...command, JSON.stringify(start)], {
      env: {},
      stdio: ["pipe", "ignore", "ignore", "ipc"],
      windowsHide: true
    })
    this.child.on("message", (message: Reply | typeof ready) => this.heard(message))
    this.child.on("error", () => {
      if (this.child.pid === undefined) this.ended(null)
    })
    this.child.on("exit", (code) => this.ended(code))
    this.child.stdin?.on("error", () => {})
  }

  /** Only for one that is idle. */
  work(questions: ReadonlyArray<Question>): void {
    this.batch = questions.slice()
    this.done = 0
    this.begin()
    const batch: Batch = questions.map(({ expression }) => expression)
    // That it cannot be told anything is told by its end.
    this.child.send(batch, () => {})
  }

  /** Ends the process. The answer goes to the question under way. */
  stop(answer: Exit.Exit<never, EvaluationError>): void {
    this.giveUp(answer)
    this.child.kill("SIGKILL")
  }

  private heard(message: Reply | typeof ready): void {
    if (message === ready) {
      this.isReady = true
      return this.foreman.idle(this)
    }
    if (this.done === this.batch.length) return
    this.batch[this.done++]?.settle(exitOf(message))
    if (this.done < this.batch.length) return this.begin()
    clearTimeout(this.timer)
    this.foreman.idle(this)
  }

  private begin(): void {
    this.since = performance.now()
    this.look(slow)
  }

  private look(later: number): void {
    clearTimeout(this.timer)
    this.timer = setTimeout(() => this.check(), Math.min(later, this.foreman.time))
  }

  private check(): void {
    const { batch, done, foreman } = this
    const question = batch[done]
    const isWanted = question !== undefined && !question.isGivenUp
    const left = (isWanted ? foreman.time : Math.min(slow, foreman.time)) - (performance.now() - this.since)
    if (foreman.hasOthers) foreman.handBack(this.takeBack())
    if (left > 0) return this.look(Math.min(left, slow))
    // An answer may lie there unread, if this process was stopped or busy.
    setImmediate(() => {
      if (this.batch !== batch || this.done !== done) return
      this.stop(Exit.fail(foreman.tooLong))
    })
  }

  /** What waits for the one under way. */
  private takeBack(): ReadonlyArray<Question> {
    const { batch, done } = this
    const waiting = batch.slice(done + 1).filter((question) => question !== undefined)
    batch.fill(undefined, done + 1)
    return waiting
  }

  private giveUp(answer: Exit.Exit<never, EvaluationError>): void {
    const question = this.batch[this.done]
    const waiting = this.takeBack()
    this.batch = []
    this.done = 0
    clearTimeout(this.timer)
    question?.settle(answer)
    this.foreman.handBack(waiting)
  }

  private ended(code: number | null): void {
    // V8 aborts when its heap is full, which Windows tells by a high code.
    const isBug = code !== null && code < 128
    this.giveUp(
      isBug
        ? Exit.die(new Error(`The evaluating process ended with the code ${code}.`))
        : Exit.fail(this.foreman.tooLarge)
    )
    this.foreman.ended(this, this.isReady)
  }
}
