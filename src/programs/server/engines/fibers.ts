import * as Effect from "effect/Effect"
import type * as Fiber from "effect/Fiber"
import * as FiberId from "effect/FiberId"
import * as Runtime from "effect/Runtime"
import type { Scheduler, Task } from "effect/Scheduler"
import { defaultShouldYield } from "effect/Scheduler"
import { Bell } from "../../stream/Bell.js"
import type { Conversation, Runner } from "../conversation/Conversation.js"
import type { Engine } from "./Engine.js"
import type { Claimant } from "./RunQueue.js"
import * as RunQueue from "./RunQueue.js"

/**
 * A fiber for each conversation, so that what one waits for, no other does. A conversation has its fiber from the first turn
 * that takes waiting, and it sleeps between them.
 *
 * The fibers run by the queue, too: what a turn computes in its fiber is a share of that client's like any other.
 */
export const fibers: Engine = <R>() =>
  Effect.gen(function*() {
    const queue = yield* RunQueue.make<R>()
    const fork = Runtime.runFork(yield* Effect.runtime<R>())
    const running = new Set<Fiber.RuntimeFiber<void>>()
    yield* Effect.addFinalizer(() =>
      Effect.sync(() => {
        for (const fiber of running) fiber.unsafeInterruptAsFork(FiberId.none)
      })
    )
    const start: Start<R> = (effect, scheduler, done) => {
      const fiber = fork(Effect.interruptible(effect), { scheduler })
      running.add(fiber)
      fiber.addObserver(() => {
        running.delete(fiber)
        done()
      })
      return fiber
    }
    return (conversation: Conversation<R>) => {
      const worker = new Worker(conversation, queue, start)
      conversation.start(worker)
      worker.notify()
    }
  })

type Start<R> = (
  effect: Effect.Effect<void, never, R>,
  scheduler: Scheduler,
  done: () => void
) => Fiber.RuntimeFiber<void>

/** Runs one conversation, and is the scheduler of its fiber. */
class Worker<R> implements Runner, Claimant<R>, Scheduler {
  used = 0
  isQueued = false
  private readonly conversation: Conversation<R>
  private readonly queue: RunQueue.RunQueue<R>
  private readonly start: Start<R>
  /** What the fiber, and those that it has forked, are to do. */
  private tasks: Array<Task> | undefined = undefined
  private fiber: Fiber.RuntimeFiber<void> | undefined = undefined
  private bell: Bell<R> | undefined = undefined

  constructor(conversation: Conversation<R>, queue: RunQueue.RunQueue<R>, start: Start<R>) {
    this.conversation = conversation
    this.queue = queue
    this.start = start
  }

  get isReady(): boolean {
    return this.hasTasks || this.mayBegin
  }

  private get hasTasks(): boolean {
    return this.tasks !== undefined && this.tasks.length > 0
  }

  private get mayBegin(): boolean {
    return this.conversation.pending && !this.conversation.isBusy
  }

  /** A slice, or what its fiber is to do. */
  run(begun: number): undefined {
    if (this.mayBegin && !this.hasTasks) {
      const rest = this.conversation.slice(begun)
      if (rest !== undefined) this.goOn(rest)
    }
    this.tasks?.shift()?.()
  }

  abandon(): void {
    this.conversation.abandon()
  }

  notify(): void {
    if (this.conversation.over) this.bell?.ring()
    else if (this.mayBegin) this.queue.claim(this)
  }

  lost(): void {
    this.fiber?.unsafeInterruptAsFork(FiberId.none)
  }

  scheduleTask(task: Task): void {
    ;(this.tasks ??= []).push(task)
    this.queue.claim(this)
  }

  readonly shouldYield = defaultShouldYield

  private goOn(rest: Effect.Effect<void, never, R>): void {
    if (this.bell !== undefined) return this.bell.ring(rest)
    const { conversation } = this
    const bell = this.bell = new Bell<R>(() => conversation.over)
    const loop: Effect.Effect<void, never, R> = Effect.suspend(() =>
      conversation.over ? Effect.void : Effect.zipRight(bell.wait, loop)
    )
    this.fiber = this.start(Effect.zipRight(rest, loop), this, () => this.abandon())
  }
}
