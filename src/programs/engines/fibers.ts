import * as Effect from "effect/Effect"
import type * as Fiber from "effect/Fiber"
import * as FiberId from "effect/FiberId"
import { SocketServer } from "../../services/SocketServer.js"
import type { Conversation } from "../conversation/Conversation.js"
import { Bell } from "./Bell.js"
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
    const bell = new Bell()
    conversation.start({ notify: () => bell.ring(), lost: () => fiber.unsafeInterruptAsFork(FiberId.none) })
    const loop: Effect.Effect<void, never, R> = Effect.suspend(() => {
      while (!conversation.over) {
        if (!conversation.pending) return sleep
        const rest = conversation.turn()
        if (rest !== undefined) return Effect.zipRight(rest, loop)
        if (conversation.pending) return giveWay
      }
      return Effect.void
    })
    const sleep = Effect.zipRight(bell.wait, loop)
    const giveWay = Effect.zipRight(poll, loop)
    return loop
  })
