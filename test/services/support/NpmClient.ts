import * as Effect from "effect/Effect"
import type * as Scope from "effect/Scope"
import type { IncomingMessage } from "node:http"
import type { ClientOptions } from "ws"
import { WebSocket } from "ws"

/** npm's `ws` as a client: the other side, which we have not written. */
export interface NpmClient {
  readonly socket: WebSocket
  /** All messages, text as text, and binary as latin1 behind `binary:`. */
  readonly heard: ReadonlyArray<string>
  readonly pings: ReadonlyArray<string>
  readonly pongs: ReadonlyArray<string>
  /** Waits for so many messages. */
  readonly hear: (count: number) => Effect.Effect<ReadonlyArray<string>>
  readonly ponged: (count: number) => Effect.Effect<ReadonlyArray<string>>
  readonly pinged: (count: number) => Effect.Effect<ReadonlyArray<string>>
  /** Waits for the end, and gives its code. */
  readonly closed: Effect.Effect<{ readonly code: number; readonly words: string }>
}

/** Connects, and fails with the status where the server does not open the connection. */
export const connect = (
  url: string,
  protocols: ReadonlyArray<string> = [],
  options: ClientOptions = {}
): Effect.Effect<NpmClient, number, Scope.Scope> =>
  Effect.acquireRelease(
    Effect.async<NpmClient, number>((resume) => {
      const socket = new WebSocket(url, [...protocols], { perMessageDeflate: false, ...options })
      const waiting = new Set<() => void>()
      const look = (): void => waiting.forEach((check) => check())
      const heard: Array<string> = []
      const pings: Array<string> = []
      const pongs: Array<string> = []
      let end: { readonly code: number; readonly words: string } | undefined = undefined
      socket.on("message", (data: Buffer, isBinary) => {
        heard.push(isBinary ? `binary:${data.toString("latin1")}` : data.toString())
        look()
      })
      socket.on("ping", (data) => {
        pings.push(data.toString("latin1"))
        look()
      })
      socket.on("pong", (data) => {
        pongs.push(data.toString("latin1"))
        look()
      })
      socket.on("close", (code, reason) => {
        end = { code, words: reason.toString() }
        look()
      })
      socket.on("unexpected-response", (_, response: IncomingMessage) => resume(Effect.fail(response.statusCode ?? 0)))
      // Whoever waits is told by `close`, which follows.
      socket.on("error", () => {})
      const waitFor = <A>(what: () => A | undefined): Effect.Effect<A> =>
        Effect.async((resume) => {
          const check = (): void => {
            const found = what()
            if (found === undefined) return
            waiting.delete(check)
            resume(Effect.succeed(found))
          }
          waiting.add(check)
          check()
        })
      const some = (all: ReadonlyArray<string>) => (count: number) =>
        waitFor(() => (all.length >= count || end !== undefined ? all.slice() : undefined))
      socket.on("open", () =>
        resume(Effect.succeed({
          socket,
          heard,
          pings,
          pongs,
          hear: some(heard),
          pinged: some(pings),
          ponged: some(pongs),
          closed: waitFor(() => end)
        })))
    }),
    ({ socket }) => Effect.sync(() => socket.terminate())
  )
