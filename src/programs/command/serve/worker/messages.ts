/** What the supervisor and a worker say to each other. */
import type {
  ConnectionKey,
  ConnectionPage,
  Happening,
  Level,
  Limits,
  PageOptions
} from "../../admin/Administration.js"
import type { Taken } from "../../admin/Conversations.js"
import type { Family } from "../../admin/Family.js"

/** What a worker can be asked, and what comes of it. */
export interface Questions {
  readonly metrics: readonly [given: undefined, answer: ReadonlyArray<Family>]
  readonly connections: readonly [given: PageOptions, answer: ConnectionPage]
  readonly disconnect: readonly [given: ConnectionKey, answer: boolean]
  readonly limits: readonly [given: undefined, answer: Limits]
  readonly setLimits: readonly [given: Partial<Limits>, answer: Limits]
  readonly setLevel: readonly [given: Level, answer: undefined]
  // As `Source` has them.
  readonly listen: readonly [given: number, answer: number | null]
  readonly take: readonly [given: number, answer: Taken]
  readonly leave: readonly [given: number, answer: undefined]
}

/** To a worker. */
export type Order =
  /** Take no more clients, serve those there are, and end. Others go on listening at these of the places, by their numbers. */
  | { readonly _tag: "Retire"; readonly staying: ReadonlyArray<number> }
  /** The service ends. */
  | { readonly _tag: "Stop" }
  | { readonly _tag: "Ask"; readonly id: number; readonly what: keyof Questions; readonly given: unknown }
  /** Tell what happens, or do so no longer. */
  | { readonly _tag: "Watch"; readonly isOn: boolean }
  /** Say something, if the event loop turns. */
  | { readonly _tag: "Ping" }

/** To the supervisor. */
export type Told =
  /** Clients are taken. */
  | {
    readonly _tag: "Ready"
    readonly model: string
    readonly protocol: string
    /** Where, as URLs. */
    readonly listening: ReadonlyArray<string>
  }
  /** It cannot be done; how it is said, and the exit code. */
  | { readonly _tag: "Failed"; readonly code: number; readonly sentence: string }
  /** It is done; what was measured until then, if it is. */
  | {
    readonly _tag: "Stopped"
    readonly accepted: number
    readonly cut: number
    readonly metrics: ReadonlyArray<Family>
  }
  | { readonly _tag: "Answer"; readonly id: number; readonly answer: unknown }
  | { readonly _tag: "Happened"; readonly happenings: ReadonlyArray<Happening> }
  | { readonly _tag: "Pong" }
