import * as Effect from "effect/Effect"
import type { Connection } from "../Connection.js"

/** One that somebody may take later. */
interface Waiter extends Connection {
  readonly isOver: boolean
  /** Ends it if the peer has reset it. */
  readonly probe: () => void
}

/**
 * Connections that nobody has taken yet, in the order they came. Not a Queue: this is on every client's way in, and one fiber
 * at a time accepts.
 */
export class Waiting {
  private connections: Array<Waiter> = []
  private accepting: ((next: Effect.Effect<Connection>) => void) | undefined = undefined

  add(connection: Waiter): void {
    if (this.accepting === undefined) {
      this.connections.push(connection)
    } else {
      const accept = this.accepting
      this.accepting = undefined
      accept(Effect.succeed(connection))
    }
  }

  /** The next that is not over. */
  readonly next = Effect.async<Connection>((resume) => {
    for (let first = this.connections.shift(); first !== undefined; first = this.connections.shift()) {
      if (!first.isOver) return resume(Effect.succeed(first))
    }
    this.accepting = resume
    return Effect.sync(() => {
      this.accepting = undefined
    })
  })

  /** Lets go of those that are over, and finds out who else has reset. */
  lookAfter(): void {
    this.connections = this.connections.filter(({ isOver }) => !isOver)
    for (const connection of this.connections) connection.probe()
  }

  reset(): void {
    for (const connection of this.connections.splice(0)) connection.reset()
  }
}
