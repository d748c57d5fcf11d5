import { it } from "@effect/vitest"
import type { Connector, Protocol, ServerEvent, SocketServer } from "effect-switchboard"
import { NodeConnector, NodeSocketServer, Observer, Server } from "effect-switchboard"
import { Simulation, VirtualNetwork } from "effect-switchboard/testing"
import * as Effect from "effect/Effect"
import * as Layer from "effect/Layer"
import type * as Scope from "effect/Scope"

type Network = SocketServer.SocketServer | Connector.Connector

/** Where behaviours are shown: the virtual network, on a clock that moves by itself, and TCP. It has its name in a test's. */
export interface Stage {
  readonly toString: () => string
  readonly network: Layer.Layer<Network>
  readonly it: <E>(name: string, program: () => Effect.Effect<void, E, Scope.Scope>) => void
}

export const virtual: Stage = {
  toString: () => "the virtual network",
  network: VirtualNetwork.layer(),
  it: (name, program) => it.effect(name, () => Simulation.run(Effect.scoped(program())))
}

export const tcp: Stage = {
  toString: () => "TCP",
  network: Layer.merge(Layer.orDie(NodeSocketServer.layer()), NodeConnector.layer),
  it: (name, program) => it.scopedLive(name, program)
}

type Tag = ServerEvent.ServerEvent["_tag"]
type Event<T extends Tag> = Extract<ServerEvent.ServerEvent, { readonly _tag: T }>

/** A server, and what happened in it. */
export interface Watched extends Server.Server {
  readonly events: ReadonlyArray<ServerEvent.ServerEvent>
  readonly of: <T extends Tag>(tag: T) => ReadonlyArray<Event<T>>
}

/** Starts a server and keeps all that it tells. */
export const serve = <In, Out, E, R>(
  protocol: Protocol.Protocol<In, Out, E, R>,
  options: Server.Options
): Effect.Effect<Watched, never, SocketServer.SocketServer | Scope.Scope | R> =>
  Effect.suspend(() => {
    const events: Array<ServerEvent.ServerEvent> = []
    const observer = { messages: false, observe: (event: ServerEvent.ServerEvent) => void events.push(event) }
    return Effect.map(
      Effect.provideService(Server.make(protocol, options), Observer.Observer, observer),
      (server): Watched => ({
        ...server,
        events,
        of: <T extends Tag>(tag: T) => events.filter((event): event is Event<T> => event._tag === tag)
      })
    )
  })
