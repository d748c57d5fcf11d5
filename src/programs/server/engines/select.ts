import * as Effect from "effect/Effect"
import type { Conversation, Runner } from "../conversation/Conversation.js"
import type { Engine } from "./Engine.js"
import type { Claimant } from "./RunQueue.js"
import * as RunQueue from "./RunQueue.js"

/** One fiber for all conversations: the queue's own. What one waits for, all wait for. */
export const select: Engine = <R>() =>
  Effect.map(RunQueue.make<R>(), (queue) => (conversation: Conversation<R>) => {
    const entry = new Entry(conversation, queue)
    conversation.start(entry)
    entry.notify()
  })

/** A conversation's place in the queue. */
class Entry<R> implements Runner, Claimant<R> {
  used = 0
  isQueued = false
  private readonly conversation: Conversation<R>
  private readonly queue: RunQueue.RunQueue<R>

  constructor(conversation: Conversation<R>, queue: RunQueue.RunQueue<R>) {
    this.conversation = conversation
    this.queue = queue
  }

  get isReady(): boolean {
    return this.conversation.pending
  }

  run(begun: number): Effect.Effect<void, never, R> | undefined {
    return this.conversation.pending ? this.conversation.slice(begun) : undefined
  }

  abandon(): void {
    this.conversation.abandon()
  }

  notify(): void {
    if (this.conversation.pending) this.queue.claim(this)
  }

  lost(): void {
    this.queue.dismiss(this)
  }
}
