import * as Data from "effect/Data"

/** What was asked for is not to be had. The message says why, and what to do. */
export class Refused extends Data.TaggedError("Refused")<{
  /** The status of HTTP that says it to programs. */
  readonly status: 400 | 401 | 403 | 404 | 405 | 409 | 413 | 415 | 421 | 501
  readonly message: string
}> {}
