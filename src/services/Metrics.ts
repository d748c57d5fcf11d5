/**
 * An observer that keeps Effect metrics.
 *
 * | metric | kind | what |
 * |---|---|---|
 * | `switchboard_connections_open` | gauge | connections being served |
 * | `switchboard_connections_total` | counter | connections accepted |
 * | `switchboard_refusals_total` | counter | clients refused, at the limit or for want of descriptors |
 * | `switchboard_failures_total` | counter | connections ended by a failure or a defect of their protocol |
 * | `switchboard_requests_total` | counter | requests of connections that have closed |
 * | `switchboard_received_bytes` | counter | bytes from clients, of connections that have closed |
 * | `switchboard_sent_bytes` | counter | bytes to clients, likewise |
 * | `switchboard_connection_seconds` | histogram | how long connections lasted |
 *
 * All have the label `server`. Requests are counted when their connection closes, so that a request costs nothing.
 *
 * @since 0.1.0
 * @module
 */
import * as Duration from "effect/Duration"
import * as Metric from "effect/Metric"
import * as MetricBoundaries from "effect/MetricBoundaries"
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
    requests: total("requests_total", "Requests of connections that have closed"),
    received: total("received_bytes", "Bytes from clients whose connections have closed"),
    sent: total("sent_bytes", "Bytes to clients whose connections have closed"),
    lasted: labelled(Metric.histogram(
      "switchboard_connection_seconds",
      // From a millisecond to about three hours.
      MetricBoundaries.exponential({ start: 0.001, factor: 5, count: 11 }),
      "How long connections lasted"
    ))
  }
}

type Kept = ReturnType<typeof make>

/** As global as the metrics themselves are in Effect. */
const servers = new Map<string, Kept>()

const keep = (kept: Kept, event: ServerEvent): void => {
  switch (event._tag) {
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
      kept.requests.unsafeUpdate(event.requests, [])
      kept.received.unsafeUpdate(event.bytesIn, [])
      kept.sent.unsafeUpdate(event.bytesOut, [])
      kept.lasted.unsafeUpdate(Duration.toSeconds(event.duration), [])
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
  observe: (event) => {
    let kept = servers.get(event.server)
    if (kept === undefined) servers.set(event.server, kept = make(event.server))
    keep(kept, event)
  }
}
