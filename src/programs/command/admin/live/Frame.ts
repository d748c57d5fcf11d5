/** What the live page is told each second: as much for ten thousand clients as for ten. */
import type { ConnectionEntry, Health, Level } from "../Administration.js"
import type { Family } from "../Family.js"

/** How often something was at most how large, since the start. */
export interface Spread {
  readonly bounds: ReadonlyArray<number>
  readonly counts: ReadonlyArray<number>
}

/** What has come to be counted since the start, and what there is now. Times are seconds. */
export interface Figures {
  readonly accepted: number
  readonly refused: Readonly<Record<string, number>>
  readonly closed: number
  /** By outcome. */
  readonly requests: Readonly<Record<string, number>>
  readonly bytesIn: number
  readonly bytesOut: number
  readonly cpu: number
  readonly active: number
  readonly limit: number
  /** Connections that wait for their share of the server's time. */
  readonly waiting: number
  /** Connections whose peer takes nothing. */
  readonly stalled: number
  /** Requests whose turn is under way. */
  readonly working: number
  readonly memory: number
  readonly durations: Spread
  readonly lag: Spread
}

/** A client that is over. Times are milliseconds since 1970. */
export interface Ended {
  readonly worker: number
  readonly id: number
  readonly peer: string
  readonly since: number
  readonly at: number
  /** As in the log; empty where it was not told. */
  readonly reason: string
  readonly requests: number
}

/** A client that was not served. */
export interface Turned {
  readonly peer: string | null
  readonly reason: string
  readonly at: number
}

/** Some of the clients. */
export interface Clients {
  readonly open: ReadonlyArray<ConnectionEntry>
  /** Those that have ended since the last frame. */
  readonly ended: ReadonlyArray<Ended>
  /** Those that were refused since then. */
  readonly refused: ReadonlyArray<Turned>
}

export interface Frame {
  /** Milliseconds since 1970. */
  readonly at: number
  readonly health: Health
  readonly protocol: string
  /** By the names of their settings, in their words. */
  readonly limits: Readonly<Record<string, string | number>>
  readonly level: Level
  readonly figures: Figures
  readonly clients: Clients
}

/** What the page may do: told first. */
export interface Terms {
  readonly version: string
  readonly showsMessages: boolean
  readonly canReload: boolean
  /** Whether a change takes a token, takes none, or is not to be had. */
  readonly changes: "token" | "free" | "none"
}

const none: Spread = { bounds: [], counts: [] }

/** What was measured, as the page shows it; and the name of the protocol. */
export const read = (families: ReadonlyArray<Family>): { readonly protocol: string; readonly figures: Figures } => {
  const all = new Map(families.map((family) => [family.name, family]))
  const samples = (name: string) => {
    const family = all.get(name)
    return family === undefined || family.type === "histogram" ? [] : family.samples
  }
  const value = (name: string): number => samples(name).reduce((sum, { value }) => sum + value, 0)
  const by = (label: string, name: string): Readonly<Record<string, number>> => {
    const values: Record<string, number> = {}
    for (const { labels, value } of samples(name)) {
      const key = labels[label] ?? ""
      values[key] = (values[key] ?? 0) + value
    }
    return values
  }
  const spread = (name: string): Spread => {
    const family = all.get(name)
    if (family?.type !== "histogram") return none
    const { bounds, samples } = family
    const sum = (at: number): number => samples.reduce((sum, { counts }) => sum + (counts[at] ?? 0), 0)
    return { bounds, counts: Array.from({ length: bounds.length + 1 }, (_, at) => sum(at)) }
  }
  return {
    protocol: samples("switchboard_requests_total").at(-1)?.labels["protocol"] ?? "",
    figures: {
      accepted: value("switchboard_connections_accepted_total"),
      refused: by("reason", "switchboard_connections_refused_total"),
      closed: value("switchboard_connections_closed_total"),
      requests: by("outcome", "switchboard_requests_total"),
      bytesIn: value("switchboard_received_bytes_total"),
      bytesOut: value("switchboard_sent_bytes_total"),
      cpu: value("process_cpu_seconds_total"),
      active: value("switchboard_connections_active"),
      limit: value("switchboard_connections_limit"),
      waiting: value("switchboard_connections_waiting"),
      stalled: value("switchboard_connections_stalled"),
      working: value("switchboard_requests_in_progress"),
      memory: value("process_resident_memory_bytes"),
      durations: spread("switchboard_request_duration_seconds"),
      lag: spread("switchboard_event_loop_lag_seconds")
    }
  }
}
