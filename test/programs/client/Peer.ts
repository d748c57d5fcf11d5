import type { Connection, Sink } from "../../../src/services/Connection.js"

export const address = { host: "localhost", port: 1234 }

/** The server's end of a connection, in the hands of the test. */
export class Peer implements Connection {
  readonly peer = address
  sink!: Sink
  heard = ""
  ended = false
  /** Whether it reads what it is sent. */
  isReading = true
  /** Whether the client reads what it is sent. */
  isRead = true
  private bytes = 0

  open(sink: Sink): void {
    this.sink = sink
  }
  write(bytes: string | Uint8Array): void {
    const text = Buffer.from(bytes as Uint8Array).toString()
    this.heard += text
    if (!this.isReading) this.bytes += text.length
  }
  unsent(): number {
    return this.bytes
  }
  sent(): number {
    return this.heard.length - this.bytes
  }
  say(text: string): void {
    this.sink.data(Buffer.from(text))
  }
  read(): void {
    this.isReading = true
    this.bytes = 0
    this.sink.drain()
  }
  end(): void {
    this.ended = true
  }
  close(): void {}
  pause(): void {
    this.isRead = false
  }
  resume(): void {
    this.isRead = true
  }
  reset(): void {}
}
