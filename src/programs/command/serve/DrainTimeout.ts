import * as Data from "effect/Data"

/** The server was stopped, and some clients had not ended when the time for that was up. */
export class DrainTimeout extends Data.TaggedError("DrainTimeout")<{ readonly cut: number }> {
  override get message(): string {
    return `Stopped, but ${this.cut} ${
      this.cut === 1 ? "client" : "clients"
    } had to be cut: a longer --drain-timeout gives them more time.`
  }
}
