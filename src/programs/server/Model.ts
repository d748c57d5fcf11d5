/**
 * Who runs the conversations of a server: two choices, an engine and an admission.
 *
 * | model | engine | at once | the next one | ends |
 * |---|---|---|---|---|
 * | `once` | fibers | 1 | waits, then sees the listener close | after one request is answered |
 * | `iterative` | fibers | 1 | waits its turn, unread | never |
 * | `single` | fibers | 1 | is refused at once | never |
 * | `threaded` | fibers | `maxConnections` | as `atLimit` says | never |
 * | `select` | one fiber for all | `maxConnections` | as `atLimit` says | never |
 *
 * @since 0.1.0
 * @module
 */
import type { AtLimit, Limits } from "../../domain/Limits.js"
import type { Engine } from "./engines/Engine.js"
import { fibers } from "./engines/fibers.js"
import { select as selectEngine } from "./engines/select.js"

/**
 * Who comes in.
 *
 * @since 0.1.0
 * @category models
 */
export interface Admission {
  /** Connections served at once. */
  readonly maxConnections: number
  /** What happens to the next one. */
  readonly atLimit: AtLimit
  /** Requests answered before the server ends. */
  readonly maxRequests: number
}

/**
 * A concurrency model: an engine, which runs the conversations, and an admission, which says how many there are.
 *
 * @since 0.1.0
 * @category models
 */
export interface Model {
  readonly name: string
  readonly engine: Engine
  readonly admission: (limits: Limits) => Admission
}

const many = (limits: Limits): Admission => ({ ...limits, maxRequests: Infinity })

/** One request, then done. @since 0.1.0 @category models */
export const once: Model = {
  name: "once",
  engine: fibers,
  admission: () => ({ maxConnections: 1, atLimit: "wait", maxRequests: 1 })
}

/** One client at a time; the others wait their turn. @since 0.1.0 @category models */
export const iterative: Model = {
  name: "iterative",
  engine: fibers,
  admission: () => ({ maxConnections: 1, atLimit: "wait", maxRequests: Infinity })
}

/** One client at a time; the others are refused. @since 0.1.0 @category models */
export const single: Model = {
  name: "single",
  engine: fibers,
  admission: () => ({ maxConnections: 1, atLimit: "refuse", maxRequests: Infinity })
}

/** A fiber a client. @since 0.1.0 @category models */
export const threaded: Model = { name: "threaded", engine: fibers, admission: many }

/** One fiber for all clients. @since 0.1.0 @category models */
export const select: Model = { name: "select", engine: selectEngine, admission: many }

/**
 * The models by name.
 *
 * @since 0.1.0
 * @category models
 */
export const all = { once, iterative, single, threaded, select } as const
