/**
 * One worker thread with mathjs in it, which answers one expression after the other.
 */
// oxlint-disable unicorn/require-post-message-target-origin -- a worker has no origin
import * as Data from "effect/Data"
import * as Effect from "effect/Effect"
import type * as Scope from "effect/Scope"
import { Worker } from "node:worker_threads"
import { program, type Reply } from "./worker.js"

/** The worker is gone: out of memory, most likely. */
export class Lost extends Data.TaggedError("Lost")<{ readonly cause: unknown }> {}

export interface Calculator {
  /** Not to be asked again before it has answered, nor if it was not heard out. */
  readonly ask: (expression: string) => Effect.Effect<Reply, Lost>
}

const start = (mathjs: string, heap: number): Worker =>
  new Worker(program, {
    eval: true,
    workerData: { mathjs },
    resourceLimits: { maxOldGenerationSizeMb: heap, maxYoungGenerationSizeMb: 16, stackSizeMb: 4 },
    // Nothing of this process is for expressions to see.
    env: {},
    execArgv: []
  })

/** The next message from a worker, or its end. */
const message = <A>(worker: Worker, ask: () => void): Effect.Effect<A, Lost> =>
  Effect.async((resume) => {
    const end = (result: Effect.Effect<A, Lost>): void => {
      worker.off("message", heard).off("error", lost).off("exit", lost)
      resume(result)
    }
    const heard = (value: A): void => end(Effect.succeed(value))
    const lost = (cause: unknown): void => end(Effect.fail(new Lost({ cause })))
    worker.on("message", heard).on("error", lost).on("exit", lost)
    ask()
    return Effect.sync(() => end(Effect.interrupt))
  })

/** Ready to be asked. The worker ends with the scope. */
export const make = (mathjs: string, heap: number): Effect.Effect<Calculator, Lost, Scope.Scope> =>
  Effect.acquireRelease(
    // An error that comes while no one waits is told by the next question.
    Effect.sync(() => start(mathjs, heap).on("error", () => {})),
    (worker) => Effect.promise(() => worker.terminate())
  ).pipe(
    Effect.tap((worker) => message(worker, () => {})),
    Effect.map((worker) => ({ ask: (expression) => message<Reply>(worker, () => worker.postMessage(expression)) }))
  )
