import * as Effect from "effect/Effect"
import { SocketServer } from "../../services/SocketServer.js"
import type { Conversation } from "../conversation/Conversation.js"
import { Bell } from "./Bell.js"
import type { Engine } from "./Engine.js"

/**
 * One fiber for all conversations, and one queue of those that have something to do. Each has one share when it is at
 * the head of the queue, and if that was not enough, goes to its end: a client that floods delays the others by a share.
 */
export const select: Engine = <R>() =>
  Effect.gen(function*() {
    const { poll } = yield* SocketServer
    const bell = new Bell()
    let queue: Array<Entry<R>> = []

    const enqueue = (entry: Entry<R>): void => {
      if (entry.isQueued) return
      entry.isQueued = true
      queue.push(entry)
      bell.ring()
    }

    /** The turns of a round from `at` on: a loop, left only where a turn takes waiting. */
    const turns = (round: ReadonlyArray<Entry<R>>, at: number): Effect.Effect<void, never, R> => {
      for (let i = at; i < round.length; i++) {
        const entry = round[i]!
        entry.isQueued = false
        const rest = entry.conversation.over ? undefined : entry.conversation.turn()
        if (rest !== undefined) {
          return Effect.flatMap(rest, () => {
            if (entry.conversation.pending) enqueue(entry)
            return turns(round, i + 1)
          })
        }
        if (entry.conversation.pending) enqueue(entry)
      }
      return queue.length === 0 ? loop : giveWay
    }

    const loop: Effect.Effect<void, never, R> = Effect.suspend(() => {
      if (queue.length === 0) return sleep
      const round = queue
      queue = []
      return turns(round, 0)
    })
    const sleep = Effect.suspend(() => Effect.zipRight(bell.wait, loop))
    const giveWay = Effect.suspend(() => Effect.zipRight(poll, loop))

    yield* Effect.forkScoped(Effect.interruptible(loop))
    return (conversation: Conversation<R>) =>
      Effect.sync(() => {
        const entry = { conversation, isQueued: false }
        conversation.start({ notify: () => enqueue(entry), lost: () => {} })
        enqueue(entry)
      })
  })

interface Entry<R> {
  readonly conversation: Conversation<R>
  isQueued: boolean
}
