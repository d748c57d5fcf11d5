import * as Data from "effect/Data"

/** A worker could not do what it was started for. It has the code with which a server that is one process would have ended. */
export class WorkerFailed extends Data.TaggedError("WorkerFailed")<{
  readonly code: number
  readonly message: string
}> {}
