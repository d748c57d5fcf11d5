import { it } from "@effect/vitest"
import type { Connector, NetworkError, Protocol, ServerEvent, SocketServer } from "effect-switchboard"
import {
  Evaluator,
  Model,
  NodeConnector,
  NodeSocketServer,
  NodeTlsConnector,
  NodeTlsSocketServer,
  Observer,
  Server,
  SocketServer as SocketServers,
  WebSocketConnector,
  WebSocketServer
} from "effect-switchboard"
import type { Peer } from "effect-switchboard/testing"
import { Simulation, VirtualNetwork } from "effect-switchboard/testing"
import * as Context from "effect/Context"
import * as Effect from "effect/Effect"
import * as Layer from "effect/Layer"
import type * as Scope from "effect/Scope"
import { mkdtempSync, rmSync } from "node:fs"
import { tmpdir } from "node:os"
import { join } from "node:path"
import * as certificates from "./certificates.js"

/** A host that servers may listen on, again and again. */
export class Host extends Context.Tag("test/Host")<
  Host,
  {
    readonly listen: (
      port: number
    ) => Effect.Effect<typeof SocketServer.SocketServer.Service, NetworkError.ListenError, Scope.Scope>
  }
>() {}

/** A server's socket, a way to it, the host that it listens on, and what the calculator asks. */
type Network = SocketServer.SocketServer | Connector.Connector | Host | Evaluator.Evaluator

/** Where behaviours are shown: the virtual network, on a clock that moves by itself, and TCP. It has its name in a test's. */
export interface Stage {
  readonly toString: () => string
  /** Whether who is cut is told so, where all that it sent was read: unix sockets have no reset. */
  readonly hasReset: boolean
  /** Whether time is the machine's. */
  readonly isLive: boolean
  readonly network: Layer.Layer<Network>
  readonly it: <E>(name: string, program: () => Effect.Effect<void, E, Scope.Scope>) => void
}

export const virtual: Stage = {
  toString: () => "the virtual network",
  hasReset: true,
  isLive: false,
  network: Layer.provideMerge(
    Layer.effect(
      Host,
      Effect.map(VirtualNetwork.VirtualNetwork, ({ listen }) => ({ listen: (port: number) => listen({ port }) }))
    ),
    Layer.merge(VirtualNetwork.layer({ explain: true }), Evaluator.layer)
  ),
  it: (name, program) => it.effect(name, () => Simulation.run(Effect.scoped(program())))
}

export const tcp: Stage = {
  toString: () => "TCP",
  hasReset: true,
  isLive: true,
  network: Layer.mergeAll(
    Layer.orDie(NodeSocketServer.layer()),
    NodeConnector.layer,
    Evaluator.layer,
    Layer.succeed(Host, { listen: (port) => NodeSocketServer.make({ port }) })
  ),
  it: (name, program) => it.scopedLive(name, program)
}

/** A path that nobody has used. */
const fresh = Effect.map(
  Effect.acquireRelease(
    Effect.sync(() => mkdtempSync(join(tmpdir(), "switchboard-"))),
    (folder) => Effect.sync(() => rmSync(folder, { recursive: true }))
  ),
  (folder) => join(folder, "socket")
)

export const unix: Stage = {
  toString: () => "a unix socket",
  isLive: true,
  hasReset: false,
  network: Layer.mergeAll(
    Layer.orDie(Layer.unwrapScoped(Effect.map(fresh, (path) => NodeSocketServer.layer({ path })))),
    NodeConnector.layer,
    Evaluator.layer,
    Layer.succeed(Host, { listen: () => Effect.flatMap(fresh, (path) => NodeSocketServer.make({ path })) })
  ),
  it: (name, program) => it.scopedLive(name, program)
}

export const tls: Stage = {
  toString: () => "TLS",
  isLive: true,
  hasReset: true,
  network: Layer.orDie(Layer.mergeAll(
    NodeTlsSocketServer.layer({ identity: certificates.server }),
    NodeTlsConnector.layer({ ca: certificates.authority }),
    Evaluator.layer,
    Layer.succeed(Host, {
      listen: (port) =>
        Effect.catchTag(
          NodeTlsSocketServer.make({ port, identity: certificates.server }),
          "CertificateUnusable",
          Effect.die
        )
    })
  )),
  it: (name, program) => it.scopedLive(name, program)
}

/** A stage whose clients and servers speak WebSocket. Time goes as it does below. */
const overWebSocket = (stage: Stage): Stage => ({
  toString: () => `WebSocket over ${stage.toString()}`,
  isLive: stage.isLive,
  hasReset: stage.hasReset,
  network: Layer.provideMerge(
    Layer.mergeAll(
      WebSocketServer.layer(),
      WebSocketConnector.layer(),
      Layer.effect(
        Host,
        Effect.map(Host, ({ listen }) => ({
          listen: (port: number) =>
            Effect.flatMap(
              listen(port),
              (below) => Effect.provideService(WebSocketServer.make(), SocketServers.SocketServer, below)
            )
        }))
      )
    ),
    stage.network
  ),
  it: stage.it
})

/** Where connections begin in the clear, and can be encrypted in the middle. */
export const encryptable: ReadonlyArray<Stage> = [
  {
    ...virtual,
    network: Layer.merge(
      virtual.network,
      VirtualNetwork.layer({ explain: true, startTls: true, latency: "5 millis" })
    )
  },
  {
    ...tcp,
    network: Layer.merge(
      tcp.network,
      Layer.orDie(Layer.merge(
        NodeTlsSocketServer.layer({ identity: certificates.server, startTls: true }),
        NodeTlsConnector.layer({ ca: certificates.authority, servername: "localhost", startTls: true })
      ))
    )
  }
]

/** What is promised wherever bytes go is shown on each of these. */
export const everywhere: ReadonlyArray<Stage> = [virtual, tcp, unix, overWebSocket(virtual), overWebSocket(tcp)]

/** The models that serve many clients at once. */
export const many = [Model.threaded, Model.select]

/** Runs a program for each, on a network of its own. */
export const each = <A, B, E, R>(stage: Stage, items: ReadonlyArray<A>, program: (item: A) => Effect.Effect<B, E, R>) =>
  Effect.forEach(items, (item) => Effect.scoped(program(item)).pipe(Effect.provide(stage.network)))

/** Sends a line, and gives the line that comes back. */
export const exchange = (peer: Peer.Peer, line: string) => Effect.zipRight(peer.write(`${line}\n`), peer.readLine)

type Tag = ServerEvent.ServerEvent["_tag"]
type Event<T extends Tag> = Extract<ServerEvent.ServerEvent, { readonly _tag: T }>

/** A server, and what happened in it. */
export interface Watched extends Server.Server {
  readonly events: ReadonlyArray<ServerEvent.ServerEvent>
  readonly of: <T extends Tag>(tag: T) => ReadonlyArray<Event<T>>
  /** Waits until there have been so many of an event. */
  readonly until: (tag: Tag, times: number) => Effect.Effect<void>
}

/** Starts a server and keeps all that it tells. */
export const serve = <In, Out, E, R>(
  protocol: Protocol.Protocol<In, Out, E, R>,
  options: Server.Options
): Effect.Effect<Watched, never, SocketServer.SocketServer | Scope.Scope | R> =>
  Effect.suspend(() => {
    const events: Array<ServerEvent.ServerEvent> = []
    const waiting = new Set<() => void>()
    const observe = (event: ServerEvent.ServerEvent): void => {
      events.push(event)
      for (const check of waiting) check()
    }
    const of = <T extends Tag>(tag: T) => events.filter((event): event is Event<T> => event._tag === tag)
    const until = (tag: Tag, times: number): Effect.Effect<void> =>
      Effect.async((resume) => {
        const check = (): void => {
          if (of(tag).length < times) return
          waiting.delete(check)
          resume(Effect.void)
        }
        waiting.add(check)
        check()
      })
    return Effect.map(
      Effect.provideService(Server.make(protocol, options), Observer.Observer, { messages: false, observe }),
      (server): Watched => ({ ...server, events, of, until })
    )
  })
