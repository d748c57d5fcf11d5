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
  /** Whether all were by the server, and none by the client's protocol. */
  readonly byServer: boolean
  readonly sent: number
}> {
  override get message(): string {
    const what = this.sent === 1 ? "the message" : `${this.rejected} of ${this.sent} messages`
    if (!this.byServer) return `The client's protocol, or the server, rejected ${what}.`
    return `The server rejected ${what}: see its ${this.sent === 1 ? "reply" : "replies"}.`
  }
}
