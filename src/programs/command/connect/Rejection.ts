import * as Data from "effect/Data"

/** The server would not answer a message, or the client's protocol would not send it or not take the reply. */
export class Rejection extends Data.TaggedError("Rejection")<{
  /** The server's words, where it had any. */
  readonly reply: string | undefined
  readonly message: string
}> {}

/** What `connect` ends with, when messages given to it as arguments were rejected. */
export class MessagesRejected extends Data.TaggedError("MessagesRejected")<{
  readonly rejected: number
  readonly sent: number
}> {
  override get message(): string {
    return this.sent === 1
      ? "The server rejected the message: see its reply."
      : `The server rejected ${this.rejected} of ${this.sent} messages: see its replies.`
  }
}
