/** A worker's side of what it and the supervisor say. */
import * as Deferred from "effect/Deferred"
import * as Effect from "effect/Effect"
import type * as Scope from "effect/Scope"
import type { Order, Told } from "./messages.js"

type Other = Exclude<Order, { readonly _tag: "Retire" | "Stop" | "Ping" }>

export interface Channel {
  /** Once the worker is to take no more clients, gives at which places others go on. */
  readonly retired: Effect.Effect<ReadonlyArray<number>>
  /** Once the service is to end. */
  readonly stopped: Effect.Effect<void>
  /** Who hears whatever else is said, for one at a time. */
  readonly hear: (listener: (order: Other) => void) => void
}

/** Waits until it is on its way: a process may end then. */
export const tell = (told: Told): Effect.Effect<void> =>
  Effect.async((resume) => {
    if (process.send === undefined || !process.connected) return resume(Effect.void)
    process.send(told, undefined, undefined, () => resume(Effect.void))
  })

/** Hears orders until the scope closes. A supervisor that is gone is nobody to serve for. */
export const make: Effect.Effect<Channel, never, Scope.Scope> = Effect.gen(function*() {
  const retired = yield* Deferred.make<ReadonlyArray<number>>()
  const stopped = yield* Deferred.make<void>()
  let listener: ((order: Other) => void) | undefined = undefined
  const stop = (): void => Deferred.unsafeDone(stopped, Effect.void)
  const hear = (order: Order): void => {
    if (order._tag === "Stop") stop()
    else if (order._tag === "Retire") Deferred.unsafeDone(retired, Effect.succeed(order.staying))
    else if (order._tag === "Ping") Effect.runFork(tell({ _tag: "Pong" }))
    else listener?.(order)
  }
  yield* Effect.acquireRelease(
    Effect.sync(() => process.on("message", hear).on("disconnect", stop)),
    () =>
      Effect.sync(() => {
        process.off("message", hear).off("disconnect", stop)
        if (process.connected) process.disconnect()
      })
  )
  return {
    retired: Deferred.await(retired),
    stopped: Deferred.await(stopped),
    hear: (next) => {
      listener = next
    }
  }
})
