import type { Connection, Messages } from "../../services/Connection.js"

/** The reading of a connection, which each of two may stop for its own reason: it goes on when none of them does. */
export class Reading {
  readonly messages: Messages | undefined
  private readonly connection: Connection
  private stops = 0

  constructor(connection: Connection) {
    this.connection = connection
    this.messages = connection.messages
  }

  pause(): void {
    if (this.stops++ === 0) this.connection.pause()
  }

  resume(): void {
    if (--this.stops === 0) this.connection.resume()
  }
}
