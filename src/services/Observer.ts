/**
 * Who is told what happens in a server.
 *
 * @since 0.1.0
 * @module
 */
import * as Context from "effect/Context"
import type { ServerEvent } from "../domain/ServerEvent.js"

/**
 * Somebody who is told what happens: a log, a counter, a test.
 *
 * @since 0.1.0
 * @category models
 */
export interface Shape {
  /** Whether `Request` and `Reply` events are wanted: they are made for every message. */
  readonly messages: boolean
  /** Called synchronously, in the server's own turn: it must be quick and must not throw. */
  readonly observe: (event: ServerEvent) => void
}

/**
 * The observer of the servers started under it. Default: ignores everything.
 *
 * @example
 * ```ts
 * import { Observer } from "effect-switchboard"
 * import { Layer } from "effect"
 *
 * const tags: Array<string> = []
 * const recording = Layer.succeed(Observer.Observer, { messages: false, observe: (event) => tags.push(event._tag) })
 * ```
 *
 * @since 0.1.0
 * @category tags
 */
export class Observer extends Context.Reference<Observer>()("effect-switchboard/Observer", {
  defaultValue: (): Shape => ({ messages: false, observe: () => {} })
}) {}

/**
 * One observer made of several, told in order.
 *
 * @since 0.1.0
 * @category combinators
 */
export const all = (observers: ReadonlyArray<Shape>): Shape => ({
  messages: observers.some((observer) => observer.messages),
  observe: (event) => {
    for (const observer of observers) observer.observe(event)
  }
})
