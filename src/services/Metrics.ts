/**
 * An observer that keeps Effect metrics.
 *
 * | metric | kind | what |
 * |---|---|---|
 * | `switchboard_connections_open` | gauge | connections being served |
 * | `switchboard_connections_total` | counter | connections accepted |
 * | `switchboard_refusals_total` | counter | clients refused, at the limit or for want of descriptors |
 * | `switchboard_failures_total` | counter | connections ended by a failure or a defect of their protocol |
 * | `switchboard_requests_total` | counter | requests |
 * | `switchboard_received_bytes` | counter | bytes from clients |
 * | `switchboard_sent_bytes` | counter | bytes to clients |
 * | `switchboard_connection_seconds` | histogram | how long connections lasted |
 *
 * All have the label `server`. A request costs nothing: those of a connection, and its bytes, are counted when it closes; or
 * while it is open, where {@link follow} looks at the server every second.
 *
 * @since 0.1.0
 * @module
 */
import * as Duration from "effect/Duration"
import * as Effect from "effect/Effect"
import * as Metric from "effect/Metric"
import * as MetricBoundaries from "effect/MetricBoundaries"
import * as Schedule from "effect/Schedule"
import type * as Scope from "effect/Scope"
import type { ServerEvent } from "../domain/ServerEvent.js"
import type { Shape } from "./Observer.js"

const make = (server: string) => {
  const labelled = <Type, In, Out>(metric: Metric.Metric<Type, In, Out>): Metric.Metric<Type, In, Out> =>
    Metric.tagged(metric, "server", server)
  const total = (name: string, description: string) =>
    labelled(Metric.counter(`switchboard_${name}`, { description, incremental: true }))
  return {
    open: labelled(Metric.gauge("switchboard_connections_open", { description: "Connections being served" })),
    accepted: total("connections_total", "Connections accepted"),
    refusals: total("refusals_total", "Clients refused"),
    failures: total("failures_total", "Connections ended by their protocol's failure"),
    requests: total("requests_total", "Requests"),
    received: total("received_bytes", "Bytes from clients"),
    sent: total("sent_bytes", "Bytes to clients"),
    lasted: labelled(Metric.histogram(
      "switchboard_connection_seconds",
      // From a millisecond to about three hours.
      MetricBoundaries.exponential({ start: 0.001, factor: 5, count: 11 }),
      "How long connections lasted"
    ))
  }
}

/**
 * What of a server is counted while its connections are open: a `Server.Server` has it.
 *
 * @since 0.2.0
 * @category models
 */
export interface Followed {
  readonly name: string
  readonly totals: Effect.Effect<Counts>
}

/**
 * What connections have come to, those that are open included.
 *
 * @since 0.2.0
 * @category models
 */
export interface Counts {
  readonly requests: number
  readonly bytesIn: number
  readonly bytesOut: number
}

const nothing: Counts = { requests: 0, bytesIn: 0, bytesOut: 0 }

interface Kept extends ReturnType<typeof make> {
  /** What of the server that has this name now is in the counters. */
  counted: Counts
  /** It is followed by this: then what closes is counted already, or will be. */
  look: (() => void) | undefined
}

/** As global as the metrics themselves are in Effect. */
const servers = new Map<string, Kept>()

const keptOf = (server: string): Kept => {
  let kept = servers.get(server)
  if (kept === undefined) servers.set(server, kept = { ...make(server), counted: nothing, look: undefined })
  return kept
}

/** The counters have so much in all. */
const count = (kept: Kept, counts: Counts): void => {
  const { counted } = kept
  kept.requests.unsafeUpdate(counts.requests - counted.requests, [])
  kept.received.unsafeUpdate(counts.bytesIn - counted.bytesIn, [])
  kept.sent.unsafeUpdate(counts.bytesOut - counted.bytesOut, [])
  kept.counted = counts
}

const plus = (counted: Counts, { bytesIn, bytesOut, requests }: Counts): Counts => ({
  requests: counted.requests + requests,
  bytesIn: counted.bytesIn + bytesIn,
  bytesOut: counted.bytesOut + bytesOut
})

const keep = (kept: Kept, event: ServerEvent): void => {
  switch (event._tag) {
    case "Listening":
      kept.counted = nothing
      kept.look = undefined
      break
    case "Accepted":
      kept.accepted.unsafeUpdate(1, [])
      kept.open.unsafeUpdate(event.open, [])
      break
    case "Refused":
      kept.refusals.unsafeUpdate(1, [])
      break
    case "Exhausted":
      kept.refusals.unsafeUpdate(event.refused, [])
      break
    case "Failed":
      kept.failures.unsafeUpdate(1, [])
      break
    case "Closed":
      kept.open.unsafeUpdate(event.open, [])
      if (kept.look === undefined) count(kept, plus(kept.counted, event))
      kept.lasted.unsafeUpdate(Duration.toSeconds(event.duration), [])
      break
    case "Stopped":
      kept.look?.()
      break
    default:
      break
  }
}

/**
 * Keeps the metrics above, for Effect's own exporters to read. Each has the label `server`, the name of the server whose
 * event it is, so that two of them share no gauge.
 *
 * @example
 * ```ts
 * import { Metrics, Observer } from "effect-switchboard"
 * import { Layer } from "effect"
 *
 * const measured = Layer.succeed(Observer.Observer, Metrics.observer)
 * ```
 *
 * @since 0.1.0
 * @category observers
 */
export const observer: Shape = {
  messages: false,
  observe: (event) => keep(keptOf(event.server), event)
}

/**
 * Counts the requests and bytes of connections while they are open, at each moment of the schedule, by default every second;
 * at the server's end all are counted. For a server whose observer is {@link observer}, and as long as the scope is open.
 *
 * @example
 * ```ts
 * import { Echo, Metrics, Model, Observer, Server } from "effect-switchboard"
 * import { Effect } from "effect"
 *
 * const measured = Server.make(Echo.protocol, { model: Model.threaded }).pipe(
 *   Effect.tap((server) => Metrics.follow(server)),
 *   Effect.provideService(Observer.Observer, Metrics.observer)
 * )
 * ```
 *
 * @since 0.2.0
 * @category observers
 */
export const follow = (
  server: Followed,
  schedule: Schedule.Schedule<unknown> = Schedule.spaced("1 second")
): Effect.Effect<void, never, Scope.Scope> => {
  const kept = keptOf(server.name)
  const look = Effect.map(server.totals, (totals) => count(kept, totals))
  return Effect.gen(function*() {
    kept.look = () => Effect.runSync(look)
    yield* Effect.forkScoped(Effect.interruptible(Effect.repeat(look, schedule)))
  })
}
