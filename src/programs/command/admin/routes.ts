/** What the admin port answers. */
import * as HttpIncomingMessage from "@effect/platform/HttpIncomingMessage"
import type { HttpServerRequest } from "@effect/platform/HttpServerRequest"
import * as HttpServerResponse from "@effect/platform/HttpServerResponse"
import * as Effect from "effect/Effect"
import * as Option from "effect/Option"
import type * as Stream from "effect/Stream"
import * as settings from "../arguments/settings.js"
import type { Health, Level } from "./Administration.js"
import { Administration } from "./Administration.js"
import * as events from "./events.js"
import * as exposition from "./exposition.js"
import type { Access } from "./Guard.js"
import { authorize } from "./Guard.js"
import * as limitsText from "./limitsText.js"
import * as live from "./live/stream.js"
import { Refused } from "./Refused.js"
import * as said from "./said.js"

export type Handler = (
  request: HttpServerRequest,
  query: URLSearchParams,
  access: Access
) => Effect.Effect<HttpServerResponse.HttpServerResponse, Refused, Administration>

/** By method. All but GET change something, and need the right to. */
export type Route = Readonly<Partial<Record<"GET" | "POST" | "PUT" | "PATCH" | "DELETE", Handler>>>

/** Bytes of a request's body. */
const mostBody = 16_384

/** Connections of a page, if nothing is said, and at the most. */
const usualPage = 100
const mostPage = 1000

const text = (body: string, status = 200) => HttpServerResponse.text(body, { status })
const json = (body: unknown, status = 200) => HttpServerResponse.unsafeJson(body, { status })
const bad = (message: string) => new Refused({ status: 400, message })

/** The body, as JSON. */
const content = (request: HttpServerRequest): Effect.Effect<unknown, Refused> => {
  if (!/^application\/json\b/i.test(request.headers["content-type"] ?? "")) {
    return new Refused({ status: 415, message: "The body must be JSON: Content-Type: application/json." })
  }
  return request.text.pipe(
    HttpIncomingMessage.withMaxBodySize(Option.some(mostBody)),
    Effect.mapError(() => new Refused({ status: 413, message: `The body may have ${mostBody} bytes, and must end.` })),
    Effect.flatMap((body) =>
      Effect.try({
        try: (): unknown => JSON.parse(body),
        catch: (error) => bad(`The body is no JSON: ${(error as Error).message}.`)
      })
    )
  )
}

/** A number of the query. */
const number = (query: URLSearchParams, name: string, usual: number, most: number): Effect.Effect<number, Refused> => {
  const given = query.get(name)
  if (given === null) return Effect.succeed(usual)
  const value = /^\d{1,15}$/.test(given) ? Number(given) : NaN
  return value <= most ? Effect.succeed(value) : bad(`${name} must be a whole number up to ${most}, not '${given}'.`)
}

const any = Number.MAX_SAFE_INTEGER

const unready: Readonly<Record<Exclude<Health["state"], "ready">, string>> = {
  starting: "starting: it does not listen yet",
  draining: "draining: it stops",
  stopped: "stopped"
}

const readyz: Handler = () =>
  Effect.map(
    Effect.flatMap(Administration, ({ health }) => health),
    ({ state }) => state === "ready" ? text("ready\n") : text(`${unready[state]}\n`, 503)
  )

const metrics: Handler = ({ headers }) =>
  Effect.flatMap(
    Effect.flatMap(Administration, ({ metrics }) => metrics),
    (families) =>
      Effect.map(exposition.write(families, headers["accept"] ?? ""), ({ body, contentType }) =>
        HttpServerResponse.text(body, { contentType }))
  )

const connections: Handler = (_request, query) =>
  Effect.gen(function*() {
    const administration = yield* Administration
    const limit = yield* number(query, "limit", usualPage, mostPage)
    const after = { worker: yield* number(query, "worker", 0, any), id: yield* number(query, "after", 0, any) }
    const { connections, open } = yield* administration.connections({ after, limit })
    const last = connections.at(-1)
    return json({
      open,
      connections: connections.map(({ since, ...entry }) => ({ ...entry, since: new Date(since).toISOString() })),
      // Where the next page begins, if there may be one.
      next: last === undefined || connections.length < limit
        ? null
        : `/connections?worker=${last.worker}&after=${last.id}&limit=${limit}`
    })
  })

const disconnect: Handler = (_request, query) =>
  Effect.gen(function*() {
    const administration = yield* Administration
    const key = { worker: yield* number(query, "worker", 0, any), id: yield* number(query, "id", 0, any) }
    return (yield* administration.disconnect(key))
      ? HttpServerResponse.empty({ status: 202 })
      : yield* new Refused({ status: 404, message: `There is no connection ${key.id}.` })
  })

const limits: Handler = () =>
  Effect.map(Effect.flatMap(Administration, ({ limits }) => limits), (limits) => json(limitsText.write(limits)))

const changeLimits: Handler = (request) =>
  Effect.gen(function*() {
    const { setLimits } = yield* Administration
    const changes = yield* Effect.flatMap(content(request), limitsText.read)
    return json(limitsText.write(yield* setLimits(changes)))
  })

const level: Handler = () =>
  Effect.map(Effect.flatMap(Administration, ({ level }) => level), (level) => json({ "log-level": level }))

const changeLevel: Handler = (request) =>
  Effect.gen(function*() {
    const { setLevel } = yield* Administration
    const given = yield* content(request)
    const word = typeof given === "object" && given !== null ? (given as Record<string, unknown>)["log-level"] : given
    if (typeof word !== "string" || !settings.logLevel.choices.includes(word)) {
      return yield* bad(`A change is {"log-level": "info"}, of ${settings.logLevel.choices.join(", ")}.`)
    }
    yield* setLevel(word as Level)
    return json({ "log-level": word })
  })

const asked = (what: "drain" | "reload"): Handler => () =>
  Effect.zipRight(
    Effect.flatMap(Administration, (administration): Effect.Effect<void, Refused> => administration[what]),
    HttpServerResponse.empty({ status: 202 })
  )

/** It is large, and loaded when somebody wants it. */
const page: Handler = () =>
  Effect.map(
    Effect.promise(() => import("./live/page.js")),
    ({ page, policy }) =>
      HttpServerResponse.html(page).pipe(HttpServerResponse.setHeader("content-security-policy", policy))
  )

/** Where a token is asked for to change something, it is to see messages, too. */
const messages: Handler = (request, query, access) =>
  Effect.gen(function*() {
    const administration = yield* Administration
    if (administration.showsMessages && access.tokenFile !== undefined) yield* authorize(request, access)
    const key = { worker: yield* number(query, "worker", 0, any), id: yield* number(query, "id", 0, any) }
    return eventStream(said.events(yield* administration.conversation(key)))
  })

const eventStream = (stream: Stream.Stream<Uint8Array>) =>
  HttpServerResponse.stream(stream, { contentType: "text/event-stream" })

/** By path. */
export const routes: Readonly<Record<string, Route>> = {
  "/": { GET: page },
  "/live": { GET: (_request, _url, access) => Effect.map(live.stream(access), eventStream) },
  "/livez": { GET: () => Effect.succeed(text("alive\n")) },
  "/readyz": { GET: readyz },
  "/metrics": { GET: metrics },
  "/connections": { GET: connections, DELETE: disconnect },
  "/events": {
    GET: () => Effect.map(events.stream, eventStream)
  },
  "/messages": { GET: messages },
  "/limits": { GET: limits, PATCH: changeLimits },
  "/log-level": { GET: level, PUT: changeLevel },
  "/drain": { POST: asked("drain") },
  "/reload": { POST: asked("reload") }
}
