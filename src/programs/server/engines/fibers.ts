import * as Effect from "effect/Effect"
import type * as Fiber from "effect/Fiber"
import * as FiberId from "effect/FiberId"
import { Bell } from "../../stream/Bell.js"
import type { Conversation, Runner } from "../conversation/Conversation.js"
import type { Engine } from "./Engine.js"
import type { Fork } from "./forking.js"
import { forking } from "./forking.js"
import * as RunQueue from "./RunQueue.js"
import { Tasks } from "./Tasks.js"

/**
 * A fiber for each conversation, so that what one waits for, no other does. A conversation has its fiber from the first turn
 * that takes waiting, and it sleeps between them.
 *
 * The fibers run by the queue, too: what a turn computes in its fiber is a share of that client's like any other.
 */
export const fibers: Engine = <R>() =>
  Effect.gen(function*() {
    const queue = yield* RunQueue.make<R>()
    const fork = yield* forking<R>()
    return (conversation: Conversation<R>) => {
      const worker = new Worker(conversation, queue, fork)
      conversation.start(worker)
      worker.notify()
    }
  })

/** Runs one conversation, and is the scheduler of its fibers. */
class Worker<R> extends Tasks<R> implements Runner<R> {
  private readonly conversation: Conversation<R>
  private readonly forker: Fork<R>
  private fiber: Fiber.RuntimeFiber<void> | undefined = undefined
  private bell: Bell<R> | undefined = undefined

  constructor(conversation: Conversation<R>, queue: RunQueue.RunQueue<R>, forker: Fork<R>) {
    super(queue)
    this.conversation = conversation
    this.forker = forker
  }

  override get isReady(): boolean {
    return this.hasTasks || this.mayBegin
  }

  private get mayBegin(): boolean {
    return this.conversation.pending && !this.conversation.isBusy
  }

  /** A slice, or what its fibers are to do. */
  override run(begun: number): undefined {
    if (this.mayBegin && !this.hasTasks) {
      const rest = this.conversation.slice(begun)
      if (rest !== undefined) this.goOn(rest)
    }
    super.run(begun)
  }

  notify(later?: boolean): void {
    if (this.conversation.over) this.bell?.ring()
    else if (this.mayBegin) this.queue.claim(this, later)
  }

  lost(): void {
    this.fiber?.unsafeInterruptAsFork(FiberId.none)
  }

  fork(effect: Effect.Effect<void, never, R>): Fiber.RuntimeFiber<void> {
    return this.forker(effect, this.conversation.scope, this)
  }

  private goOn(rest: Effect.Effect<void, never, R>): void {
    if (this.bell !== undefined) return this.bell.ring(rest)
    const { conversation } = this
    const bell = this.bell = new Bell<R>(() => conversation.over)
    const loop: Effect.Effect<void, never, R> = Effect.suspend(() =>
      conversation.over ? Effect.void : Effect.zipRight(bell.wait, loop)
    )
    this.fiber = this.fork(Effect.zipRight(rest, loop))
    this.fiber.addObserver(() => conversation.abandon())
  }
}
