import * as Effect from "effect/Effect"
import type * as Fiber from "effect/Fiber"
import * as FiberId from "effect/FiberId"
import * as Runtime from "effect/Runtime"
import { SocketServer } from "../../../services/SocketServer.js"
import { Bell } from "../../stream/Bell.js"
import type { Conversation, Runner } from "../conversation/Conversation.js"
import type { Engine } from "./Engine.js"

/**
 * One fiber for all conversations, and one queue of those that have something to do. Each has one share when it is at
 * the head of the queue, and if that was not enough, goes to its end: a client that floods delays the others by a share.
 *
 * If the client whose turn the fiber waits for is lost, the fiber ends with that turn, and another goes on behind it.
 */
export const select: Engine = <R>() =>
  Effect.gen(function*() {
    const { poll } = yield* SocketServer
    const fork = Runtime.runFork(yield* Effect.runtime<R>())
    let fiber: Fiber.RuntimeFiber<void> | undefined = undefined
    let isStopped = false
    let queue: Array<Entry<R>> = []
    /** The round under way, and who is next in it. */
    let ready: ReadonlyArray<Entry<R>> = []
    let next = 0
    /** Whose turn takes waiting. */
    let current: Entry<R> | undefined = undefined
    const bell = new Bell<R>(() => queue.length > 0)

    const enqueue = (entry: Entry<R>): void => {
      if (entry.isQueued) return
      entry.isQueued = true
      queue.push(entry)
      bell.ring()
    }

    /** The rest of the round: a loop, left only where a turn takes waiting. */
    const turns: Effect.Effect<void, never, R> = Effect.suspend(() => {
      while (next < ready.length) {
        const entry = ready[next++]!
        entry.isQueued = false
        const rest = entry.conversation.pending ? entry.conversation.slice() : undefined
        if (rest !== undefined) {
          return Effect.zipRight(waitFor(entry, rest), turns)
        }
        if (entry.conversation.pending) enqueue(entry)
      }
      return loop
    })
    const waitFor = (entry: Entry<R>, rest: Effect.Effect<void, never, R>): Effect.Effect<void, never, R> => {
      current = entry
      return Effect.map(rest, () => {
        current = undefined
        if (entry.conversation.pending) enqueue(entry)
      })
    }

    const waitAndPoll = Effect.zipRight(bell.wait, poll)
    // The network is polled before every round, so that a round is for all who are ready, and nobody is kept out.
    const loop: Effect.Effect<void, never, R> = Effect.suspend(() =>
      Effect.zipRight(queue.length === 0 ? waitAndPoll : poll, round)
    )
    const round = Effect.suspend(() => {
      ready = queue
      next = 0
      queue = []
      return turns
    })

    const run = (effect: Effect.Effect<void, never, R>): void => {
      const started = fork(Effect.interruptible(effect))
      fiber = started
      started.addObserver(() => {
        const left = current
        current = undefined
        left?.conversation.abandon()
        if (!isStopped) run(turns)
      })
    }
    yield* Effect.addFinalizer(() =>
      Effect.sync(() => {
        isStopped = true
        fiber?.unsafeInterruptAsFork(FiberId.none)
      })
    )
    run(loop)

    /** While nobody has a turn and nobody waits for one, a turn that needs no waiting is done on the spot. */
    const notify = (entry: Entry<R>): void => {
      const { conversation } = entry
      if (bell.isAwaited && !conversation.isBusy && conversation.pending) {
        const rest = conversation.slice()
        if (rest !== undefined) return bell.ring(waitFor(entry, rest))
        if (!conversation.pending) return
      }
      enqueue(entry)
    }
    const lost = (entry: Entry<R>): void => {
      if (current === entry) fiber?.unsafeInterruptAsFork(FiberId.none)
    }
    return (conversation: Conversation<R>) => {
      const entry = new Entry(conversation, notify, lost)
      conversation.start(entry)
      entry.notify()
    }
  })

/** A conversation's place in the queue. */
class Entry<R> implements Runner {
  readonly conversation: Conversation<R>
  isQueued = false
  private readonly onNotify: (entry: Entry<R>) => void
  private readonly onLost: (entry: Entry<R>) => void

  constructor(
    conversation: Conversation<R>,
    onNotify: (entry: Entry<R>) => void,
    onLost: (entry: Entry<R>) => void
  ) {
    this.conversation = conversation
    this.onNotify = onNotify
    this.onLost = onLost
  }

  notify(): void {
    this.onNotify(this)
  }

  lost(): void {
    this.onLost(this)
  }
}
