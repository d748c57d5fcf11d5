import type * as Socket from "@effect/platform/Socket"
import { CloseEvent } from "@effect/platform/Socket"
import * as Deferred from "effect/Deferred"
import * as Effect from "effect/Effect"
import * as Exit from "effect/Exit"
import * as Fiber from "effect/Fiber"
import * as Queue from "effect/Queue"
import * as Scope from "effect/Scope"
import type { Peer } from "../../../src/programs/testing/Peer.js"
import { Signal } from "../../../src/services/platform/Signal.js"
import * as PlatformSocket from "../../../src/services/PlatformSocket.js"
import * as PlatformSocketServer from "../../../src/services/PlatformSocketServer.js"
import { SocketServer } from "../../../src/services/SocketServer.js"

type Loosely<A> = A extends Effect.Effect<infer B, unknown> ? Effect.Effect<B, unknown>
  : A extends (...args: infer Args) => Effect.Effect<infer B, unknown> ? (...args: Args) => Effect.Effect<B, unknown>
  : never

/** One end of a connection, driven by hand: what a `Peer` can, whatever there is of sockets. */
export type Side = {
  readonly [Key in Exclude<keyof Peer, "connection" | "available" | "startTls">]: Loosely<Peer[Key]>
}

/** What the network says, out of what `@effect/platform` says of it. */
const causeOf = ({ cause }: Socket.SocketError): unknown => cause

/** Runs a socket of `@effect/platform`, and drives it. */
export const make = (socket: Socket.Socket): Effect.Effect<Side, never, Scope.Scope> =>
  Effect.gen(function*() {
    const over = yield* Deferred.make<void, unknown>()
    const opened = yield* Deferred.make<void>()
    const gate = yield* Effect.makeLatch(true)
    const arrived = new Signal()
    let received: Buffer = Buffer.alloc(0)
    let isEnded = false

    const run = socket.run((chunk) => {
      received = Buffer.concat([received, chunk])
      arrived.ring()
      return gate.await
    }, { onOpen: Effect.asVoid(Deferred.succeed(opened, undefined)) })
    const running = yield* run.pipe(
      // Who cuts the connection, or lets go of it, knows that it is over.
      Effect.catchIf(({ reason }) => reason === "Close", () => Effect.void),
      Effect.mapError(causeOf),
      Effect.onExit((exit) =>
        Effect.sync(() => {
          isEnded = true
          Deferred.unsafeDone(over, Exit.isInterrupted(exit) ? Effect.void : exit)
          arrived.ring()
        })
      ),
      Effect.forkScoped
    )
    yield* Effect.raceFirst(Deferred.await(opened), Effect.ignore(Deferred.await(over)))
    const writing = yield* Scope.make()
    const write = yield* Scope.extend(socket.writer, writing)

    const take = (bytes: number): Buffer => {
      const taken = received.subarray(0, bytes)
      received = received.subarray(bytes)
      return taken
    }
    const readWhen = (enough: () => number | undefined): Effect.Effect<Buffer, unknown> =>
      Effect.suspend(() => {
        const bytes = enough()
        if (bytes !== undefined) return Effect.succeed(take(bytes))
        if (isEnded) return Effect.zipRight(Deferred.await(over), Effect.fail("the other side has finished"))
        return Effect.zipRight(arrived.wait(() => isEnded || enough() !== undefined), readWhen(enough))
      })

    return {
      read: readWhen(() => received.length > 0 ? received.length : undefined),
      readExactly: (bytes) => readWhen(() => received.length >= bytes ? bytes : undefined),
      readLine: Effect.map(
        readWhen(() => {
          const end = received.indexOf("\n")
          return end < 0 ? undefined : end + 1
        }),
        (line) => line.toString("utf8", 0, line.length - 1)
      ),
      readToEnd: Effect.map(Deferred.await(over), () => take(received.length)),
      write: (bytes) => Effect.mapError(write(bytes), causeOf),
      end: Scope.close(writing, Exit.void),
      close: Effect.asVoid(Fiber.interrupt(running)),
      reset: Effect.ignore(write(new CloseEvent(1011))),
      pause: gate.close,
      resume: gate.open,
      closed: Deferred.await(over)
    }
  })

/** A client by `PlatformSocket`, and the server's side of its connection by `PlatformSocketServer`. */
export const pair = Effect.gen(function*() {
  const { address } = yield* SocketServer
  const server = yield* PlatformSocketServer.make()
  const accepted = yield* Queue.unbounded<Side>()
  const left = yield* Deferred.make<void>()
  const serve = (socket: Socket.Socket) =>
    Effect.scoped(Effect.gen(function*() {
      const side = yield* make(socket)
      const gone = yield* Deferred.make<void>()
      const leave = Deferred.succeed(gone, undefined)
      yield* Queue.offer(accepted, { ...side, close: Effect.zipRight(leave, side.close) })
      yield* Effect.raceFirst(Deferred.await(gone), Deferred.await(left))
    }))
  yield* Effect.forkScoped(Effect.interruptible(server.run(serve)))
  yield* Effect.addFinalizer(() => Deferred.succeed(left, undefined))
  const socket = yield* PlatformSocket.make(address)
  return { client: yield* make(socket), server: yield* Queue.take(accepted), socket, accept: Queue.take(accepted) }
})
