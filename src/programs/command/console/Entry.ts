/** What a server's events are in a log: a level, a sentence, and the facts by name. */
import * as Cause from "effect/Cause"
import * as Duration from "effect/Duration"
import * as LogLevel from "effect/LogLevel"
import { format } from "../../../domain/Address.js"
import type { Accepted, Closed, CloseReason, Draining, Refusal, ServerEvent } from "../../../domain/ServerEvent.js"
import type { Tls } from "../../../domain/Tls.js"
import type { HandshakeFault } from "../../../domain/TlsError.js"
import * as place from "../arguments/place.js"
import { printable } from "./printable.js"
import { show } from "./wire.js"

interface Words {
  readonly message: string
  /** Its first is the event's name. */
  readonly fields: Readonly<Record<string, string | number>>
  readonly cause?: Cause.Cause<unknown>
}

export interface Entry extends Words {
  readonly level: LogLevel.LogLevel
}

const ends: Readonly<Record<CloseReason, readonly [level: LogLevel.LogLevel, words: string]>> = {
  PeerClosed: [LogLevel.Info, "the client closed"],
  ServerClosed: [LogLevel.Info, "the server closed"],
  ServerReset: [LogLevel.Info, "the server cut the connection"],
  Drained: [LogLevel.Info, "the server stops"],
  ConnectionReset: [LogLevel.Info, "the client or the network cut the connection"],
  IdleTimeout: [LogLevel.Info, "it was silent for too long"],
  Cut: [LogLevel.Warning, "it did not end before the drain's deadline"],
  RequestTimeout: [LogLevel.Warning, "its request was not whole in time"],
  WriteTimeout: [LogLevel.Warning, "it did not take its replies in time"],
  MailboxFull: [LogLevel.Warning, "it was too slow for what it was to be told"],
  HandshakeFailed: [LogLevel.Info, "it did not get through the handshake"],
  Failed: [LogLevel.Warning, "the protocol failed"],
  FrameTooLong: [LogLevel.Warning, "its message was too long"],
  InvalidFrame: [LogLevel.Warning, "its frame was not valid"],
  InvalidText: [LogLevel.Warning, "its text was not valid UTF-8"],
  InvalidMessage: [LogLevel.Warning, "its message was not valid"]
}

const refusals: Readonly<Record<Refusal, string>> = {
  AtLimit: "the limit on clients is reached",
  Denied: "its address is not let in",
  PerAddress: "its address has as many connections as it may",
  TooOften: "its address connects too often"
}

const count = (n: number, what: string): string => `${n} ${what}${n === 1 ? "" : "s"}`

/** Who a client is by its certificate, which an authority that is trusted has signed. */
const certified = ({ tls }: Pick<Accepted, "tls">): string =>
  tls?.certificate === undefined ? "" : `, ${printable(tls.certificate.subject)}`

const tlsFields = ({ certificate, version }: Tls) => ({
  tls: version,
  ...(certificate === undefined ? {} : { subject: certificate.subject, fingerprint: certificate.fingerprint })
})

const connected = (event: Accepted): Words => {
  const { id, open, tls } = event
  const peer = format(event.peer)
  const fields: Record<string, string | number> = { event: "accepted", id, peer, open }
  if (tls !== undefined) Object.assign(fields, tlsFields(tls))
  if (event.peer.via !== undefined) fields["via"] = format(event.peer.via)
  return { message: `connected to ${peer}${certified(event)} (${open} open)`, fields }
}

const disconnected = (event: Closed): Words => {
  const words = ends[event.reason][1]
  const durationMs = Math.round(Duration.toMillis(event.duration))
  const { bytesIn, bytesOut, id, open, reason, replies, requests } = event
  const peer = format(event.peer)
  return {
    message: `disconnected from ${peer}: ${words}`
      + ` (${count(requests, "request")} in ${durationMs} ms, ${open} open)`,
    fields: {
      event: "closed",
      id,
      peer,
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

const handshakes: Readonly<Record<HandshakeFault, string>> = {
  "not TLS": "the client does not speak TLS",
  "timed out": "it did not end in time",
  "hung up": "the client hung up",
  "no common version": "the client speaks no version of TLS that is taken",
  "no common protocol": "the client wants a protocol that is not spoken",
  "no common cipher": "the client takes none of the ciphers",
  "no certificate": "the client has shown no certificate",
  "certificate refused": "a certificate is not believed",
  refused: "the client does not say why",
  injected: "in the clear, more came behind the request for TLS",
  other: "it failed"
}

const remaining = ({ open, timeout }: Draining): string => {
  if (open === 0) return "no client is connected"
  return `${count(open, "client")} may take ${
    Duration.isFinite(timeout) ? Duration.format(timeout) : "any time"
  } to end; a second Ctrl+C ends it at once`
}

const reason = (cause: Cause.Cause<unknown>, module: string | undefined): string => {
  const error = Cause.squash(cause)
  const at = place.of(error) ?? module
  const words = error instanceof Error ? `${error.name}: ${error.message}` : String(error)
  return at === undefined ? words : `${words} (${at})`
}

const entries: {
  readonly [Tag in ServerEvent["_tag"]]: (
    event: Extract<ServerEvent, { _tag: Tag }>,
    module: string | undefined
  ) => Words
} = {
  Listening: (event) => ({
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
    message: `at most ${event.granted} clients at once, not ${event.asked}: this process may not open more files`,
    fields: { event: "cap-lowered", asked: event.asked, granted: event.granted }
  }),
  Accepted: connected,
  Refused: (event) => ({
    message: `refused ${format(event.peer)}: ${refusals[event.reason]}`,
    fields: { event: "refused", peer: format(event.peer), reason: event.reason }
  }),
  Exhausted: (event) => ({
    message: `refused ${count(event.refused, "client")}: this process may not open more files`,
    fields: { event: "exhausted", refused: event.refused }
  }),
  HandshakeFailed: (event) => ({
    message: `did not get through the handshake with ${format(event.peer)}: ${handshakes[event.fault]}${
      event.detail === undefined ? "" : ` (${printable(event.detail)})`
    }`,
    fields: {
      event: "handshake-failed",
      peer: format(event.peer),
      fault: event.fault,
      ...(event.detail === undefined ? {} : { detail: event.detail })
    }
  }),
  Encrypted: (event) => ({
    message: `${format(event.peer)} is encrypted from now on${certified(event)}`,
    fields: {
      event: "encrypted",
      id: event.id,
      peer: format(event.peer),
      ...tlsFields(event.tls)
    }
  }),
  UpgradeDeclined: (event) => ({
    message: `declined ${format(event.peer)}: ${event.reason} (${event.status})`,
    fields: { event: "upgrade-declined", peer: format(event.peer), status: event.status, reason: event.reason }
  }),
  CertificatesChanged: (event) => ({
    message: `new certificates are in use, until ${event.validTo.toISOString()}`,
    fields: { event: "certificates-changed", validTo: event.validTo.toISOString() }
  }),
  CertificatesRejected: (event) => ({
    message: `the certificates stay as they were: ${event.error.message}`,
    fields: { event: "certificates-rejected", what: event.error.what, reason: event.error.reason }
  }),
  ProxyFault: (event) => ({
    message: `reset ${format(event.peer)}: ${event.reason}`,
    fields: { event: "proxy-fault", peer: format(event.peer), reason: event.reason }
  }),
  Request: (event) => ({
    message: `received ${show(event.message)} from ${format(event.peer)}`,
    fields: { event: "request", id: event.id, peer: format(event.peer) }
  }),
  Reply: (event) => ({
    message: `sending ${show(event.message)} to ${format(event.peer)}`,
    fields: { event: "reply", id: event.id, peer: format(event.peer) }
  }),
  Failed: (event, module) => ({
    message: `failed to serve ${format(event.peer)}: ${reason(event.cause, module)}`,
    fields: { event: "failed", id: event.id, peer: format(event.peer) },
    cause: event.cause
  }),
  Closed: disconnected,
  Draining: (event) => ({
    message: `stopping: ${remaining(event)}`,
    fields: { event: "draining", open: event.open, timeoutMs: Duration.toMillis(event.timeout) }
  }),
  Stopped: (event) => ({
    message: `stopped: ${count(event.accepted, "client")} served, ${event.cut} cut`,
    fields: { event: "stopped", accepted: event.accepted, cut: event.cut }
  })
}

/** How much an event matters; without its words, which cost more. */
export const levelOf = (event: ServerEvent): LogLevel.LogLevel => {
  switch (event._tag) {
    case "Listening":
    case "Request":
    case "Reply":
      return LogLevel.Debug
    case "CapLowered":
    case "Refused":
    case "Exhausted":
    case "CertificatesRejected":
    case "ProxyFault":
      return LogLevel.Warning
    case "HandshakeFailed":
      return event.fault === "injected" ? LogLevel.Warning : LogLevel.Info
    case "Failed":
      return LogLevel.Error
    case "Closed":
      return ends[event.reason][0]
    case "Stopped":
      return event.cut === 0 ? LogLevel.Info : LogLevel.Warning
    default:
      return LogLevel.Info
  }
}

/** `module` is the file of a protocol that does not come with the command. */
export const make = (event: ServerEvent, module?: string): Entry => ({
  level: levelOf(event),
  // Safe: an event is given to the function of its own tag.
  ...(entries[event._tag] as (event: ServerEvent, module: string | undefined) => Words)(event, module)
})
