/** The admin port: HTTP over what can be seen and changed of a running server. */
import * as NodeHttpServer from "@effect/platform-node/NodeHttpServer"
import * as HttpServerRequest from "@effect/platform/HttpServerRequest"
import * as HttpServerResponse from "@effect/platform/HttpServerResponse"
import * as Effect from "effect/Effect"
import type * as Scope from "effect/Scope"
import { statSync } from "node:fs"
import { createServer } from "node:http"
import type { IncomingMessage, Server, ServerResponse } from "node:http"
import type { Address } from "../../../domain/Address.js"
import type { ListenError } from "../../../domain/NetworkError.js"
import { listen } from "../../../services/node/listen.js"
import type { Place } from "../../../services/node/place.js"
import { bound } from "../../../services/node/place.js"
import type { Administration } from "./Administration.js"
import type { Access } from "./Guard.js"
import { admit, authorize } from "./Guard.js"
import { Refused } from "./Refused.js"
import type { Handler, Route } from "./routes.js"
import { routes } from "./routes.js"

/** Connections at once: whoever watches is one or a few. One more is closed. */
const mostConnections = 64

/** Bytes of a request's head. */
const mostHead = 8192

/** Milliseconds that a request has to come in, and that a connection may be silent. */
const headTime = 5000
const requestTime = 10_000
const silence = 30_000

/** The permissions of a unix socket's file: whoever gets here is this user, or root. */
const privately = 0o600

/** How long an answer may take to be made. */
const answerTime = "10 seconds"

/** What every answer says: it is nobody else's, and not to be kept. */
const always = {
  "cache-control": "no-store",
  "x-content-type-options": "nosniff",
  "cross-origin-resource-policy": "same-origin",
  "x-frame-options": "DENY",
  "referrer-policy": "no-referrer"
}

const handlerOf = (route: Route | undefined, method: string, path: string): Effect.Effect<Handler, Refused> => {
  if (route === undefined) return new Refused({ status: 404, message: `There is no ${path} here.` })
  const handler = route[(method === "HEAD" ? "GET" : method) as keyof Route]
  return handler === undefined
    ? new Refused({ status: 405, message: `${path} takes ${Object.keys(route).join(" and ")}, not ${method}.` })
    : Effect.succeed(handler)
}

/** What one gets who asks. */
export const app = (
  access: Access
): Effect.Effect<
  HttpServerResponse.HttpServerResponse,
  never,
  Administration | HttpServerRequest.HttpServerRequest
> =>
  Effect.gen(function*() {
    const request = yield* HttpServerRequest.HttpServerRequest
    yield* admit(request, access)
    const [path = "", query] = request.url.split("?", 2)
    const route = Object.hasOwn(routes, path) ? routes[path] : undefined
    const handler = yield* handlerOf(route, request.method, path)
    if (request.method !== "GET" && request.method !== "HEAD") yield* authorize(request, access)
    return yield* handler(request, new URLSearchParams(query), access)
  }).pipe(
    Effect.timeoutFail({
      duration: answerTime,
      onTimeout: () => new Refused({ status: 409, message: "There was no answer in time." })
    }),
    Effect.catchTag("Refused", ({ message, status }) =>
      Effect.succeed(HttpServerResponse.unsafeJson({ error: message }, {
        status,
        headers: status === 401 ? { "www-authenticate": "Bearer" } : {}
      }))),
    Effect.map(HttpServerResponse.setHeaders(always))
  )

const httpServer = (): Server => {
  const server = createServer({
    maxHeaderSize: mostHead,
    headersTimeout: headTime,
    requestTimeout: requestTime,
    connectionsCheckingInterval: 1000,
    keepAliveTimeout: headTime
  })
  server.maxConnections = mostConnections
  server.setTimeout(silence)
  return server
}

/** What is said while nobody is served yet. */
const starting = ({ url }: IncomingMessage, response: ServerResponse): void => {
  const isAlive = url === "/livez"
  response.writeHead(isAlive ? 200 : 503, { ...always, "content-type": "text/plain", connection: "close" })
  response.end(isAlive ? "alive\n" : "starting: it does not listen yet\n")
}

/** A port that is taken, and not served yet. */
export interface AdminServer {
  readonly address: Address
  /** Serves, for as long as the port is open. */
  readonly serve: Effect.Effect<void, never, Administration>
}

/** Listens, for as long as the scope is open. A unix socket's file is for this user alone. */
export const make = (
  place: Place,
  tokenFile: string | undefined
): Effect.Effect<AdminServer, ListenError, Scope.Scope> =>
  Effect.gen(function*() {
    const server = httpServer()
    const isFile = place.path !== undefined && !place.path.startsWith("\0")
    yield* Effect.acquireRelease(
      listen(server, isFile ? { ...place, mode: privately } : place, mostConnections),
      () =>
        Effect.sync(() => {
          server.close()
          // Who is told what happens would be told for ever.
          server.closeAllConnections()
        })
    )
    server.on("request", starting)
    server.on("error", () => {
      // A connection could not be accepted, for want of descriptors: the next may.
    })
    const isPrivate = isFile && (statSync(place.path).mode & 0o777) === privately
    const access = { host: place.host, isPrivate, tokenFile }
    return {
      address: bound(server, place),
      serve: Effect.map(NodeHttpServer.makeHandler(app(access)), (handler) => {
        server.off("request", starting)
        server.on("request", (request, response) => {
          // Its client has left in the middle.
          response.on("error", () => {})
          handler(request, response)
        })
      })
    }
  })
