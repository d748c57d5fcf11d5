import * as Effect from "effect/Effect"
import * as FiberRef from "effect/FiberRef"
import * as Queue from "effect/Queue"
import type * as Scope from "effect/Scope"
import type { What } from "../../domain/ServerEvent.js"
import * as CloseCode from "../../domain/websocket/CloseCode.js"
import type { Connection } from "../Connection.js"
import * as Timers from "../Timers.js"
import type { Door } from "./Opening.js"
import { Opening } from "./Opening.js"
import { Lower } from "./Stage.js"
import type { Manners } from "./WebSocketConnection.js"
import { WebSocketConnection } from "./WebSocketConnection.js"

/** Who may come in, and what is kept to there. */
export type Rules =
  & Pick<Door, "terms" | "maxHandshake" | "timeout" | "page">
  & Pick<Manners, "maxMessage" | "pingInterval" | "closeTimeout">

/** What is between the connections of a server and its WebSockets: the handshakes, and those who wait to be accepted. */
export interface Reception {
  /** Takes a connection; its client's request is read, or told to the opening by whoever has read it. */
  readonly enter: (connection: Connection) => Opening
  readonly accept: Effect.Effect<Connection>
  /** Turns away who is between, and who waits. */
  readonly letGo: Effect.Effect<void>
}

/** Nobody is between or waits when the scope has closed. */
export const make = (
  rules: Rules,
  poll: Effect.Effect<void>,
  tell: (what: What) => void
): Effect.Effect<Reception, never, Scope.Scope> =>
  Effect.gen(function*() {
    const scheduler = yield* FiberRef.get(FiberRef.currentScheduler)
    const timers = yield* Timers.make(poll)
    const waiting = yield* Queue.unbounded<WebSocketConnection>()
    /** Who is between the two: their handshakes are under way. */
    const openings = new Set<Opening>()
    let isClosed = false
    const { closeTimeout, maxMessage, pingInterval, ...terms } = rules
    const manners: Manners = {
      key: undefined,
      maxMessage,
      pingInterval,
      closeTimeout,
      timers,
      soon: (act) => scheduler.scheduleTask(act, 0)
    }
    const door: Omit<Door, "opened"> = {
      ...terms,
      declined: (peer, { status, words }) =>
        tell({ _tag: "UpgradeDeclined", peer, status: Number.parseInt(status, 10), reason: words }),
      timers,
      gone: (opening) => openings.delete(opening)
    }

    const enter = (connection: Connection): Opening => {
      const lower = new Lower()
      const opening = new Opening(connection, {
        ...door,
        opened: (opening, rest) => {
          openings.delete(opening)
          const opened = new WebSocketConnection(connection, manners, rest)
          lower.stage = opened
          if (isClosed) opened.refuse(CloseCode.tryAgainLater, "the server stops")
          else waiting.unsafeOffer(opened)
        }
      })
      lower.stage = opening
      openings.add(opening)
      connection.open(lower)
      return opening
    }

    // Who has left before it was its turn is none.
    const accept: Effect.Effect<Connection> = Effect.flatMap(
      Queue.take(waiting),
      (connection) => connection.isOver ? accept : Effect.succeed(connection)
    )

    const letGo = Effect.gen(function*() {
      isClosed = true
      for (const opening of openings) opening.decline("503 Service Unavailable", "The server stops.")
      for (const connection of yield* Queue.takeAll(waiting)) {
        // Who was never served may safely ask another time.
        connection.refuse(CloseCode.tryAgainLater, "the server stops")
      }
    })

    yield* Effect.addFinalizer(() => letGo)
    return { enter, accept, letGo }
  })
