import * as Effect from "effect/Effect"
import type * as Scope from "effect/Scope"
import { createServer, type RequestListener, type Server, type ServerOptions } from "node:http"
import type { AddressInfo, ListenOptions } from "node:net"

/** An app's own server of HTTP: it tells what it is asked for. */
export const answer: RequestListener = (request, response) => {
  request.setEncoding("utf8")
  let body = ""
  request.on("data", (text: string) => (body += text))
  request.on("end", () => response.end(`${request.method} ${request.url} ${body}`.trimEnd()))
}

export const listen = (server: Server, options: ListenOptions = { host: "127.0.0.1", port: 0 }): Effect.Effect<void> =>
  Effect.async((resume) => {
    server.listen(options, () => resume(Effect.void))
  })

/** Closes a server, and waits until its last connection has ended. */
export const close = (server: Server): Effect.Effect<void> =>
  Effect.async((resume) => {
    server.close(() => resume(Effect.void))
  })

/** One that listens until the scope closes. */
export const app = (
  listener: RequestListener = answer,
  options: ServerOptions = {}
): Effect.Effect<Server, never, Scope.Scope> =>
  Effect.acquireRelease(
    Effect.suspend(() => {
      const server = createServer(options, listener)
      return Effect.as(listen(server), server)
    }),
    (server) =>
      Effect.sync(() => {
        server.close()
        server.closeAllConnections()
      })
  )

export const portOf = (server: Server): number => (server.address() as AddressInfo).port
