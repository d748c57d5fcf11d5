import type * as RpcSerialization from "@effect/rpc/RpcSerialization"
import type * as Scheduler from "effect/Scheduler"
import type { Codec } from "../../domain/Framing.js"
import * as Framing from "../../domain/Framing.js"
import type { Connection } from "../Connection.js"
import { highWaterMark } from "../Connection.js"

/**
 * The messages of @effect/rpc on one connection. A serialization that has no ends of its own, such as JSON, has a line for
 * each message; where the transport keeps messages apart, each is one of its.
 */
export class RpcWire<In, Out> {
  private readonly parser: RpcSerialization.Parser
  private readonly lines: Codec<string, string> | undefined
  private readonly connection: Connection
  private readonly scheduler: Scheduler.Scheduler
  private waiting: Array<string | Uint8Array> = []
  private waitingBytes = 0

  constructor(
    connection: Connection,
    serialization: RpcSerialization.RpcSerialization["Type"],
    scheduler: Scheduler.Scheduler,
    maxMessage: number
  ) {
    this.connection = connection
    this.scheduler = scheduler
    this.parser = serialization.unsafeMake()
    this.lines = serialization.includesFraming ? undefined : Framing.line.open(maxMessage)
    if (this.lines !== undefined) connection.messages?.readFor(this.lines)
  }

  /** Throws where the bytes are no message. */
  decode(chunk: Uint8Array): ReadonlyArray<In> {
    const { lines, parser } = this
    if (lines === undefined) return parser.decode(chunk) as ReadonlyArray<In>
    const messages: Array<In> = []
    lines.push(chunk)
    for (let line = lines.next(); line !== undefined; line = lines.next()) {
      for (const message of parser.decode(line)) messages.push(message as In)
    }
    if (lines.error !== undefined) throw lines.error
    return messages
  }

  /** Throws where the message has no bytes. All that is sent in one go of the scheduler is written at once. */
  send(message: Out): void {
    const encoded = this.parser.encode(message)
    if (encoded === undefined) return
    this.waiting.push(this.lines === undefined || this.connection.messages !== undefined ? encoded : lineOf(encoded))
    this.waitingBytes += encoded.length
    if (this.waitingBytes >= highWaterMark) this.flush()
    else if (this.waiting.length === 1) this.scheduler.scheduleTask(() => this.flush(), 0)
  }

  flush(): void {
    const { connection, waiting } = this
    if (waiting.length === 0) return
    this.waiting = []
    this.waitingBytes = 0
    if (connection.messages !== undefined) connection.messages.write(waiting)
    else connection.write(joined(waiting))
  }
}

const lineOf = (encoded: string | Uint8Array): string => {
  if (typeof encoded === "string") return `${encoded}\n`
  throw new Error("This serialization is binary and has no ends: over a stream of bytes, use MessagePack.")
}

const joined = (parts: ReadonlyArray<string | Uint8Array>): string | Uint8Array => {
  if (parts.length === 1) return parts[0]!
  if (parts.every((part) => typeof part === "string")) return parts.join("")
  return Buffer.concat(parts.map((part) => typeof part === "string" ? Buffer.from(part) : part))
}
