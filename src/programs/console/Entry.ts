/** What a server's events are in a log: a level, a sentence, and the facts by name. */
import * as Cause from "effect/Cause"
import * as Duration from "effect/Duration"
import * as LogLevel from "effect/LogLevel"
import { format } from "../../domain/Address.js"
import type { Closed, CloseReason, ServerEvent } from "../../domain/ServerEvent.js"
import { show } from "./wire.js"

export interface Entry {
  readonly level: LogLevel.LogLevel
  readonly message: string
  /** Its first is the event's name. */
  readonly fields: Readonly<Record<string, string | number>>
  readonly cause?: Cause.Cause<unknown>
}

const ends: Readonly<Record<CloseReason, readonly [level: LogLevel.LogLevel, words: string]>> = {
  PeerClosed: [LogLevel.Info, "the client closed"],
  ServerClosed: [LogLevel.Info, "the server closed"],
  Drained: [LogLevel.Info, "the server stops"],
  ConnectionReset: [LogLevel.Info, "the client or the network cut the connection"],
  IdleTimeout: [LogLevel.Info, "it was silent for too long"],
  Cut: [LogLevel.Warning, "it did not end before the drain's deadline"],
  RequestTimeout: [LogLevel.Warning, "its request was not whole in time"],
  WriteTimeout: [LogLevel.Warning, "it did not take its replies in time"],
  Failed: [LogLevel.Warning, "the protocol failed"],
  FrameTooLong: [LogLevel.Warning, "its message was too long"],
  InvalidFrame: [LogLevel.Warning, "its frame was not valid"],
  InvalidText: [LogLevel.Warning, "its text was not valid UTF-8"]
}

const count = (n: number, what: string): string => `${n} ${what}${n === 1 ? "" : "s"}`

const disconnected = (event: Closed): Entry => {
  const [level, words] = ends[event.reason]
  const durationMs = Math.round(Duration.toMillis(event.duration))
  const { bytesIn, bytesOut, id, open, reason, replies, requests } = event
  return {
    level,
    message: `disconnected from ${format(event.peer)}: ${words}`
      + ` (${count(requests, "request")} in ${durationMs} ms, ${open} open)`,
    fields: {
      event: "closed",
      id,
      peer: format(event.peer),
      reason,
      requests,
      replies,
      bytesIn,
      bytesOut,
      durationMs,
      open
    }
  }
}

const reason = (cause: Cause.Cause<unknown>): string => {
  const error = Cause.squash(cause)
  return error instanceof Error ? `${error.name}: ${error.message}` : String(error)
}

const entries: { readonly [Tag in ServerEvent["_tag"]]: (event: Extract<ServerEvent, { _tag: Tag }>) => Entry } = {
  Listening: (event) => ({
    level: LogLevel.Debug,
    message: `${event.protocol} under ${event.model} at ${format(event.address)}, process ${process.pid}`,
    fields: {
      event: "listening",
      address: format(event.address),
      model: event.model,
      protocol: event.protocol,
      pid: process.pid
    }
  }),
  CapLowered: (event) => ({
    level: LogLevel.Warning,
    message: `at most ${event.granted} clients at once, not ${event.asked}: this process may not open more files`,
    fields: { event: "cap-lowered", asked: event.asked, granted: event.granted }
  }),
  Accepted: (event) => ({
    level: LogLevel.Info,
    message: `connected to ${format(event.peer)} (${event.open} open)`,
    fields: { event: "accepted", id: event.id, peer: format(event.peer), open: event.open }
  }),
  Refused: (event) => ({
    level: LogLevel.Warning,
    message: `refused ${format(event.peer)}: the limit on clients is reached`,
    fields: { event: "refused", peer: format(event.peer) }
  }),
  Exhausted: (event) => ({
    level: LogLevel.Warning,
    message: `refused ${count(event.refused, "client")}: this process may not open more files`,
    fields: { event: "exhausted", refused: event.refused }
  }),
  Request: (event) => ({
    level: LogLevel.Debug,
    message: `received ${show(event.message)} from ${format(event.peer)}`,
    fields: { event: "request", id: event.id, peer: format(event.peer) }
  }),
  Reply: (event) => ({
    level: LogLevel.Debug,
    message: `sending ${show(event.message)} to ${format(event.peer)}`,
    fields: { event: "reply", id: event.id, peer: format(event.peer) }
  }),
  Failed: (event) => ({
    level: LogLevel.Error,
    message: `failed to serve ${format(event.peer)}: ${reason(event.cause)}`,
    fields: { event: "failed", id: event.id, peer: format(event.peer) },
    cause: event.cause
  }),
  Closed: disconnected,
  Draining: (event) => ({
    level: LogLevel.Info,
    message: `stopping: ${count(event.open, "client")} may take ${Duration.format(event.timeout)} to end`,
    fields: { event: "draining", open: event.open, timeoutMs: Duration.toMillis(event.timeout) }
  }),
  Stopped: (event) => ({
    level: event.cut === 0 ? LogLevel.Info : LogLevel.Warning,
    message: `stopped: ${count(event.accepted, "client")} served, ${event.cut} cut`,
    fields: { event: "stopped", accepted: event.accepted, cut: event.cut }
  })
}

// Safe: an event is given to the function of its own tag.
export const make = (event: ServerEvent): Entry => (entries[event._tag] as (event: ServerEvent) => Entry)(event)
