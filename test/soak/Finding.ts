import * as Data from "effect/Data"

/** The server did what it must not do. */
export class Finding extends Data.TaggedError("Finding")<{ readonly message: string }> {}

/** The server ended the bystander's connection: where it may, that is no finding. */
export class Cut extends Data.TaggedError("Cut")<{
  readonly code: string
  /** The bystander's own. */
  readonly port: number
  /** The longest that the bystander had said nothing, in milliseconds. */
  readonly silence: number
}> {}

/** The machine had no time for the bystander, so what befell it says nothing of the server. */
export class Undecided extends Data.TaggedError("Undecided")<{ readonly message: string }> {}
