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
  private arrived: ((effect: Effect.Effect<void>) => void) | undefined = undefined

  add(connection: Waiter): void {
    this.connections.push(connection)
    const { arrived } = this
    this.arrived = undefined
    arrived?.(Effect.void)
  }

  /** Whoever is interrupted here has taken nobody: a connection stays among those that wait until it is given out. */
  private readonly arrival = Effect.async<void>((resume) => {
    this.arrived = resume
  })

  /** The next that is not over. */
  readonly next: Effect.Effect<Connection> = Effect.suspend(() => {
    for (let first = this.connections.shift(); first !== undefined; first = this.connections.shift()) {
      if (!first.isOver) return Effect.succeed(first)
    }
    return Effect.zipRight(this.arrival, this.next)
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
