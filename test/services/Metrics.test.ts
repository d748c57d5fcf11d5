import { describe, expect, it } from "@effect/vitest"
import { Metrics, type ServerEvent } from "effect-switchboard"
import * as Cause from "effect/Cause"
import * as Duration from "effect/Duration"
import * as Effect from "effect/Effect"
import * as Metric from "effect/Metric"

const peer = { host: "192.0.2.1", port: 4321 }

const observe = (what: ServerEvent.What) => Metrics.observer.observe({ ...what, server: "one" })

describe("Metrics", () => {
  it.effect("count connections, refusals, failures, requests and bytes as the events say, each server for itself", () =>
    Effect.gen(function*() {
      const read = Effect.map(Metric.snapshot, (pairs) =>
        Object.fromEntries(
          pairs
            .filter(({ metricKey }) => metricKey.tags.some(({ value }) => value === "one"))
            .map(({ metricKey, metricState }) => [metricKey.name, metricState])
        ))
      Metrics.observer.observe({ _tag: "Accepted", server: "two", id: 1, peer, open: 7 })
      observe({ _tag: "Accepted", id: 1, peer, open: 1 })
      observe({ _tag: "Accepted", id: 2, peer, open: 2 })
      observe({ _tag: "Refused", peer, reason: "AtLimit" })
      observe({ _tag: "Exhausted", refused: 4 })
      observe({ _tag: "Failed", id: 2, peer, cause: Cause.die("a bug") })
      observe({
        _tag: "Closed",
        id: 1,
        peer,
        reason: "PeerClosed",
        requests: 3,
        replies: 3,
        bytesIn: 30,
        bytesOut: 60,
        duration: Duration.seconds(2),
        open: 1
      })
      expect(yield* read).toMatchObject({
        switchboard_connections_open: { value: 1 },
        switchboard_connections_total: { count: 2 },
        switchboard_refusals_total: { count: 5 },
        switchboard_failures_total: { count: 1 },
        switchboard_requests_total: { count: 3 },
        switchboard_received_bytes: { count: 30 },
        switchboard_sent_bytes: { count: 60 },
        switchboard_connection_seconds: { count: 1, sum: 2 }
      })
    }))
})
