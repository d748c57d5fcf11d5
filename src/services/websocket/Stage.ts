import type { ConnectionReset } from "../../domain/NetworkError.js"
import type { Sink } from "../Connection.js"

/** What is told what happens on the connection below: first the opening, then the WebSocket that it led to. */
export interface Stage {
  readonly received: (chunk: Uint8Array) => void
  readonly ended: () => void
  readonly drained: () => void
  readonly lost: (error: ConnectionReset | undefined) => void
}

/** The sink of the connection below. */
export class Lower implements Sink {
  stage!: Stage

  data(chunk: Uint8Array): void {
    this.stage.received(chunk)
  }

  end(): void {
    this.stage.ended()
  }

  drain(): void {
    this.stage.drained()
  }

  closed(error: ConnectionReset | undefined): void {
    this.stage.lost(error)
  }
}
