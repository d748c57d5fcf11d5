import type * as Effect from "effect/Effect"
import type * as Scope from "effect/Scope"
import type { SocketServer } from "../../../services/SocketServer.js"
import type { Conversation } from "../conversation/Conversation.js"

/**
 * Who runs conversations. An engine is started once for a server and ends with its scope; what it gives takes a
 * conversation and sees to it until it is over.
 *
 * The contract between the two:
 * - The engine is the conversation's `Runner`: it calls `start` once, and is notified whenever there is something to do.
 * - While a conversation is `pending` and not busy, the engine calls `slice`, sooner or later. A slice that needed no
 *   waiting is done when the call returns, and it may be pending again.
 * - Otherwise the call gives the rest of the slice, an Effect, and the conversation is busy until that is done. The engine
 *   runs it, in a fiber of its choice, and calls `slice` no more meanwhile: slices of one conversation never overlap.
 * - An engine that interrupts such an Effect (when told that the connection is `lost`, or at its own end) says so by
 *   `abandon`.
 * - A conversation that is `over` tells its runner for the last time, and is never pending again.
 *
 * Which conversation is next, and that none holds up the others, is the business of `RunQueue`, which both engines use.
 */
export type Engine = <R>() => Effect.Effect<Run<R>, never, R | Scope.Scope | SocketServer>

/** Sees to a conversation until it is over. */
export type Run<R> = (conversation: Conversation<R>) => void
