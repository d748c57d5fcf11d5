/**
 * What happened on a virtual network, in order.
 *
 * @since 0.1.0
 * @module
 */
import { isUtf8 } from "node:buffer"
import { type Address, format as formatAddress } from "../Address.js"
import type { Direction } from "./Conditions.js"

/** A client's connection reached its server, or did not. @since 0.1.0 @category models */
export interface Connect {
  readonly _tag: "Connect"
  readonly connection: number
  readonly client: Address
  readonly server: Address
  readonly outcome: "connected" | "refused" | "unanswered"
}

/** Bytes arrived. @since 0.1.0 @category models */
export interface Data {
  readonly _tag: "Data"
  readonly connection: number
  readonly direction: Direction
  readonly bytes: Uint8Array
}

/** A FIN or a RST arrived; or keep-alive has lost the client. @since 0.1.0 @category models */
export interface End {
  readonly _tag: "Fin" | "Rst" | "Lost"
  readonly connection: number
  readonly direction: Direction
}

/** Two hosts were parted, or reach each other again. @since 0.1.0 @category models */
export interface Reachability {
  readonly _tag: "Parted" | "Healed"
  readonly hosts: readonly [string, string]
}

/**
 * `at` is in milliseconds since the network began.
 *
 * @since 0.1.0
 * @category models
 */
export type Entry = { readonly at: number } & (Connect | Data | End | Reachability)

/**
 * All that arrived on a virtual network, in the order of time.
 *
 * @since 0.1.0
 * @category models
 */
export type Transcript = ReadonlyArray<Entry>

/** Characters of one entry's bytes that a line shows. */
const shown = 72

/**
 * A timeline to read: a line for each entry, with its time in milliseconds, its connection, its way and what came.
 *
 * @since 0.1.0
 * @category formatting
 */
export const format = (transcript: Transcript): string => transcript.map(line).join("\n")

const line = (entry: Entry): string => `${String(entry.at).padStart(8)} ms  ${what(entry)}`

const what = (entry: Entry): string => {
  if ("hosts" in entry) {
    return `${entry.hosts.join(" and ")} ${
      entry._tag === "Parted" ? "cannot reach each other" : "reach each other again"
    }`
  }
  const subject = `#${entry.connection}`
  if (entry._tag === "Connect") {
    return `${subject} ${formatAddress(entry.client)} → ${formatAddress(entry.server)} ${entry.outcome}`
  }
  const arrow = entry.direction === "toServer" ? "→" : "←"
  return `${subject} ${arrow} ${entry._tag === "Data" ? quote(entry.bytes) : entry._tag.toUpperCase()}`
}

/** Text as JSON writes it, other bytes as hexadecimal digits. */
const quote = (bytes: Uint8Array): string => {
  const head = Buffer.from(bytes.buffer, bytes.byteOffset, Math.min(bytes.length, shown))
  const text = isUtf8(head) ? JSON.stringify(head.toString()) : head.toString("hex")
  return bytes.length > shown ? `${text}… (${bytes.length} bytes)` : text
}
