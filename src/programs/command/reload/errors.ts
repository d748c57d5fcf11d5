import * as Data from "effect/Data"

/** The server that was named is not there. */
export class NoSuchServer extends Data.TaggedError("NoSuchServer")<{ readonly message: string }> {}

/** The server goes on as it was, or says nothing of how it went. */
export class NotReloaded extends Data.TaggedError("NotReloaded")<{ readonly reason: string }> {
  override get message(): string {
    return `The server was not reloaded: ${this.reason}`
  }
}
