/** What the supervisor and a worker say to each other. */

/** To a worker. */
export type Order =
  /** Take no more clients, serve those there are, and end. Others go on listening at these of the places, by their numbers. */
  | { readonly _tag: "Retire"; readonly staying: ReadonlyArray<number> }
  /** The service ends. */
  | { readonly _tag: "Stop" }

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
  /** It is done. */
  | { readonly _tag: "Stopped"; readonly accepted: number; readonly cut: number }
