/**
 * A place where clients come in.
 *
 * @since 0.1.0
 * @module
 */
import * as Context from "effect/Context"
import * as Effect from "effect/Effect"
import * as Queue from "effect/Queue"
import type * as Scope from "effect/Scope"
import type { Address } from "../domain/Address.js"
import type { Connection } from "./Connection.js"

/**
 * A listening socket. It stops listening, and every connection it gave out that is still open is cut, when its scope closes.
 *
 * Layers: `NodeSocketServer.layer` for TCP and unix sockets, and the virtual network of `effect-switchboard/testing`.
 *
 * @since 0.1.0
 * @category tags
 */
export class SocketServer extends Context.Tag("effect-switchboard/SocketServer")<
  SocketServer,
  {
    /** Where it listens, with the real port. */
    readonly address: Address
    /** Where else it listens, if it does at several places. Default: nowhere. */
    readonly others?: ReadonlyArray<Address> | undefined
    /** How many connections it can hold at once. */
    readonly capacity: number
    /** The next client, in the order they came. Until it is taken, a client waits, unread. */
    readonly accept: Effect.Effect<Connection>
    /**
     * Stops listening. Who had connected before is given out first, as far as somebody accepts; whoever still waits then is
     * reset. Those accepted are not touched. Interrupted, it gives out nobody else.
     */
    readonly close: Effect.Effect<void>
    /** Waits until nobody is connected any more where nobody else can come. Default: for ever. */
    readonly ended?: Effect.Effect<void> | undefined
    /** Lets the network go on: whatever has arrived is delivered before it returns. For a program that is never idle. */
    readonly poll: Effect.Effect<void>
  }
>() {}

/**
 * Several as one: a server that listens at several places. Its address is the first one's, and it can hold as many connections
 * as the one that can hold the fewest.
 *
 * @example
 * ```ts
 * import { NodeSocketServer, SocketServer } from "effect-switchboard"
 * import { Effect, Layer } from "effect"
 *
 * const places = Effect.all([NodeSocketServer.make({ port: 1234 }), NodeSocketServer.make({ path: "/run/calc.sock" })])
 * const both = Layer.scoped(SocketServer.SocketServer, Effect.flatMap(places, SocketServer.merge))
 * ```
 *
 * @since 0.2.0
 * @category combinators
 */
export const merge = (
  servers: readonly [typeof SocketServer.Service, ...ReadonlyArray<typeof SocketServer.Service>]
): Effect.Effect<typeof SocketServer.Service, never, Scope.Scope> =>
  Effect.gen(function*() {
    const [first, ...others] = servers
    if (others.length === 0) return first
    const waiting = yield* Queue.unbounded<Connection>()
    for (const { accept } of servers) {
      // Who has come in is handed on whole: between the two nobody may be lost.
      const handOn = Effect.uninterruptibleMask((restore) =>
        Effect.flatMap(restore(accept), (connection) => Queue.offer(waiting, connection))
      )
      yield* Effect.forkScoped(Effect.interruptible(Effect.forever(handOn)))
    }
    const letGo = Effect.map(Queue.takeAll(waiting), (left) => {
      for (const connection of left) connection.reset()
    })
    return SocketServer.of({
      address: first.address,
      others: servers.slice(1).flatMap(({ address, others = [] }) => [address, ...others]),
      capacity: Math.min(...servers.map(({ capacity }) => capacity)),
      accept: Queue.take(waiting),
      close: Effect.ensuring(
        Effect.zipRight(
          Effect.forEach(servers, ({ close }) => close, { concurrency: "unbounded", discard: true }),
          first.poll
        ),
        letGo
      ),
      poll: first.poll
    })
  })
