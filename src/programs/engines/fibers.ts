import * as Effect from "effect/Effect"
import type * as Fiber from "effect/Fiber"
import * as FiberId from "effect/FiberId"
import * as Runtime from "effect/Runtime"
import { SocketServer } from "../../services/SocketServer.js"
import type { Conversation } from "../conversation/Conversation.js"
import { Bell } from "./Bell.js"
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

    return (conversation: Conversation<R>) => {
      const bell = new Bell<R>(() => conversation.pending || conversation.over)
      let fiber: Fiber.RuntimeFiber<void> | undefined = undefined

      const loop: Effect.Effect<void, never, R> = Effect.suspend(() => {
        if (conversation.over) return Effect.void
        if (!conversation.pending) return Effect.zipRight(bell.wait, loop)
        return Effect.zipRight(conversation.turn() ?? poll, loop)
      })
      const goOn = (rest: Effect.Effect<void, never, R>): void => {
        if (fiber !== undefined) return bell.ring(rest)
        const started = fork(Effect.interruptible(Effect.zipRight(rest, loop)))
        fiber = started
        running.add(started)
        started.addObserver(() => {
          running.delete(started)
          conversation.abandon()
        })
      }
      const notify = (): void => {
        // A fiber that is at work looks for more when it is done.
        if (conversation.isBusy || (fiber !== undefined && !bell.isAwaited)) return
        if (conversation.over) return bell.ring()
        const rest = conversation.turn()
        if (rest !== undefined) goOn(rest)
        else if (conversation.pending) goOn(poll)
      }
      conversation.start({ notify, lost: () => fiber?.unsafeInterruptAsFork(FiberId.none) })
      notify()
    }
  })
