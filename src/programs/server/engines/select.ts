import * as Effect from "effect/Effect"
import type * as Fiber from "effect/Fiber"
import * as Scope from "effect/Scope"
import type { Conversation, Runner } from "../conversation/Conversation.js"
import type { Engine } from "./Engine.js"
import type { Fork } from "./forking.js"
import { forking } from "./forking.js"
import type { Claimant } from "./RunQueue.js"
import * as RunQueue from "./RunQueue.js"
import { Tasks } from "./Tasks.js"

/** One fiber for the turns of all conversations, the queue's own: what one waits for, all wait for. */
export const select: Engine = <R>() =>
  Effect.gen(function*() {
    const queue = yield* RunQueue.make<R>()
    const fork = yield* forking<R>()
    return (conversation: Conversation<R>) => {
      const entry = new Entry(conversation, queue, fork)
      conversation.start(entry)
      entry.notify()
    }
  })

/** A conversation's place in the queue. */
class Entry<R> implements Runner<R>, Claimant<R> {
  used = 0
  place: Claimant<R>["place"] = undefined
  private readonly conversation: Conversation<R>
  private readonly queue: RunQueue.RunQueue<R>
  private readonly forker: Fork<R>
  /** What runs beside its turns has a place of its own. */
  private besides: Tasks<R> | undefined = undefined

  constructor(conversation: Conversation<R>, queue: RunQueue.RunQueue<R>, forker: Fork<R>) {
    this.conversation = conversation
    this.queue = queue
    this.forker = forker
  }

  get isReady(): boolean {
    return this.conversation.pending
  }

  run(begun: number): Effect.Effect<void, never, R> | undefined {
    const { conversation } = this
    const rest = conversation.pending ? conversation.slice(begun) : undefined
    return rest && Effect.provideService(rest, Scope.Scope, conversation.scope)
  }

  abandon(): void {
    this.conversation.abandon()
  }

  notify(later?: boolean): void {
    if (this.conversation.pending) this.queue.claim(this, later)
  }

  lost(): void {
    this.queue.dismiss(this)
  }

  fork(effect: Effect.Effect<void, never, R>): Fiber.RuntimeFiber<void> {
    return this.forker(effect, this.conversation.scope, this.besides ??= new Tasks(this.queue))
  }
}
