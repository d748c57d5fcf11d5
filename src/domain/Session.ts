/**
 * One connection, as its protocol and the rest of the program know it: who is there, and a way to tell it something.
 *
 * @since 0.2.0
 * @module
 */
import * as Effect from "effect/Effect"
import type { Address } from "./Address.js"
import type { Tls } from "./Tls.js"

/**
 * What a protocol is given when it opens. It may be kept, and used by anybody in the program, for as long as they like:
 * once the connection is over, events are refused.
 *
 * @since 0.2.0
 * @category models
 */
export interface Session<in Event = never> {
  /** Counts from 1 in the order of acceptance; the `id` of a server's events. */
  readonly id: number
  /** Which server has it: its `name`, or else where it listens, as in its events. */
  readonly server: string
  /** Where the connection comes from. */
  readonly peer: Address
  /**
   * What was agreed on, and who the peer is by its certificate, where the connection is encrypted by TLS: from its beginning,
   * or since a turn had it so (`startTls`).
   */
  readonly tls?: Tls | undefined
  /**
   * Whether a turn may say `startTls`: the connection is in the clear, and its server has a certificate to show. A protocol
   * that offers STARTTLS offers it only then.
   */
  readonly canStartTls: boolean
  /**
   * Tells the connection something: its protocol's `notified` is called with it, in a turn of its own, in the order of
   * telling. Gives whether it was taken: if the mailbox is full, what happens is the protocol's choice (`Mailbox`); once
   * the connection closes, it is `false`. It never waits, and may be called from anywhere: the turn comes after the call,
   * and what was told meanwhile is sent in one write.
   */
  readonly notify: (event: Event) => boolean
  /** Like `notify`, but waits for room in the mailbox. Gives `false` if the connection closes before there is any. */
  readonly offer: (event: Event) => Effect.Effect<boolean>
  /** Closes the connection, after the turn under way and what there is to send. */
  readonly close: Effect.Effect<void>
  /** Cuts the connection at once, with RST: the turn under way is interrupted where it waits, and what is unsent is lost. */
  readonly reset: Effect.Effect<void>
}

/**
 * A session of no connection: for a protocol that is tried by hand. It takes no events.
 *
 * @since 0.2.0
 * @category constructors
 */
export const detached = (peer: Address): Session<unknown> => ({
  id: 1,
  server: "none",
  peer,
  canStartTls: false,
  notify: () => false,
  offer: () => Effect.succeed(false),
  close: Effect.void,
  reset: Effect.void
})

/**
 * What a full mailbox does with one event more: `refuse` it (whoever tells it is told `false`), `dropOldest` to make room,
 * or `close` the connection, with the reason `MailboxFull`: a client that is too slow for what it hears.
 *
 * @since 0.2.0
 * @category models
 */
export type WhenFull = "refuse" | "dropOldest" | "close"

/**
 * The mailbox of a connection's events.
 *
 * @since 0.2.0
 * @category models
 */
export interface Mailbox {
  /** Events it holds. Default: 256. */
  readonly capacity?: number | undefined
  /** Default: `"refuse"`. */
  readonly whenFull?: WhenFull | undefined
}
