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
 * Requests are counted when their connection closes, so that a request costs nothing.
 *
 * @since 0.1.0
 * @module
 */
import * as Duration from "effect/Duration"
import * as Metric from "effect/Metric"
import * as MetricBoundaries from "effect/MetricBoundaries"
import type { ServerEvent } from "../domain/ServerEvent.js"
import type { Shape } from "./Observer.js"

const open = Metric.gauge("switchboard_connections_open", { description: "Connections being served" })
const accepted = total("switchboard_connections_total", "Connections accepted")
const refusals = total("switchboard_refusals_total", "Clients refused")
const failures = total("switchboard_failures_total", "Connections ended by their protocol's failure")
const requests = total("switchboard_requests_total", "Requests of connections that have closed")
const received = total("switchboard_received_bytes", "Bytes from clients whose connections have closed")
const sent = total("switchboard_sent_bytes", "Bytes to clients whose connections have closed")
const lasted = Metric.histogram(
  "switchboard_connection_seconds",
  // From a millisecond to about three hours.
  MetricBoundaries.exponential({ start: 0.001, factor: 5, count: 11 }),
  "How long connections lasted"
)

function total(name: string, description: string): Metric.Metric.Counter<number> {
  return Metric.counter(name, { description, incremental: true })
}

const observe = (event: ServerEvent): void => {
  switch (event._tag) {
    case "Accepted":
      accepted.unsafeUpdate(1, [])
      open.unsafeUpdate(event.open, [])
      break
    case "Refused":
      refusals.unsafeUpdate(1, [])
      break
    case "Exhausted":
      refusals.unsafeUpdate(event.refused, [])
      break
    case "Failed":
      failures.unsafeUpdate(1, [])
      break
    case "Closed":
      open.unsafeUpdate(event.open, [])
      requests.unsafeUpdate(event.requests, [])
      received.unsafeUpdate(event.bytesIn, [])
      sent.unsafeUpdate(event.bytesOut, [])
      lasted.unsafeUpdate(Duration.toSeconds(event.duration), [])
      break
    default:
      break
  }
}

/**
 * Keeps the metrics above, for Effect's own exporters to read.
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
export const observer: Shape = { messages: false, observe }
