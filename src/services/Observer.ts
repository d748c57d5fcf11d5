/**
 * Who is told what happens in a server.
 *
 * @since 0.1.0
 * @module
 */
import * as Context from "effect/Context"
import type { ServerEvent } from "../domain/ServerEvent.js"

/**
 * Somebody who is told how long things take, synchronously and in the server's own turn.
 *
 * @since 0.2.0
 * @category models
 */
export interface Timings {
  /**
   * So many requests of a connection took so long: from when they came, or as much of that as is known, until their replies
   * were handed to the connection. Called once a slice, for all its requests.
   */
  readonly requests: (server: string, count: number, millis: number) => void
  /** A peer was behind by `Connection.highWaterMark` bytes for so long, so that nothing more was made for it. */
  readonly stall: (server: string, millis: number) => void
}

/**
 * Somebody who is told what happens: a log, a counter, a test.
 *
 * @since 0.1.0
 * @category models
 */
export interface Shape {
  /** Whether `Request` and `Reply` events are wanted: they are made for every message. */
  readonly messages: boolean
  /**
   * Called synchronously, in the server's own turn: it must be quick. If it throws, that is logged, once a second at the
   * most, and changes nothing else.
   */
  readonly observe: (event: ServerEvent) => void
  /** Which events the server writes to Effect's Logger besides. Default: none. */
  readonly logs?: ((event: ServerEvent) => boolean) | undefined
  /**
   * Who is told how long requests and stalls take. A clock is read for it twice a slice, which takes all that has come in
   * one. Default: nobody, and none is read.
   */
  readonly timings?: Timings | undefined
}

/**
 * Ignores everything, but for the failures of protocols, which are logged by Effect's Logger.
 *
 * @since 0.2.0
 * @category observers
 */
export const failures: Shape = { messages: false, observe: () => {}, logs: ({ _tag }) => _tag === "Failed" }

/**
 * Everything that happens is logged by Effect's Logger: failures as errors, what a peer should not have done as warnings,
 * the rest as information. Messages themselves are not.
 *
 * @since 0.2.0
 * @category observers
 */
export const logging: Shape = { messages: false, observe: () => {}, logs: () => true }

/**
 * The observer of the servers started under it. Default: {@link failures}.
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
  defaultValue: (): Shape => failures
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
  },
  logs: (event) => observers.some((observer) => observer.logs?.(event) === true),
  timings: allTimings(observers.flatMap(({ timings }) => timings ?? []))
})

const allTimings = (timings: ReadonlyArray<Timings>): Timings | undefined =>
  timings.length < 2 ? timings[0] : {
    requests: (server, count, millis) => {
      for (const each of timings) each.requests(server, count, millis)
    },
    stall: (server, millis) => {
      for (const each of timings) each.stall(server, millis)
    }
  }
