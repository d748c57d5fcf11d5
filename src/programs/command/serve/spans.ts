/** A span for each connection, for a collector of OpenTelemetry's: none a request, so that a request costs nothing. */
import { layerJson } from "@effect/opentelemetry/OtlpSerialization"
import * as OtlpTracer from "@effect/opentelemetry/OtlpTracer"
import * as FetchHttpClient from "@effect/platform/FetchHttpClient"
import * as HttpClient from "@effect/platform/HttpClient"
import { RequestError } from "@effect/platform/HttpClientError"
import type * as Cause from "effect/Cause"
import * as Context from "effect/Context"
import * as Duration from "effect/Duration"
import * as Effect from "effect/Effect"
import * as Exit from "effect/Exit"
import * as Layer from "effect/Layer"
import * as Option from "effect/Option"
import type * as Scope from "effect/Scope"
import packageJson from "../../../../package.json" with { type: "json" }
import type { Address } from "../../../domain/Address.js"
import type { Closed, ServerEvent } from "../../../domain/ServerEvent.js"
import type { Shape as Observer } from "../../../services/Observer.js"

/** Spans of one message to the collector, and how long they wait for others. */
const batch = 512
const pace = "2 seconds"

/** A collector that has not answered after this is given up for a minute, and what ends meanwhile it is not told. */
const patience = "5 seconds"
const complaints = 60_000

/** At the end, how long the last message may take. */
const farewell = "2 seconds"

// Names are those of OpenTelemetry's semantic conventions, where these have one.

const addressOf = (role: "client" | "network.peer", { host, path, port }: Address) =>
  path === undefined ? { [`${role}.address`]: host, [`${role}.port`]: port } : { [`${role}.address`]: path }

const attributesOf = ({ bytesIn, bytesOut, id, peer, reason, replies, requests }: Closed) => ({
  "network.transport": peer.path === undefined ? "tcp" : "unix",
  ...addressOf("client", peer),
  ...(peer.via === undefined ? {} : addressOf("network.peer", peer.via)),
  "switchboard.connection.id": id,
  "switchboard.connection.reason": reason,
  "switchboard.requests": requests,
  "switchboard.replies": replies,
  "switchboard.received.bytes": bytesIn,
  "switchboard.sent.bytes": bytesOut
})

/** A client that waits no longer than that, and says once a minute that it was not heard. */
const client = Effect.gen(function*() {
  const inner = yield* HttpClient.HttpClient
  const clock = yield* Effect.clock
  let complainedAt = -Infinity
  return HttpClient.transform(inner, (response, request) => {
    const late = () => new RequestError({ request, reason: "Transport", description: `no answer in ${patience}` })
    return Effect.timeoutFail(response, { duration: patience, onTimeout: late }).pipe(
      Effect.tapError(({ message }) => {
        const now = clock.unsafeCurrentTimeMillis()
        if (now - complainedAt < complaints) return Effect.void
        complainedAt = now
        return Effect.logWarning(`spans are lost: the collector does not take them (${message})`)
      })
    )
  })
})

/** Tells a collector of each connection that is over, for as long as the scope is open. */
export const make = (collector: string): Effect.Effect<Observer, never, Scope.Scope> =>
  Effect.gen(function*() {
    const clock = yield* Effect.clock
    const tracer = yield* OtlpTracer.make({
      url: collector.endsWith("/v1/traces") ? collector : `${collector}/v1/traces`,
      resource: { serviceName: "switchboard", serviceVersion: packageJson.version },
      maxBatchSize: batch,
      exportInterval: pace,
      shutdownTimeout: farewell
    })
    /** What is to be told of connections that have failed, when they are over. */
    const failures = new Map<number, Cause.Cause<unknown>>()
    let name = "connection"
    return {
      messages: false,
      observe: (event: ServerEvent): void => {
        if (event._tag === "Listening") name = event.protocol
        if (event._tag === "Failed") failures.set(event.id, event.cause)
        if (event._tag !== "Closed") return
        const end = clock.unsafeCurrentTimeNanos()
        const start = end - Option.getOrElse(Duration.toNanos(event.duration), () => 0n)
        const span = tracer.span(name, Option.none(), Context.empty(), [], start, "server")
        for (const [key, value] of Object.entries(attributesOf(event))) span.attribute(key, value)
        const cause = failures.get(event.id)
        failures.delete(event.id)
        span.end(end, cause === undefined ? Exit.void : Exit.failCause(cause))
      }
    }
  }).pipe(
    Effect.provide(
      Layer.merge(layerJson, Layer.provide(Layer.effect(HttpClient.HttpClient, client), FetchHttpClient.layer))
    )
  )
