import * as Effect from "effect/Effect"
import type * as Fiber from "effect/Fiber"
import * as FiberId from "effect/FiberId"
import { SocketServer } from "../../services/SocketServer.js"
import type { Conversation } from "../conversation/Conversation.js"
import type { Engine } from "./Engine.js"

/** A fiber for each conversation, asleep while there is nothing to do: what one waits for, no other does. */
export const fibers: Engine = <R>() =>
  Effect.gen(function*() {
    const { poll } = yield* SocketServer
    const running = new Set<Fiber.RuntimeFiber<void>>()
    yield* Effect.addFinalizer(() =>
      Effect.sync(() => {
        for (const fiber of running) fiber.unsafeInterruptAsFork(FiberId.none)
      })
    )
    return (conversation: Conversation<R>) =>
      Effect.map(Effect.forkDaemon(Effect.interruptible(converse(conversation, poll))), (fiber) => {
        running.add(fiber)
        fiber.addObserver(() => {
          running.delete(fiber)
          conversation.abandon()
        })
      })
  })

const converse = <R>(conversation: Conversation<R>, poll: Effect.Effect<void>): Effect.Effect<void, never, R> =>
  Effect.withFiberRuntime((fiber) => {
    let wake: ((effect: Effect.Effect<void, never, R>) => void) | undefined = undefined
    const wakeFor = (effect: Effect.Effect<void, never, R>): void => {
      const resume = wake!
      wake = undefined
      resume(effect)
    }
    const notify = (): void => {
      if (wake === undefined || conversation.isBusy) return
      if (conversation.over) return wakeFor(Effect.void)
      // A turn that needs no waiting is done on the spot; the fiber is woken for the others.
      const rest = conversation.turn()
      if (rest !== undefined) wakeFor(rest)
      else if (conversation.pending) wakeFor(poll)
    }
    conversation.start({ notify, lost: () => fiber.unsafeInterruptAsFork(FiberId.none) })

    const sleep = Effect.async<void, never, R>((resume) => {
      wake = resume
    })
    const loop: Effect.Effect<void, never, R> = Effect.suspend(() => {
      if (conversation.over) return Effect.void
      if (!conversation.pending) return sleepOn
      return Effect.zipRight(conversation.turn() ?? (conversation.pending ? poll : Effect.void), loop)
    })
    const sleepOn = Effect.zipRight(sleep, loop)
    return loop
  })
