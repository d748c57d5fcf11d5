import type { Address } from "../../../domain/Address.js"
import type { CloseReason } from "../../../domain/ServerEvent.js"
import type { Connection } from "../../../services/Connection.js"
import type { Timings } from "../../../services/Observer.js"
import type { Timers } from "../../../services/Timers.js"
import type { Witness } from "../../../services/Witness.js"
import type { Times } from "./Deadlines.js"
import type { Phase } from "./Phase.js"

/** The server, as its conversations know it. */
export interface Owner {
  readonly timers: Timers
  readonly witness: Witness
  /** Who is told how long requests take, if anybody. */
  readonly timings: Timings | undefined
  /** The stopwatch of work. */
  readonly millis: () => number
  readonly times: Times
  readonly maxFrame: number
  /** Requests that may still be answered, in all. */
  readonly requestsLeft: number
  /** A request has been answered. */
  readonly answered: () => void
  /** The conversation is over. Called once for each. */
  readonly ended: (conversation: Member, reason: CloseReason) => void
}

/** A conversation, as its server knows it. */
export interface Member {
  readonly id: number
  readonly peer: Address
  readonly connection: Connection
  readonly openedAt: number
  readonly requests: number
  readonly replies: number
  readonly bytesIn: number
  /** Requests whose turn failed, and messages that the framing did not take. */
  readonly failed: number
  readonly malformed: number
  /** Whether a request's turn is under way. */
  readonly isAnswering: boolean
  /** Whether it wants a slice. */
  readonly pending: boolean
  /** Whether its peer is so far behind that nothing more is made for it. */
  readonly isBlocked: boolean
  readonly phase: Phase
  /** The times of its owner were others before. */
  timesChanged(before: Times): void
  stop(): void
  shut(reason: CloseReason): void
  cut(reason: CloseReason): void
}
