import * as Duration from "effect/Duration"
import type { CloseReason, Refusal, ServerEvent } from "../../../domain/ServerEvent.js"
import type { Shape as Observer } from "../../../services/Observer.js"
import type { Totals } from "../../server/Server.js"
import type { Family, Sample } from "./Family.js"
import { counter, gauge } from "./Family.js"
import { Histogram } from "./Histogram.js"

// All reasons are there from the beginning: of a sample that comes into being with a 1, Prometheus sees no increase.

/** Why clients were not served. */
const refusals: Readonly<
  Record<Refusal | "NoDescriptors" | "HandshakeFailed" | "UpgradeDeclined" | "ProxyFault", 0>
> = {
  AtLimit: 0,
  Denied: 0,
  PerAddress: 0,
  TooOften: 0,
  NoDescriptors: 0,
  HandshakeFailed: 0,
  UpgradeDeclined: 0,
  ProxyFault: 0
}

/** Why connections ended. */
const reasons: Readonly<Record<CloseReason, 0>> = {
  PeerClosed: 0,
  ServerClosed: 0,
  ServerReset: 0,
  Drained: 0,
  Cut: 0,
  ConnectionReset: 0,
  IdleTimeout: 0,
  RequestTimeout: 0,
  WriteTimeout: 0,
  MailboxFull: 0,
  HandshakeFailed: 0,
  Failed: 0,
  FrameTooLong: 0,
  InvalidFrame: 0,
  InvalidText: 0,
  InvalidMessage: 0
}

// In seconds.
const requestBounds = [0.0001, 0.00025, 0.0005, 0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10]
const stallBounds = [0.001, 0.01, 0.1, 0.5, 1, 2.5, 5, 10, 30, 60]
const connectionBounds = [0.001, 0.01, 0.1, 1, 10, 60, 600, 3600, 21_600, 86_400]

const byReason = (counts: ReadonlyMap<string, number>): ReadonlyArray<Sample> =>
  Array.from(counts, ([reason, value]) => ({ labels: { reason }, value }))

/** Counts what happens in a server; what its connections have come to it is told when it is read. */
export class Meter {
  private accepted = 0
  private failures = 0
  private readonly refused = new Map<string, number>(Object.entries(refusals))
  private readonly closed = new Map<string, number>(Object.entries(reasons))
  private readonly requests = new Histogram(requestBounds)
  private readonly stalls = new Histogram(stallBounds)
  private readonly connections = new Histogram(connectionBounds)
  private protocol = ""

  readonly observer: Observer = {
    messages: false,
    observe: (event) => this.count(event),
    timings: {
      requests: (_server, count, millis) => this.requests.observe(millis / 1000, count),
      stall: (_server, millis) => this.stalls.observe(millis / 1000)
    }
  }

  private count(event: ServerEvent): void {
    switch (event._tag) {
      case "Listening":
        this.protocol = event.protocol
        break
      case "Accepted":
        this.accepted++
        break
      case "Refused":
        this.refuse(event.reason)
        break
      case "Exhausted":
        this.refuse("NoDescriptors", event.refused)
        break
      case "HandshakeFailed":
      case "UpgradeDeclined":
      case "ProxyFault":
        this.refuse(event._tag)
        break
      case "Failed":
        this.failures++
        break
      case "Closed":
        this.closed.set(event.reason, (this.closed.get(event.reason) ?? 0) + 1)
        this.connections.observe(Duration.toSeconds(event.duration))
        break
      default:
        break
    }
  }

  private refuse(reason: string, count = 1): void {
    this.refused.set(reason, (this.refused.get(reason) ?? 0) + count)
  }

  read(totals: Totals): ReadonlyArray<Family> {
    const { protocol } = this
    const outcome = (outcome: string, value: number): Sample => ({ labels: { protocol, outcome }, value })
    const { abandoned, failed, malformed, requests, working } = totals
    return [
      counter("switchboard_connections_accepted_total", "Connections accepted.", this.accepted),
      counter(
        "switchboard_connections_refused_total",
        "Clients that were not served, by reason.",
        byReason(this.refused)
      ),
      counter("switchboard_connections_closed_total", "Connections that are over, by reason.", byReason(this.closed)),
      gauge("switchboard_connections_active", "Connections being served.", totals.open),
      gauge(
        "switchboard_connections_waiting",
        "Connections that wait for their share of the server's time.",
        totals.waiting
      ),
      gauge(
        "switchboard_connections_stalled",
        "Connections whose peer is so far behind that nothing more is made for it.",
        totals.stalled
      ),
      {
        type: "histogram",
        name: "switchboard_connection_duration_seconds",
        help: "How long connections lasted.",
        bounds: connectionBounds,
        samples: [this.connections.read({})]
      },
      counter("switchboard_requests_total", "Requests, by protocol and by what became of them.", [
        outcome("answered", requests - failed - abandoned - working),
        outcome("failed", failed),
        outcome("abandoned", abandoned),
        outcome("malformed", malformed)
      ]),
      gauge("switchboard_requests_in_progress", "Requests whose turn is under way.", working),
      counter("switchboard_failures_total", "Failures and defects of the protocol.", this.failures),
      {
        type: "histogram",
        name: "switchboard_request_duration_seconds",
        help: "From when requests came until their replies were handed to the connection.",
        bounds: requestBounds,
        samples: [this.requests.read({ protocol })]
      },
      {
        type: "histogram",
        name: "switchboard_write_stall_seconds",
        help: "How long peers were so far behind that nothing more was made for them.",
        bounds: stallBounds,
        samples: [this.stalls.read({})]
      },
      counter("switchboard_replies_total", "Messages sent to clients.", totals.replies),
      counter("switchboard_received_bytes_total", "Bytes from clients.", totals.bytesIn),
      counter("switchboard_sent_bytes_total", "Bytes to clients.", totals.bytesOut)
    ]
  }
}
