/**
 * A place where clients come in.
 *
 * @since 0.1.0
 * @module
 */
import * as Context from "effect/Context"
import type * as Effect from "effect/Effect"
import type { Address } from "../domain/Address.js"
import type { Connection } from "./Connection.js"

/**
 * A listening socket. It stops listening, and every connection it gave out that is still open is cut, when its scope closes.
 *
 * Layers: `NodeSocketServer.layer` for TCP, and the virtual network of `effect-switchboard/testing`.
 *
 * @since 0.1.0
 * @category tags
 */
export class SocketServer extends Context.Tag("effect-switchboard/SocketServer")<
  SocketServer,
  {
    /** Where it listens, with the real port. */
    readonly address: Address
    /** How many connections it can hold at once. */
    readonly capacity: number
    /** The next client, in the order they came. Until it is taken, a client waits, unread. */
    readonly accept: Effect.Effect<Connection>
    /**
     * Stops listening. Who had connected before is given out first, as far as somebody accepts; whoever still waits then is
     * reset. Those accepted are not touched. Interrupted, it gives out nobody else.
     */
    readonly close: Effect.Effect<void>
    /** Lets the network go on: whatever has arrived is delivered before it returns. For a program that is never idle. */
    readonly poll: Effect.Effect<void>
  }
>() {}
