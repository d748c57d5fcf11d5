import * as Effect from "effect/Effect"
import type * as Fiber from "effect/Fiber"
import * as FiberId from "effect/FiberId"
import * as Runtime from "effect/Runtime"
import { SocketServer } from "../../../services/SocketServer.js"
import { Bell } from "../../stream/Bell.js"
import type { Conversation, Runner } from "../conversation/Conversation.js"
import type { Engine } from "./Engine.js"

/**
 * A fiber for each conversation, so that what one waits for, no other does. A turn that needs no waiting is done on the
 * spot; a conversation has its fiber from the first turn that does, and it sleeps between them.
 */
export const fibers: Engine = <R>() =>
  Effect.gen(function*() {
    const { poll } = yield* SocketServer
    const fork = Runtime.runFork(yield* Effect.runtime<R>())
    const running = new Set<Fiber.RuntimeFiber<void>>()
    yield* Effect.addFinalizer(() =>
      Effect.sync(() => {
        for (const fiber of running) fiber.unsafeInterruptAsFork(FiberId.none)
      })
    )
    const crew: Crew<R> = {
      poll,
      start: (effect, done) => {
        const fiber = fork(Effect.interruptible(effect))
        running.add(fiber)
        fiber.addObserver(() => {
          running.delete(fiber)
          done()
        })
        return fiber
      }
    }
    return (conversation: Conversation<R>) => {
      const worker = new Worker(conversation, crew)
      conversation.start(worker)
      worker.notify()
    }
  })

/** What the workers of a server share. */
interface Crew<R> {
  readonly poll: Effect.Effect<void>
  readonly start: (effect: Effect.Effect<void, never, R>, done: () => void) => Fiber.RuntimeFiber<void>
}

class Worker<R> implements Runner {
  private readonly conversation: Conversation<R>
  private readonly crew: Crew<R>
  private fiber: Fiber.RuntimeFiber<void> | undefined = undefined
  private bell: Bell<R> | undefined = undefined

  constructor(conversation: Conversation<R>, crew: Crew<R>) {
    this.conversation = conversation
    this.crew = crew
  }

  notify(): void {
    const { bell, conversation } = this
    // A fiber that is at work looks for more when it is done.
    if (conversation.isBusy || bell?.isAwaited === false) return
    if (conversation.over) return bell?.ring()
    if (!conversation.pending) return
    const rest = conversation.slice()
    if (rest !== undefined) this.goOn(rest)
    else if (conversation.pending) this.goOn(this.crew.poll)
  }

  lost(): void {
    this.fiber?.unsafeInterruptAsFork(FiberId.none)
  }

  private goOn(rest: Effect.Effect<void, never, R>): void {
    if (this.bell !== undefined) return this.bell.ring(rest)
    const { conversation } = this
    const bell = this.bell = new Bell<R>(() => conversation.pending || conversation.over)
    const loop: Effect.Effect<void, never, R> = Effect.suspend(() => {
      if (conversation.over) return Effect.void
      if (!conversation.pending) return Effect.zipRight(bell.wait, loop)
      return Effect.zipRight(conversation.slice() ?? this.crew.poll, loop)
    })
    this.fiber = this.crew.start(Effect.zipRight(rest, loop), () => conversation.abandon())
  }
}
