/** What of a running server can be seen and changed from outside, whether it is this process or several. */
import * as Context from "effect/Context"
import type * as Effect from "effect/Effect"
import type * as Stream from "effect/Stream"
import type { Family } from "./Family.js"
import type { Refused } from "./Refused.js"

// All of it is plain data, as JSON has it: it may have come from another process.

/** Whether clients should be sent here. Times are milliseconds since 1970. */
export interface Health {
  /** `draining` begins before the listener closes, by `--drain-delay`. */
  readonly state: "starting" | "ready" | "draining" | "stopped"
  readonly startedAt: number
  /** Processes that serve. */
  readonly workers: number
}

export interface ConnectionEntry {
  /** Which process serves it: 0 where there is but one, and else from 1 up. */
  readonly worker: number
  /** The `id` of its lines in the log; it is the worker's own. */
  readonly id: number
  readonly peer: string
  /** The proxy that says so. */
  readonly via?: string | undefined
  /** Milliseconds since 1970. */
  readonly since: number
  readonly requests: number
  readonly replies: number
  readonly bytesIn: number
  readonly bytesOut: number
  /** Bytes for it that the network has not taken. */
  readonly unsent: number
  readonly phase: "serving" | "stopping" | "closing" | "gone" | "over"
  /** The version of TLS. */
  readonly tls?: string | undefined
}

/** Which connection, of which process. */
export type ConnectionKey = Pick<ConnectionEntry, "worker" | "id">

/** Connections in the order of their workers and ids: those behind `after`, at most `limit`. */
export interface PageOptions {
  readonly after: ConnectionKey
  readonly limit: number
}

export interface ConnectionPage {
  readonly connections: ReadonlyArray<ConnectionEntry>
  /** How many there are in all. */
  readonly open: number
}

/** The limits that can be changed while the server runs. Times are milliseconds; null is never. */
export interface Limits {
  /** Of all workers together. */
  readonly maxConnections: number
  readonly idleTimeout: number | null
  readonly requestTimeout: number | null
  readonly writeTimeout: number | null
  readonly drainTimeout: number | null
}

/** A level of the log, as `--log-level` has it. */
export type Level = "all" | "trace" | "debug" | "info" | "warning" | "error" | "fatal" | "none"

/** What happens, as it happens. `at` is milliseconds since 1970. */
export type Happening =
  & { readonly at: number; readonly worker: number }
  & (
    | { readonly _tag: "Opened"; readonly id: number; readonly peer: string }
    | {
      readonly _tag: "Closed"
      readonly id: number
      readonly peer: string
      readonly reason: string
      readonly requests: number
    }
    | { readonly _tag: "Refused"; readonly peer: string | null; readonly reason: string; readonly count: number }
    | { readonly _tag: "Failed"; readonly id: number; readonly peer: string; readonly message: string }
    | { readonly _tag: "HealthChanged"; readonly health: Health }
    | { readonly _tag: "LimitsChanged"; readonly limits: Limits }
    | { readonly _tag: "LevelChanged"; readonly level: Level }
  )

/** What is said on a connection, as the log has it in the mode `debug`. `at` is milliseconds since 1970. */
export type Said =
  & { readonly at: number }
  & (
    | { readonly _tag: "Received" | "Sent"; readonly text: string }
    /** There were so many messages more than can be told. */
    | { readonly _tag: "Omitted"; readonly count: number }
    | { readonly _tag: "Ended"; readonly reason: string }
  )

/**
 * A running server, as its admin port knows it.
 *
 * `Local.make` makes one for the server of this process, `Service` of the supervisor one for several.
 */
export class Administration extends Context.Tag("effect-switchboard/admin/Administration")<
  Administration,
  {
    readonly health: Effect.Effect<Health>
    /** What there is to measure, now: counts include the connections that are open. */
    readonly metrics: Effect.Effect<ReadonlyArray<Family>>
    readonly connections: (options: PageOptions) => Effect.Effect<ConnectionPage>
    /** Closes a connection, after its turn under way and what there is to send. Gives whether there was one. */
    readonly disconnect: (key: ConnectionKey) => Effect.Effect<boolean>
    /** Begins the stop, as the first signal does, and does not wait for its end. */
    readonly drain: Effect.Effect<void>
    /** Starts anew with the settings, certificates and modules as they are now, and drains what was. */
    readonly reload: Effect.Effect<void, Refused>
    /** Whether there is somebody to take over. */
    readonly canReload: boolean
    readonly limits: Effect.Effect<Limits>
    /** Changes those that are given. Gives those that hold now: `maxConnections` may be lowered to what files there may be. */
    readonly setLimits: (changes: Partial<Limits>) => Effect.Effect<Limits>
    readonly level: Effect.Effect<Level>
    readonly setLevel: (level: Level) => Effect.Effect<void>
    /** What happens from now on. Who is slow to take it misses the oldest. */
    readonly happenings: Stream.Stream<Happening>
    /** Whether messages may be seen. */
    readonly showsMessages: boolean
    /** What is said on a connection from now on, some at a time, until it is over. Often it is nothing: a sign of life. */
    readonly conversation: (key: ConnectionKey) => Effect.Effect<Stream.Stream<ReadonlyArray<Said>>, Refused>
  }
>() {}
