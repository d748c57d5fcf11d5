import * as Data from "effect/Data"

/** The command was not called as it should be. The sentence says how it should. */
export class UsageError extends Data.TaggedError("UsageError")<{ readonly message: string }> {}
