/**
 * Calc: each message is an expression, and is answered with its value.
 *
 * @since 0.1.0
 * @module
 */
import * as Effect from "effect/Effect"
import * as Done from "../../domain/Done.js"
import { auto } from "../../domain/framing/Auto.js"
import type { TextProtocol } from "../../domain/Protocol.js"
import { make as makeProtocol } from "../../domain/Protocol.js"
import { Evaluator } from "../../services/Evaluator.js"

/**
 * What the reply to an expression without a value begins with.
 *
 * @since 0.1.0
 * @category constants
 */
export const invalid = "INVALID STATEMENT"

/**
 * How the calculator answers.
 *
 * @since 0.1.0
 * @category models
 */
export interface Options {
  /** Leave out the reason why an expression has no value. Default: false. */
  readonly terse?: boolean | undefined
}

/**
 * The calculator. An expression without a value is answered `INVALID STATEMENT: ` and the reason, and the conversation
 * goes on.
 *
 * @since 0.1.0
 * @category protocols
 */
export const make = (options: Options = {}): TextProtocol<never, Evaluator> => {
  const reject = (error: Error): string => options.terse === true ? invalid : `${invalid}: ${error.message}`
  return makeProtocol({
    name: "calc",
    framing: auto,
    malformed: (error) => [reject(error)],
    open: () => Effect.map(Evaluator, (evaluator) => ({ state: evaluator })),
    receive: (evaluator: typeof Evaluator.Service, expression) =>
      Done.match(
        evaluator.evaluate(expression),
        (error) => ({ state: evaluator, send: [reject(error)] }),
        (value) => ({ state: evaluator, send: [value] })
      )
  })
}

/**
 * The calculator, with its reasons.
 *
 * @since 0.1.0
 * @category protocols
 */
export const protocol: TextProtocol<never, Evaluator> = make()
