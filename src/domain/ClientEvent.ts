/**
 * What happens to a client's connections, as values.
 *
 * @since 0.2.0
 * @module
 */
import type { Address } from "./Address.js"
import type { FramingError } from "./Framing.js"
import type { ConnectError, Disconnected, GreetingFailed } from "./NetworkError.js"

/**
 * What all events tell: where the server is.
 *
 * @since 0.2.0
 * @category models
 */
export interface Subject {
  readonly address: Address
}

/** There is a connection. `connection` counts those of one client, from 1. @since 0.2.0 @category events */
export interface Connected extends Subject {
  readonly _tag: "Connected"
  readonly connection: number
}

/** A connection has ended, and not by its client. @since 0.2.0 @category events */
export interface Lost extends Subject {
  readonly _tag: "Lost"
  readonly connection: number
  readonly reason: Disconnected | FramingError
}

/** Another attempt to connect begins: the how many-th since there was a connection, from 1. @since 0.2.0 @category events */
export interface Reconnecting extends Subject {
  readonly _tag: "Reconnecting"
  readonly attempt: number
}

/** An attempt to connect has failed. @since 0.2.0 @category events */
export interface Unreachable extends Subject {
  readonly _tag: "Unreachable"
  readonly error: ConnectError | GreetingFailed
}

/** The schedule is over: no more attempts are made. @since 0.2.0 @category events */
export interface GivenUp extends Subject {
  readonly _tag: "GivenUp"
  readonly reason: ConnectError | GreetingFailed | Disconnected | FramingError
}

/**
 * Whatever may happen to a client's connections.
 *
 * @since 0.2.0
 * @category models
 */
export type ClientEvent = Connected | Lost | Reconnecting | Unreachable | GivenUp
