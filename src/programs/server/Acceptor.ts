import * as Effect from "effect/Effect"
import type { AtLimit } from "../../domain/Limits.js"
import type { Connection } from "../../services/Connection.js"
import type { SocketServer } from "../../services/SocketServer.js"
import type { Population } from "./Population.js"

/**
 * Takes clients in, one after the other and for ever. To a server that is full the next one waits its turn, unread and in
 * the order of arrival, or is refused.
 */
export const acceptAll = (options: {
  readonly socketServer: typeof SocketServer.Service
  readonly population: Population
  readonly atLimit: AtLimit
  readonly admit: (connection: Connection) => void
  readonly refuse: (connection: Connection) => void
}): Effect.Effect<never> => {
  const { admit, atLimit, population, refuse, socketServer } = options

  const accept = Effect.flatMap(socketServer.accept, (connection) => {
    if (!population.isFull) return Effect.sync(() => admit(connection))
    if (atLimit === "refuse") return Effect.sync(() => refuse(connection))
    // The limit was lowered since room was found.
    const room = Effect.onInterrupt(population.whenRoom, () => Effect.sync(() => connection.reset()))
    return Effect.map(room, () => admit(connection))
  })

  // Room is found before a client is accepted: whoever waits does so in the kernel.
  const next = atLimit === "wait" ? Effect.zipRight(population.whenRoom, accept) : accept
  const all: Effect.Effect<never> = Effect.flatMap(next, () => all)
  return all
}
