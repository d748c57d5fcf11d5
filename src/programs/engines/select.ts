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
    let queue: Array<Entry<R>> = []
    const bell = new Bell(() => queue.length > 0)

    const enqueue = (entry: Entry<R>): void => {
      if (entry.isQueued) return
      entry.isQueued = true
      queue.push(entry)
      bell.ring()
    }

    /** The turns of a round from `at` on: a loop, left only where a turn takes waiting. */
    const turns = (ready: ReadonlyArray<Entry<R>>, at: number): Effect.Effect<void, never, R> => {
      for (let i = at; i < ready.length; i++) {
        const entry = ready[i]!
        entry.isQueued = false
        const rest = entry.conversation.over ? undefined : entry.conversation.turn()
        if (rest !== undefined) {
          return Effect.flatMap(rest, () => {
            if (entry.conversation.pending) enqueue(entry)
            return turns(ready, i + 1)
          })
        }
        if (entry.conversation.pending) enqueue(entry)
      }
      return loop
    }

    const waitAndPoll = Effect.zipRight(bell.wait, poll)
    // The network is polled before every round, so that a round is for all who are ready, and nobody is kept out.
    const loop: Effect.Effect<void, never, R> = Effect.suspend(() =>
      Effect.zipRight(queue.length === 0 ? waitAndPoll : poll, round)
    )
    const round = Effect.suspend(() => {
      const ready = queue
      queue = []
      return turns(ready, 0)
    })

    yield* Effect.forkScoped(Effect.interruptible(loop))
    return (conversation: Conversation<R>) => {
      const entry = { conversation, isQueued: false }
      conversation.start({ notify: () => enqueue(entry), lost: () => {} })
      enqueue(entry)
    }
  })

interface Entry<R> {
  readonly conversation: Conversation<R>
  isQueued: boolean
}
