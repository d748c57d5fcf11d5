import * as Duration from "effect/Duration"
import * as Effect from "effect/Effect"
import * as Exit from "effect/Exit"
import * as Fiber from "effect/Fiber"
import * as FiberSet from "effect/FiberSet"
import * as Scope from "effect/Scope"
import type { Connection } from "../Connection.js"
import type { SocketServer } from "../SocketServer.js"

/** A client, as a server on fibers has it. */
export interface Guest<R> {
  /** Serves it until its connection is over. Interrupted, it cuts the connection. */
  readonly serve: Effect.Effect<void, never, R>
  /** What was received is the last that is served. */
  readonly stop: () => void
}

/** What the clients of such a server may take. */
export interface Terms {
  readonly maxConnections: number
  readonly drainTimeout: Duration.Duration
}

/**
 * Takes clients in, one after the other and for ever; where there are as many as may be, the next one waits, unread. When
 * it is interrupted it stops in good order: it takes in who had connected before, and waits until all are served.
 */
export const receive = <R>(
  socketServer: typeof SocketServer.Service,
  { drainTimeout, maxConnections }: Terms,
  enter: (connection: Connection) => Guest<R>
): Effect.Effect<never, never, R> =>
  Effect.uninterruptibleMask((restore) =>
    Effect.gen(function*() {
      const scope = yield* Scope.make()
      const fibers = yield* Scope.extend(FiberSet.make<void>(), scope)
      const fork = yield* FiberSet.runtime(fibers)<R>()
      const guests = new Set<Guest<R>>()
      const room = Effect.unsafeMakeSemaphore(Math.min(maxConnections, socketServer.capacity))

      const admit = (connection: Connection): void => {
        const guest = enter(connection)
        guests.add(guest)
        const leave = Effect.suspend(() => {
          guests.delete(guest)
          return room.release(1)
        })
        fork(Effect.ensuring(Effect.interruptible(guest.serve), leave))
      }
      // Room is found before a client is accepted, and who is accepted is served: between the two nobody may be lost.
      const next = Effect.uninterruptibleMask((restore) =>
        Effect.map(restore(Effect.zipRight(room.take(1), socketServer.accept)), admit)
      )
      const acceptor = yield* Effect.forkIn(Effect.interruptible(Effect.forever(next)), scope)

      const orderly = Effect.gen(function*() {
        yield* Effect.timeoutOption(socketServer.close, Duration.times(drainTimeout, 0.5))
        yield* Fiber.interrupt(acceptor)
        // What clients sent before now may still be on its way to us.
        yield* Effect.repeatN(socketServer.poll, 1)
        for (const guest of guests) guest.stop()
        yield* FiberSet.awaitEmpty(fibers)
      })
      const stop = Effect.zipRight(Effect.timeoutOption(orderly, drainTimeout), Scope.close(scope, Exit.void))
      // In a fiber of its own: a finalizer's could not be interrupted when the time is up.
      const drain = Effect.flatMap(Effect.forkDaemon(Effect.interruptible(stop)), Fiber.join)
      return yield* Effect.ensuring(restore(Effect.never), drain)
    })
  )
