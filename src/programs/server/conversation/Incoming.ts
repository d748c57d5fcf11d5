import { Inbox } from "../../stream/Inbox.js"

/** The network brings what waits at a peer that was paused after it was polled so often: `node:net` reads a round later. */
const pollsToRead = 2

/** What a conversation receives, up to its end or the server's stop. */
export class Incoming extends Inbox<unknown> {
  /** Whether the silence has passed that makes a message of what has come. */
  private isQuiet = false
  /** At the stop, how often the network is still to be asked for more. */
  private polls = 0

  override push(chunk: Uint8Array): void {
    this.isQuiet = false
    super.push(chunk)
  }

  /** The silence has passed. */
  fallQuiet(): void {
    this.isQuiet = true
  }

  /** At the stop: whether a peer that was made to wait may have sent more before. That was received, too. */
  mayBring(): boolean {
    if (this.hasResumed) this.polls = pollsToRead
    this.hasResumed = false
    return this.polls-- > 0
  }

  /** What has come without an end, if it is a message now: after a silence, or as the `last` at the stop. */
  unended(last: boolean): unknown {
    if (!this.isQuiet && !last) return undefined
    this.isQuiet = false
    this.settle()
    return this.next()
  }
}
