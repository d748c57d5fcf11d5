/** A plain TCP client, that knows nothing of the project. */
import * as Deferred from "effect/Deferred"
import * as Effect from "effect/Effect"
import type * as Scope from "effect/Scope"
import * as net from "node:net"

export interface Peer {
  readonly socket: net.Socket
  /** What has come until now. */
  readonly text: () => string
  readonly send: (text: string) => Effect.Effect<void>
  /** What has come, once it is at least that many characters. */
  readonly received: (length: number) => Effect.Effect<string>
  /** What had come when the connection ended, and how it ended: in good order, or with an error's code. */
  readonly ended: Effect.Effect<{ readonly text: string; readonly error: string | undefined }>
}

export const connect = (port: number): Effect.Effect<Peer, never, Scope.Scope> =>
  Effect.gen(function*() {
    const ended = yield* Deferred.make<{ readonly text: string; readonly error: string | undefined }>()
    const socket = yield* Effect.acquireRelease(
      Effect.sync(() => net.connect({ port, host: "127.0.0.1", allowHalfOpen: true })),
      (socket) => Effect.sync(() => socket.destroy())
    )
    let text = ""
    let waiting: (() => void) | undefined = undefined
    const end = (error: string | undefined): void => Deferred.unsafeDone(ended, Effect.succeed({ text, error }))
    socket.setEncoding("utf8")
    socket.on("data", (chunk: string) => {
      text += chunk
      waiting?.()
    })
    socket.on("end", () => end(undefined))
    socket.on("error", (error: NodeJS.ErrnoException) => end(error.code))
    yield* Effect.async<void>((resume) => {
      socket.once("connect", () => resume(Effect.void))
      socket.once("error", () => resume(Effect.void))
    })
    return {
      socket,
      text: () => text,
      send: (text) => Effect.sync(() => void socket.write(text)),
      received: (length) =>
        Effect.async((resume) => {
          waiting = () => {
            if (text.length >= length) resume(Effect.succeed(text))
          }
          waiting()
        }),
      ended: Deferred.await(ended)
    }
  })
