import type * as Effect from "effect/Effect"
import type * as Scope from "effect/Scope"
import type { SocketServer } from "../../../services/SocketServer.js"
import type { Conversation } from "../conversation/Conversation.js"

/**
 * Who runs the turns of conversations. An engine is started once for a server and ends with its scope; what it gives
 * takes a conversation and sees to it until it is over.
 */
export type Engine = <R>() => Effect.Effect<
  (conversation: Conversation<R>) => void,
  never,
  R | Scope.Scope | SocketServer
>
