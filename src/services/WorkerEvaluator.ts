/**
 * Python's expressions, all but plain arithmetic evaluated in processes of their own.
 *
 * The evaluator counts what an expression takes, and refuses what would take too much. Here the operating system stands
 * behind that: a process that overruns its time or its heap is ended and replaced, and only the request it was at work on
 * gets an error. So even a mistake in the evaluator holds up nobody else.
 *
 * @since 0.2.0
 * @module
 */
import * as Effect from "effect/Effect"
import * as Exit from "effect/Exit"
import * as Layer from "effect/Layer"
import { type Budget, withDefaults } from "../domain/expression/budget.js"
import { plainAnswer } from "../domain/expression/evaluate.js"
import { Evaluator } from "./Evaluator.js"
import * as Pool from "./workers/Pool.js"
import type { WorkerNotFound } from "./workers/program.js"

export { WorkerNotFound } from "./workers/program.js"

/**
 * What expressions, and the processes that evaluate them, may take.
 *
 * @since 0.2.0
 * @category models
 */
export interface Options extends Pool.Options {
  /** What one expression may take by the evaluator's own count; what is left out keeps its default. */
  readonly budget?: Partial<Budget> | undefined
}

/**
 * An {@link Evaluator} over worker processes, which end with the layer's scope.
 *
 * Plain arithmetic, which is what most requests are, is answered at once, in the server's own process. Any other
 * expression takes the way to a worker and back, and while it is under way the server serves others,
 * under a model with a fiber a client. Under `select`, where turns are one at a time, everybody waits for it.
 *
 * Who overruns the time fails with `BudgetExceeded` of the kind `time`, who overruns the heap of the kind `memory`.
 *
 * @since 0.2.0
 * @category layers
 * @example
 * ```ts
 * import * as Layer from "effect/Layer"
 * import { Calc, Model, NodeSocketServer, Server, WorkerEvaluator } from "effect-switchboard"
 *
 * const server = Server.layer(Calc.protocol, { model: Model.threaded }).pipe(
 *   Layer.provide(WorkerEvaluator.layer({ workers: 2, timeout: "250 millis" })),
 *   Layer.provide(NodeSocketServer.layer({ port: 1234 }))
 * )
 * ```
 */
export const layer = (options: Options = {}): Layer.Layer<Evaluator, WorkerNotFound> => layerProgram("python", options)

/**
 * Another program in the workers: the URL of a module that exports `make`, a function of the budget.
 *
 * @internal
 */
export const layerProgram = (program: string, options: Options): Layer.Layer<Evaluator, WorkerNotFound> => {
  const budget = withDefaults(options.budget ?? {})
  return Layer.scoped(
    Evaluator,
    Effect.map(Pool.make({ program, settings: budget }, options), ({ ask }) => ({
      evaluate: (expression) => {
        const plain = plainAnswer(expression, budget)
        return plain === undefined ? ask(expression) : Exit.succeed(plain)
      }
    }))
  )
}
