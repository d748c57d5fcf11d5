import * as Effect from "effect/Effect"
import type * as Scope from "effect/Scope"
import * as net from "node:net"

/** A bare socket, as cheap as they come: for crowds. It is destroyed with the scope; a reset is an answer like any other. */
export const dial = (port: number): Effect.Effect<net.Socket, Error, Scope.Scope> =>
  Effect.acquireRelease(
    Effect.async<net.Socket, Error>((resume) => {
      const socket = net.connect({ port, host: "127.0.0.1", noDelay: true })
      socket.on("error", (error: NodeJS.ErrnoException) =>
        resume(error.code === "ECONNRESET" ? Effect.succeed(socket) : Effect.fail(error)))
      socket.once("connect", () =>
        resume(Effect.succeed(socket)))
    }),
    (socket) =>
      Effect.sync(() => socket.destroy())
  )

export const crowd = (port: number, size: number) =>
  Effect.forEach(Array.from({ length: size }), () => dial(port), { concurrency: 500 })

/** Writes the same bytes for ever, as fast as the other side takes them, and reads nothing. */
export const flood = (socket: net.Socket, bytes: Uint8Array): void => {
  socket.pause()
  const pour = (): void => {
    while (socket.writable && socket.write(bytes)) continue
  }
  socket.on("drain", pour)
  pour()
}

/** What comes until a line is whole, or the other side is gone. */
export const line = (socket: net.Socket): Effect.Effect<string> =>
  Effect.async((resume) => {
    let text = ""
    socket.setEncoding("utf8").on("data", (chunk: string) => {
      text += chunk
      if (text.includes("\n")) resume(Effect.succeed(text))
    })
    socket.once("close", () => resume(Effect.succeed(text)))
  })

export const ask = (socket: net.Socket, request: string): Effect.Effect<string> =>
  Effect.suspend(() => {
    socket.write(`${request}\n`)
    return line(socket)
  })

/** Writes, and waits until the other side has taken it, or is gone. */
export const write = (socket: net.Socket, bytes: Uint8Array): Effect.Effect<void> =>
  Effect.async((resume) => {
    socket.write(bytes, () => resume(Effect.void))
  })
